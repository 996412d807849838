import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NETWORKS, seedFileOf } from '../../src/config/networks.js';
import { formatAddress } from '../../src/environment/address.js';
import { loadSeedFile } from '../../src/persistence/seed-file.js';
import { SeedFileError } from '../../src/persistence/seed-file.error.js';

const NETWORK = { name: 'mine', magic: 42 };

describe('loadSeedFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neo-peer-seeds-'));
    file = join(folder, 'seeds.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function failureOf(text: string): Promise<SeedFileError> {
    await writeFile(file, text);
    const error: unknown = await loadSeedFile(file, NETWORK).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SeedFileError);
    return error as SeedFileError;
  }

  it('gives the addresses in their order, each once, host names as names', async () => {
    const seeds = ['seed1.ngd.network:10333', '10.0.0.1:1', '[2001:db8::1]:65535', '10.0.0.1:1'];
    await writeFile(file, JSON.stringify({ schema: 1, network: 'mine', magic: 42, seeds }));
    expect(await loadSeedFile(file, NETWORK)).toEqual([
      { host: 'seed1.ngd.network', port: 10333 },
      { host: '10.0.0.1', port: 1 },
      { host: '2001:db8::1', port: 65535 },
    ]);
  });

  it('does not mind a byte order mark, Windows line ends and fields it does not know', async () => {
    await writeFile(file, '\uFEFF{"schema":1,\r\n"network":"mine","magic":42,"comment":"x","seeds":["a:1"]}\r\n');
    expect(await loadSeedFile(file, NETWORK)).toEqual([{ host: 'a', port: 1 }]);
  });

  const sound = [
    '{',
    '  "schema": 1,',
    '  "network": "mine",',
    '  "magic": 42,',
    '  "seeds": [',
    '    "a:1",',
    '    "b:2"',
    '  ]',
    '}',
  ];
  const withLine = (line: number, text: string): string =>
    sound.map((was, i) => (i + 1 === line ? text : was)).join('\n');

  it.each([
    ['a schema of the future', withLine(2, '  "schema": 2,'), 2, 13, 'schema'],
    ['a schema that is a text', withLine(2, '  "schema": "1",'), 2, 13, 'schema'],
    ['no schema', withLine(2, ''), 1, 1, 'schema'],
    ['another network', withLine(3, '  "network": "yours",'), 3, 14, 'network'],
    ['another magic', withLine(4, '  "magic": 43,'), 4, 12, 'magic'],
    ['seeds that are no list', '{"schema":1,"network":"mine","magic":42,"seeds":"a:1"}', 1, 49, 'seeds'],
    ['no seeds', '{"schema":1,"network":"mine","magic":42}', 1, 1, 'seeds'],
    ['an empty list', '{"schema":1,"network":"mine","magic":42,"seeds":[]}', 1, 49, 'seeds'],
    ['an address without a port', withLine(6, '    "a",'), 6, 5, 'seeds[0]'],
    ['port 0', withLine(7, '    "b:0"'), 7, 5, 'seeds[1]'],
    ['a port over 65535', withLine(7, '    "b:65536"'), 7, 5, 'seeds[1]'],
    ['an address without a host', withLine(7, '    ":1"'), 7, 5, 'seeds[1]'],
    ['an address that is a number', withLine(7, '    "b:2", 7'), 7, 12, 'seeds[2]'],
    ['IPv6 without brackets', withLine(6, '    "::1:10333",'), 6, 5, 'seeds[0]'],
    ['a comma too many', withLine(7, '    "b:2",'), 8, 3, ''],
    ['a comma too few', withLine(6, '    "a:1"'), 7, 5, ''],
    ['an end too soon', '{"schema": 1,', 1, 14, ''],
    ['a list instead of an object', '[]', 1, 1, ''],
    ['nothing', '', 1, 1, ''],
  ])('refuses %s and says where', async (_what, text, line, column, field) => {
    const error = await failureOf(text);
    expect(error).toMatchObject({ code: 'NEO_PEER_SEED_FILE', file, line, column, field });
    expect(error.message).toContain(`${file}:${line}:${column}: ${field}`);
  });

  it('names a file that is not there', async () => {
    const missing = join(folder, 'missing.json');
    const loading = loadSeedFile(missing, NETWORK);
    await expect(loading).rejects.toMatchObject({
      code: 'NEO_PEER_SEED_FILE',
      file: missing,
      line: 0,
      column: 0,
      field: '',
    });
    await expect(loading).rejects.toBeInstanceOf(SeedFileError);
  });

  it.each([
    'legacy-mainnet',
    'legacy-testnet',
    'legacy-privnet',
    'n3-mainnet',
    'n3-testnet',
    'n3-neofs-mainnet',
    'n3-neofs-testnet',
    'n3-privnet',
  ] as const)('accepts the one shipped for %s', async (name) => {
    const seeds = await loadSeedFile(seedFileOf(name), NETWORKS[name]);
    expect(seeds.map(formatAddress)).toEqual(NETWORKS[name].seeds);
  });
});
