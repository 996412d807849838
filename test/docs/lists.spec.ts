import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/config/defaults.js';
import * as api from '../../src/index.js';
import { behaviourTokens } from '../../src/peer/behaviours/behaviour-registry.js';
import { CommandCounter } from '../../src/peer/statistics/command-counter.js';
import * as limits from '../../src/wire/legacy/limits.js';
import * as n3Limits from '../../src/wire/n3/limits.js';

const page = (name: string): string => readFileSync(`docs/${name}.md`, 'utf8');

/** The rows of all tables of a page, each a list of its cells. */
function rowsOf(name: string): readonly string[][] {
  return Array.from(page(name).matchAll(/^\|(.+)\|$/gm), (match) => match[1]!.split('|').map((cell) => cell.trim()));
}

/** What stands in backticks in the first cells. */
function namesIn(rows: readonly string[][]): string[] {
  return rows.flatMap(([first]) => Array.from(first!.matchAll(/`([\w.-]+)`/g), (match) => match[1]!));
}

/** The part of a page below a heading. */
function namesBelow(name: string, heading: string): string[] {
  const section = page(name)
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`))!;
  return Array.from(section.matchAll(/^\| (`.+?) +\|/gm), (match) => match[1]!).flatMap((cell) => namesIn([[cell]]));
}

