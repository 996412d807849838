import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { cli } from '../support/cli.js';
import { TestDatabase } from '../support/database.js';
import { peerRecord } from '../support/records.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await TestDatabase.create();
});

afterEach(() => database.remove());

function peers(...more: string[]): ReturnType<typeof cli> {
  return cli(['peers', '--db', database.file, ...more]);
}

async function store(...records: Parameters<typeof peerRecord>[0][]): Promise<void> {
  await database.store().save({ peers: records.map((record) => peerRecord(record)), statistics: [] });
}

/** Does something as somebody to whom file modes mean something: to root they don't. */
async function unprivileged<T>(something: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return something();
  process.seteuid!(65_534);
  try {
    return await something();
  } finally {
    process.seteuid!(0);
  }
}

describe('neo-peer peers', () => {
  it('prints every field of every row as JSON, 64-bit numbers as decimal strings', async () => {
    const record = peerRecord({ host: '10.0.0.1', port: 10333, services: 2n ** 64n - 1n });
    await database.store().save({ peers: [record], statistics: [] });
    const { code, stdout } = await peers('--json');
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([{ ...record, services: '18446744073709551615' }]);
  });

  it('prints a table, all networks, newest success first', async () => {
    await store(
      { network: 'legacy-testnet', host: 'a', port: 1, lastSuccessAtMs: 5 },
      { network: 'legacy-mainnet', host: 'b', port: 2, lastSuccessAtMs: null },
      { network: 'legacy-mainnet', host: 'c', port: 3, lastSuccessAtMs: 1000 },
      { network: 'n3-mainnet', host: 'd', port: 4, lastSuccessAtMs: 900 },
      { network: 'n3-testnet', host: 'd', port: 4, lastSuccessAtMs: null },
    );
    const { code, stdout } = await peers();
    expect(code).toBe(0);
    expect(stdout.lines.map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
      'network address',
      'legacy-mainnet c:3',
      'legacy-mainnet b:2',
      'legacy-testnet a:1',
      'n3-mainnet d:4',
      'n3-testnet d:4',
    ]);
    expect(stdout.lines[1]).toContain('1970-01-01T00:00:01.000Z');
    expect(stdout.lines[2]).toContain('never');
  });

  it('filters, sorts and cuts off, plain and as JSON alike', async () => {
    await store(
      { network: 'n3-mainnet', host: '10.0.0.1', port: 1, latencyMs: 30, userAgent: '/NEO-GO:0.106/' },
      { network: 'n3-mainnet', host: '10.0.0.2', port: 1, latencyMs: 10, userAgent: '/Neo:3.7/' },
      { network: 'n3-mainnet', host: '10.0.0.3', port: 1, latencyMs: 20, userAgent: '/neo-go:0.105/' },
      { network: 'n3-mainnet', host: '10.0.0.4', port: 1, latencyMs: 5, userAgent: '/neo-go/', lastSuccessAtMs: null },
      { network: 'n3-mainnet', host: '10.0.0.5', port: 1, latencyMs: 4, userAgent: '/neo-go/', source: 'gossip' },
      { network: 'n3-mainnet', host: '10.0.0.6', port: 1, latencyMs: 3, userAgent: '/neo-go/', lastHeight: 1 },
      { network: 'n3-testnet', host: '10.0.0.7', port: 1, latencyMs: 2, userAgent: '/neo-go/' },
    );
    const filters = '--network n3-mainnet --source seed --user-agent neo-GO --min-height 4711 --reached';
    const hosts = async (options: string): Promise<[unknown[], unknown[]]> => {
      const argv = [...filters.split(' '), ...options.split(' ')];
      const plain = (await peers(...argv)).stdout.lines.slice(1).map((line) => /10\.0\.0\.\d/.exec(line)?.[0]);
      return [plain, (await peers(...argv, '--json')).stdout.objects.map(({ host }) => host)];
    };
    const [plain, json] = await hosts('--sort ping');
    expect(plain).toEqual(['10.0.0.3', '10.0.0.1']);
    expect(json).toEqual(plain);
    expect(await hosts('--sort ping --reverse --limit 1')).toEqual([['10.0.0.1'], ['10.0.0.1']]);
  });

  it('has every new field of a row in its JSON', async () => {
    await store({ host: '10.0.0.1', port: 1, nextDialAtMs: 7, learntFrom: '10.0.0.9', sources: 3 });
    const { stdout } = await peers('--json');
    expect(stdout.objects).toEqual([expect.objectContaining({ nextDialAtMs: 7, learntFrom: '10.0.0.9', sources: 3 })]);
  });

  it('reads while somebody else writes', async () => {
    await store({ host: 'a', port: 1 });
    const stranger = await database.stranger();
    await stranger.query('BEGIN IMMEDIATE');
    const { code, stdout } = await peers('--json');
    await stranger.query('ROLLBACK');
    expect(code).toBe(0);
    expect(stdout.objects).toHaveLength(1);
  });

  it('reads a database that may not be written, in a folder that may not be written', async () => {
    await store({ host: 'a', port: 1 });
    await database.close();
    await chmod(database.file, 0o444);
    await chmod(database.folder, 0o555);
    const { code, stdout } = await unprivileged(() => peers('--json'));
    await chmod(database.folder, 0o755);
    expect(code).toBe(0);
    expect(stdout.objects).toHaveLength(1);
    expect(await readdir(database.folder)).toEqual(['peers.sqlite']);
  });

  it('fails on a folder', async () => {
    const { code, stderr } = await cli(['peers', '--db', database.folder, '--json']);
    expect(code).toBe(1);
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ problem: 'open' }) }]);
  });

  it('fails where there is no file, and makes none', async () => {
    const { code, stdout, stderr } = await peers('--json');
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([
      { error: expect.objectContaining({ code: 'NEO_PEER_STORE', database: database.file, problem: 'open' }) },
    ]);
    expect(await readdir(database.folder)).toEqual([]);
  });

  it('fails on a file that is no database', async () => {
    await writeFile(database.file, 'x'.repeat(4096));
    const { code, stderr } = await peers();
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_STORE: /)]);
  });

  it("fails on somebody else's database, and leaves it as it was", async () => {
    const other = await new DataSource({ type: 'sqlite', database: database.file }).initialize();
    await other.query('CREATE TABLE precious (x)');
    await other.destroy();
    const { code, stderr } = await peers('--json');
    expect(code).toBe(1);
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ problem: 'schema' }) }]);
    expect(await readdir(database.folder)).toEqual(['peers.sqlite']);
  });
});
