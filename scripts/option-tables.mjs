// Writes the tables of docs/hostile-network.md out of the sources: `npm run docs:tables`. A test compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

export const PAGE = 'docs/hostile-network.md';

/** Numbers that are no options, with the files they stand in. */
const CONSTANTS = [
  ['src/pool/outbound/pool-dialler.ts', ['REST', 'REST_OF_SEEDS', 'WRONG_NETWORK_REST_MS', 'SHORT_LIVED_MS']],
  ['src/pool/outbound/kept-addresses.ts', ['BASE_WAIT_MS', 'LONGEST_WAIT_MS', 'GOOD_AFTER_MS']],
  ['src/pool/outbound/outbound-slots.ts', ['FEWEST_FOR_EXCHANGE']],
  ['src/pool/outbound/feelers.ts', ['FEELERS_PER_EXCHANGE']],
  ['src/pool/pool-keeper.ts', ['ANCHORS']],
  ['src/pool/own-addresses.ts', ['KNOWN_FOR_MS']],
  ['src/pool/sources/seed-sources.ts', ['BASE_WAIT_MS', 'LONGEST_WAIT_MS']],
  ['src/pool/sources/starvation.ts', ['STARVED_AFTER_MS']],
  ['src/pool/inbound/eviction.ts', ['PROTECTED_BY_MERIT', 'PROTECTED_BY_AGE', 'GRACE_MS']],
  ['src/pool/gossip/gossip.ts', ['SAME_ANSWER_MS']],
  ['src/pool/misbehaviour/score-table.ts', ['SCORE_HALF_LIFE_MS', 'PENALTY_INTERVAL_MS']],
  ['src/pool/misbehaviour/ban-brake.ts', ['FEWEST_TO_FREEZE']],
  ['src/pool/rates/request-rates.ts', ['FLOOD_FACTOR']],
  ['src/pool/bans/ban-list.ts', ['MAX_BANS']],
];

/**
 * The page with its tables filled in.
 *
 * @param {string} page as it is
 * @param {{ pool: object, rates: object, weights: object }} values what `src/config/defaults.ts` and `misbehaviour.ts` export
 */
export function withTables(page, { pool, rates, weights }) {
  const tables = {
    options: optionTable(pool),
    rates: table(
      ['command', 'a second', 'at once'],
      Object.entries(rates).map(([command, { perSecond, burst }]) => [`\`${command}\``, `${perSecond}`, `${burst}`]),
    ),
    misbehaviour: misbehaviourTable(weights),
    constants: constantTable(),
  };
  return Object.entries(tables).reduce((text, [name, rows]) => filled(text, name, rows), page);
}

function filled(page, name, rows) {
  const [begin, end] = [`<!-- table: ${name} -->`, '<!-- end -->'];
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end, from);
  if (from < begin.length || to < 0) throw new Error(`${PAGE} has no table ${name}`);
  return `${page.slice(0, from)}\n\n${rows}\n\n${page.slice(to)}`;
}

function optionTable(defaults) {
  const docs = membersOf('src/config/pool-options.ts', 'PoolOptions');
  const rows = Object.entries(defaults)
    .filter(([name]) => name !== 'rates')
    .map(([name, value]) => [`\`${name}\``, `\`${JSON.stringify(value)}\``, docs.get(name)]);
  return table(['option', 'default', 'what it bounds'], rows);
}

function misbehaviourTable(weights) {
  const file = 'src/pool/misbehaviour/misbehaviour.ts';
  const what = propertiesOf(file, 'Misbehaviour');
  const why = propertiesOf(file, 'MISBEHAVIOUR_WEIGHTS');
  const rows = Object.entries(weights).map(([kind, points]) => [
    `\`${kind}\``,
    `${points}`,
    what.get(kind),
    why.get(kind),
  ]);
  return table(['misbehaviour', 'points', 'what it is', 'why so many'], rows);
}

function constantTable() {
  const rows = CONSTANTS.flatMap(([file, names]) => {
    const found = constantsOf(file);
    return names.map((name) => {
      const { value, doc } = found.get(name) ?? {};
      if (doc === undefined) throw new Error(`${file} has no documented constant ${name}`);
      const place = file.replace('src/pool/', '').replace('.ts', '');
      return [`\`${place}\``, `\`${name}\``, `\`${value}\``, doc];
    });
  });
  return table(['in `src/pool`', 'constant', 'value', 'what it bounds'], rows);
}

function table(head, rows) {
  return [rowText(head), rowText(head.map(() => '---')), ...rows.map(rowText)].join('\n');
}

function rowText(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

function parsed(file) {
  return ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The text of a node's documentation, without tags, links as what they name. */
function docOf(node) {
  const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const text = typeof doc?.comment === 'string' ? doc.comment : (ts.getTextOfJSDocComment(doc?.comment) ?? '');
  return text
    .replace(/\{@link (?:\w+\.)?(\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}

function membersOf(file, name) {
  const found = parsed(file).statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  return new Map(found.members.map((member) => [member.name.text, docOf(member)]));
}

function constantsOf(file) {
  const found = new Map();
  for (const node of parsed(file).statements.filter(ts.isVariableStatement)) {
    const [declaration] = node.declarationList.declarations;
    const value = unfrozen(declaration.initializer).getText().replaceAll('_', '');
    found.set(declaration.name.text, { value, doc: docOf(node), initializer: declaration.initializer });
  }
  return found;
}

/** What `Object.freeze(…)` holds. */
function unfrozen(node) {
  return ts.isCallExpression(node) && node.arguments.length === 1 ? node.arguments[0] : node;
}

function propertiesOf(file, name) {
  let object = unfrozen(constantsOf(file).get(name).initializer);
  if (ts.isAsExpression(object)) object = object.expression;
  return new Map(object.properties.map((property) => [property.name.text, docOf(property)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { POOL_DEFAULTS } = await import('../dist/config/defaults.js');
  const { MISBEHAVIOUR_WEIGHTS } = await import('../dist/pool/misbehaviour/misbehaviour.js');
  const { format } = await import('prettier');
  const path = join(root, PAGE);
  const values = { pool: POOL_DEFAULTS, rates: POOL_DEFAULTS.rates, weights: MISBEHAVIOUR_WEIGHTS };
  const text = withTables(readFileSync(path, 'utf8'), values);
  writeFileSync(
    path,
    await format(text, { parser: 'markdown', singleQuote: true, trailingComma: 'all', printWidth: 120 }),
  );
}