/** 25000 -> `25 s` and so on, as the pages write it. */
function inWords(ms: number): string {
  return ms > 120_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

const inMebibytes = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;

describe('docs/peers.md', () => {
  it('lists every reason to disconnect, and no other', () => {
    expect(namesBelow('peers', 'Why a peer went').toSorted()).toEqual(Object.keys(api.DisconnectReason).toSorted());
  });

  it('lists every deadline with its default', () => {
    const deadlines = rowsOf('peers').filter(([name]) => name!.endsWith('Ms`'));
    expect(Object.fromEntries(deadlines.map(([name, value]) => [name!.slice(1, -1), value]))).toEqual(
      Object.fromEntries(Object.entries(DEFAULTS.timeouts).map(([name, ms]) => [name, inWords(ms)])),
    );
  });
});

describe('docs/behaviours.md', () => {
  it('lists every behaviour, and no other', () => {
    const listed = namesIn(rowsOf('behaviours')).filter((name, i, all) => all.indexOf(name) === i);
    expect(listed.toSorted()).toEqual(behaviourTokens.map(({ name }) => name).toSorted());
  });
});

describe('docs/wire.md', () => {
  const rows = rowsOf('wire').filter(([command]) => command!.startsWith('`'));

  it('lists every command, and no other', () => {
    const commands = new Set([...api.dialectOf('legacy').commands, ...api.dialectOf('n3').commands]);
    expect(namesIn(rows).toSorted()).toEqual([...commands].toSorted());
  });

  it.each([
    ['legacy', 1],
    ['n3', 2],
  ] as const)('names a payload that is exported for each command of %s', (dialect, column) => {
    const exported = { legacy: api.legacy, n3: api.n3 }[dialect];
    const payloads = namesIn(rows.map((row) => [row[column]!]));
    expect(payloads.filter((name) => !(name in exported))).toEqual([]);
    const spoken = rows.filter((row) => row[column] !== '–');
    expect(namesIn(spoken).toSorted()).toEqual(api.dialectOf(dialect).commands.toSorted());
  });
});

describe('docs/statistics-and-events.md', () => {
  it('lists every event, and no other', () => {
    const source = readFileSync('src/peer/events/peer-events.ts', 'utf8');
    const events = Array.from(source.matchAll(/^ {2}(\w+): \[.*\];$/gm), (match) => match[1]!);
    expect(namesBelow('statistics-and-events', 'Events').toSorted()).toEqual(events.toSorted());
  });

  it('lists every field of the statistics, and no other', () => {
    const { command: _, direction: _alsoLeftOut, ...fields } = new CommandCounter('ping', 'in', 0).snapshot();
    const listed = namesBelow('statistics-and-events', 'Statistics');
    expect(listed.toSorted()).toEqual(Object.keys(fields).toSorted());
  });
});

describe('docs/errors.md', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.error.ts'))
    .map((name) => readFileSync(join('src', name), 'utf8'));
  const codes = new Map(
    sources.flatMap((source) => {
      const found = /class (\w+) extends NeoPeerError \{\s+(?:override )?readonly code = '(\w+)'/.exec(source);
      return found === null ? [] : [[found[1]!, found[2]!] as const];
    }),
  );

  it.each(rowsOf('errors').filter(([name]) => name!.startsWith('`')) as [string, string][])(
    'gives the code of %s',
    (name, code) => {
      expect(code.slice(1, -1)).toBe(codes.get(name.slice(1, -1)));
    },
  );
});

describe('docs/limits.md', () => {
  const rows = new Map(rowsOf('limits').map(([what, limit]) => [what!, limit!]));

  it.each<[string, readonly number[]]>([
    ['payload', [limits.MAX_PAYLOAD_SIZE]],
    ['user agent', [limits.MAX_USER_AGENT_SIZE]],
    ['`addr`', [limits.MAX_ADDRESSES]],
    ['`headers`', [limits.MAX_HEADERS]],
    ['`roots`', [limits.MAX_STATE_ROOTS]],
    ['`getheaders`, `getblocks`', [limits.MAX_HASH_STARTS]],
    ['`inv`, `getdata`', [limits.MAX_INVENTORY_HASHES, limits.MAX_SENT_INVENTORY_HASHES]],
    ['block', [limits.MAX_BLOCK_TRANSACTIONS]],
    ['transaction', [limits.MAX_ATTRIBUTES, limits.MAX_OUTPUTS, limits.MAX_WITNESS_SCRIPT_SIZE]],
    ['`filterload`, `filteradd`', [limits.MAX_FILTER_SIZE, limits.MAX_FILTER_HASHES, limits.MAX_FILTER_ELEMENT_SIZE]],
    ['hashes remembered so that none is asked twice', [limits.REMEMBERED_HASHES, n3Limits.REMEMBERED_HASHES]],
    ['payload', [n3Limits.MAX_PAYLOAD_SIZE]],
    ['N3 user agent', [n3Limits.MAX_USER_AGENT_SIZE]],
    ['N3 capabilities', [n3Limits.MAX_CAPABILITIES, n3Limits.MAX_CAPABILITY_DATA_SIZE]],
    ['N3 `addr`', [n3Limits.MAX_ADDRESSES]],
    ['N3 `headers`', [n3Limits.MAX_HEADERS]],
    ['N3 `getheaders`, `getblockbyindex`', [n3Limits.MAX_INDEX_RANGE]],
    ['N3 `inv`, `getdata`, `notfound`', [n3Limits.MAX_INVENTORY_HASHES]],
    ['N3 block', [n3Limits.MAX_BLOCK_TRANSACTIONS]],
    ['N3 transaction', [n3Limits.MAX_SIGNERS, n3Limits.MAX_SCRIPT_SIZE, n3Limits.MAX_INVOCATION_SCRIPT_SIZE]],
    [
      'N3 `filterload`, `filteradd`',
      [n3Limits.MAX_FILTER_SIZE, n3Limits.MAX_FILTER_HASHES, n3Limits.MAX_FILTER_ELEMENT_SIZE],
    ],
    ['N3 `getmptdata`', [n3Limits.MAX_TRIE_HASHES]],
    ['messages and bytes that wait for handlers', [DEFAULTS.limits.inboxMessages]],
    ['messages and bytes that wait for the socket', [DEFAULTS.limits.outboxMessages]],
  ])('gives the limits of the code for %s', (what, numbers) => {
    // C# nodes write 1024 and 2000, everybody writes 65,536: a separator from five digits on.
    const written = numbers.map((number) => (number < 10_000 ? String(number) : number.toLocaleString('en-US')));
    for (const number of written) expect(rows.get(what)).toMatch(new RegExp(`\\b${number}\\b`));
  });

  it('gives the byte limits of the code', () => {
    const { inboxBytes, outboxBytes, reassemblyBytes } = DEFAULTS.limits;
    expect(rows.get('messages and bytes that wait for handlers')).toContain(inMebibytes(inboxBytes));
    expect(rows.get('messages and bytes that wait for the socket')).toContain(inMebibytes(outboxBytes));
    expect(rows.get('partial frames of all peers together')).toContain(inMebibytes(reassemblyBytes));
    const beforeReady = rows.get('frame before the peer is ready');
    expect(beforeReady).toContain(`${limits.MAX_HANDSHAKE_FRAME_SIZE / 1024} KiB (Legacy)`);
    expect(beforeReady).toContain(`${n3Limits.MAX_HANDSHAKE_FRAME_SIZE / 1024} KiB (N3)`);
  });
});
