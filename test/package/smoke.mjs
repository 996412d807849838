// Packs the library, installs the tarball in an empty folder as a user would, and uses it from there: imported,
// required, type-checked both ways, and as a command. Needs the registry; run by CI.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const folder = mkdtempSync(join(tmpdir(), 'nestjs-neo-peer-'));

const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const versionOf = (name) => locked[`node_modules/${name}`].version;
const write = (name, text) => writeFileSync(join(folder, name), text);

const usage = `
class Headers extends HeaderHandler {
  handle() {}
}
async function main() {
  const module = PeerModule.forRoot({ network: 'legacy-privnet', persistence: { dataSource: false }, behaviours: [Headers] });
  const application = await NestFactory.createApplicationContext(module, { logger: false });
  const listener = await application.get(PeerFactory).listen({ host: '127.0.0.1', port: 0 });
  const peer = await application.get(PeerFactory).dial(listener.address).catch((error) => error.reason);
  await application.close();
  console.log(peer);
}
void main();
`;
const names = { '@nestjs/core': 'NestFactory', 'nestjs-neo-peer': 'HeaderHandler, PeerFactory, PeerModule' };
const imported = Object.entries(names).map(([from, what]) => `import { ${what} } from '${from}';`);
const required = Object.entries(names).map(([from, what]) => `const { ${what} } = require('${from}');`);

const decode = ['decode', '--network', 'legacy-mainnet', '416e740076657261636b000000000000000000005df6e0e2'];

/** Every class is the same one whichever way it comes, and has the name it is exported by: errors and logs show it. */
const classes = `
import * as library from 'nestjs-neo-peer';
import * as testing from 'nestjs-neo-peer/testing';
const renamed = [library, library.legacy, library.n3, testing]
  .flatMap((exported) => Object.entries(exported))
  .filter(([name, value]) => typeof value === 'function' && value.name !== name);
console.log(library.MemoryPeerStore === testing.MemoryPeerStore, renamed.length);
`;
const stack = `
import { UInt256 } from 'nestjs-neo-peer';
try {
  UInt256.from('x');
} catch (error) {
  console.log(error.stack.includes('/src/wire/primitives/uint256.ts:'));
}
`;

/** The height that `neo-peer run --exit --json` has come to. */
function syncedHeight(output) {
  const events = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return String(events.find(({ event }) => event === 'synced')?.height);
}

/** What the code reads is there, and nothing that a user has no use for. */
function checkFiles(installed) {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
  const assets = readdirSync(join(root, 'src'), { recursive: true }).filter((file) => /\.(json|chain)$/.test(file));
  const needed = ['LICENSE', 'README.md', 'dist/bundle/THIRD-PARTY-NOTICES.txt', ...assets.map((f) => join('dist', f))];
  const missing = needed.filter((f) => !files.includes(f));
  if (missing.length > 0) throw new Error(`not in the package: ${missing.join(', ')}`);
  const wanted =
    /^(LICENSE|README\.md|package\.json|dist\/(bundle\/.*\.(js|js\.map|txt)|(?!bundle).*\.(d\.ts|json|chain)))$/;
  const junk = files.filter((file) => !wanted.test(file) || /\.spec\.|tsbuildinfo/.test(file));
  if (junk.length > 0) throw new Error(`does not belong into the package: ${junk.join(', ')}`);
  const dangling = files
    .filter((file) => file.endsWith('.map'))
    .filter((file) => JSON.parse(readFileSync(join(installed, file), 'utf8')).sourcesContent === undefined);
  if (dangling.length > 0) throw new Error(`source maps without their sources: ${dangling.join(', ')}`);
  checkDeclarations(installed, files);
  console.log(`ok: ${files.length} files, ${assets.length} of them data`);
}

/** Declarations say nothing of packages that a user doesn't get, nor of files that aren't there. */
function checkDeclarations(installed, files) {
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const known = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  const unknown = files
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) => importsOf(installed, file))
    .filter(([, specifier]) => !specifier.startsWith('node:'))
    .filter(([file, specifier]) =>
      specifier.startsWith('.')
        ? !files.includes(join(dirname(file), specifier.replace(/\.js$/, '.d.ts')))
        : !known.has(/^(@[^/]+\/)?[^/]+/.exec(specifier)[0]),
    );
  if (unknown.length > 0) throw new Error(`declarations import what isn't there: ${unknown.join('; ')}`);
}

function importsOf(installed, file) {
  const text = readFileSync(join(installed, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom |\bimport\()['"]([^'"]+)['"]/g)].map(([, specifier]) => [file, specifier]);
}

try {
  const tarball = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root).trim();
  write('package.json', JSON.stringify({ name: 'a-user', private: true, version: '0.0.0' }));
  const peers = Object.keys(peerDependencies).map((name) => `${name}@${versionOf(name)}`);
  const types = ['typescript', '@types/node']
    .filter((name) => name in devDependencies)
    .map((name) => `${name}@${versionOf(name)}`);
  run('npm', [
    'install',
    '--silent',
    '--ignore-scripts',
    '--prefer-offline',
    join(folder, tarball.split('\n').at(-1)),
    ...peers,
    ...types,
  ]);

  // No scripts of others run here, so its native part is the one that is built already.
  cpSync(join(root, 'node_modules/sqlite3/build'), join(folder, 'node_modules/sqlite3/build'), { recursive: true });

  checkFiles(join(folder, 'node_modules', 'nestjs-neo-peer'));
  write('esm.mjs', [`import 'reflect-metadata';`, ...imported, usage].join('\n'));
  write('cjs.cjs', [`require('reflect-metadata');`, ...required, usage].join('\n'));
  write(
    'testing.mjs',
    `import { VirtualClock } from 'nestjs-neo-peer/testing';\nconsole.log(typeof new VirtualClock().now());`,
  );
  write('classes.mjs', classes);
  write('stack.mjs', stack);
  const typed = `import 'reflect-metadata';\n${imported.join('\n')}\nimport { VirtualClock } from 'nestjs-neo-peer/testing';
export const clock: number = new VirtualClock().now();\nexport const module = PeerModule.forRoot({ network: 'legacy-mainnet' });
export { HeaderHandler, NestFactory, PeerFactory };\n`;
  write('esm.mts', typed);
  write('cjs.cts', typed);

  const checks = [
    ['imports', run('node', ['esm.mjs']), 'self-connection'],
    ['is required', run('node', ['cjs.cjs']), 'self-connection'],
    ['has its testing entry point', run('node', ['testing.mjs']), 'number'],
    ['keeps its classes', run('node', ['classes.mjs']), 'true 0'],
    ['has readable stacks', run('node', ['--enable-source-maps', 'stack.mjs']), 'true'],
    [
      'has its recorded chain',
      syncedHeight(run('npx', ['--no-install', 'neo-peer', 'run', '--exit', '--json'])),
      '6000',
    ],
    ['decodes', JSON.parse(run('npx', ['--no-install', 'neo-peer', ...decode])).command, 'verack'],
    ['has a command', run('npx', ['--no-install', 'neo-peer', '--version']), locked[''].version],
  ];
  run('npx', [
    '--no-install',
    'tsc',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
    'esm.mts',
    'cjs.cts',
  ]);
  console.log('ok: type-checks from ESM and from CommonJS');
  for (const [what, output, expected] of checks) {
    if (output.trim() !== expected) throw new Error(`${what}: expected ${expected}, got ${output}`);
    console.log(`ok: ${what}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
