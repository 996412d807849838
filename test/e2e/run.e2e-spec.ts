import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { Chain } from '../../src/node/chain.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { ServeBlocks } from '../../src/node/serving/serve-blocks.js';
import { PeerModule } from '../../src/peer.module.js';
import { LocalConfig } from '../../src/peer/behaviours/local-config.js';
import { PeerEvents } from '../../src/peer/events/peer-events.js';
import { dialectOf } from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';
import { TestFolder } from '../support/folder.js';

type Line = Record<string, unknown>;

jest.setTimeout(60_000);

let folder: TestFolder;
let database: string;

beforeEach(async () => {
  folder = await TestFolder.create();
  database = folder.file('peers.sqlite');
});

afterEach(() => folder.remove());

/** Runs the local network to the end of the sync. */
async function sync(): Promise<Line[]> {
  const { code, stdout, stderr } = await cli(['run', '--exit', '--json', '--db', database]);
  expect(stderr.text).toBe('');
  expect(code).toBe(0);
  return stdout.objects;
}

function all(lines: readonly Line[], event: string): Line[] {
  return lines.filter((line) => line['event'] === event);
}

function addresses(lines: readonly Line[], event: string): string[] {
  return all(lines, event)
    .map(({ address }) => String(address))
    .toSorted();
}

/** Rows as `peers --json` prints them. */
async function rows(): Promise<Line[]> {
  const { code, stdout } = await cli(['peers', '--db', database, '--json']);
  expect(code).toBe(0);
  return stdout.objects;
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('neo-peer run', () => {
  it('syncs 6000 headers and blocks from three peers of a local network, and keeps what it learnt', async () => {
    const lines = await sync();
    const listening = addresses(lines, 'listening');
    expect(new Set(listening).size).toBe(3);
    expect(addresses(lines, 'connected')).toEqual(listening);
    expect(addresses(lines, 'ready')).toEqual(listening);
    expect(all(lines, 'ready').map(({ height }) => height)).toEqual([6000, 6000, 6000]);
    expect(addresses(lines, 'disconnected')).toEqual(listening);
    const progress = all(lines, 'progress');
    expect(progress).toContainEqual({ event: 'progress', phase: 'headers', done: 6000, total: 6000 });
    expect(progress.at(-1)).toEqual({ event: 'progress', phase: 'blocks', done: 6000, total: 6000 });
    expect(all(lines, 'synced')).toEqual([expect.objectContaining({ height: 6000, headers: 6000, blocks: 6000 })]);
    expect(lines.at(-1)).toMatchObject({
      event: 'summary',
      network: 'legacy-local',
      peers: 3,
      headers: 6000,
      blocks: 6000,
    });

    const known = await rows();
    expect(known.map(({ host, port }) => `${host as string}:${port as number}`).toSorted()).toEqual(listening);
    for (const row of known) {
      expect(row).toMatchObject({
        network: 'legacy-local',
        source: 'seed',
        services: '1',
        lastHeight: 6000,
        attempts: 1,
        failuresInARow: 0,
        lastDisconnectReason: 'shutdown',
      });
    }
  });

  it('finds its peers in the database on the second start, on the same ports', async () => {
    const first = await sync();
    const second = await sync();
    expect(addresses(second, 'listening')).toEqual(addresses(first, 'listening'));
    expect(all(second, 'listening').some((line) => 'replaces' in line)).toBe(false);
    expect(all(second, 'synced')).toEqual([expect.objectContaining({ blocks: 6000 })]);
    expect((await rows()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  });

  it('puts another peer in the place of one whose port is taken, says so, and comes back to that one', async () => {
    const first = addresses(await sync(), 'listening');
    const taken = first[1]!;
    const server = await listenOn(Number(taken.split(':')[1]));
    let second: Line[];
    try {
      second = await sync();
    } finally {
      server.close();
    }
    const replacing = all(second, 'listening').filter((line) => 'replaces' in line);
    expect(replacing).toEqual([{ event: 'listening', address: expect.any(String), replaces: taken }]);
    const others = addresses(second, 'listening').filter((address) => address !== replacing[0]!['address']);
    expect(others).toEqual(first.filter((address) => address !== taken));
    expect(all(second, 'synced')).toHaveLength(1);
    expect(addresses(second, 'ready')).toEqual(addresses(second, 'listening'));

    expect(addresses(await sync(), 'listening')).toEqual(addresses(second, 'listening'));
  });

  it('prints plain lines where there is no terminal', async () => {
    const { code, stdout, stderr } = await cli(['run', '--exit', '--db', database]);
    expect(code).toBe(0);
    expect(stderr.text).toBe('');
    expect(stdout.lines.filter((line) => line.startsWith('listening on 127.0.0.1:'))).toHaveLength(3);
    expect(stdout.lines).toContain('headers 6000/6000');
    expect(stdout.lines).toContain('blocks 6000/6000');
    expect(stdout.lines.at(-1)).toMatch(/^legacy-local: 3 peers, 6000 headers and 6000 blocks/);
  });

  it('shows a bar and then a table of peers on a terminal, until Ctrl-C', async () => {
    const stdout = new CapturedStream(true, 120);
    const run = new CliRun(['run', '--db', database], { stdout });
    await stdout.until((text) => text.includes('Ctrl-C ends.'));
    expect(stdout.text).toMatch(/headers +\[=+\] 100% 6000\/6000/);
    expect(stdout.text).toMatch(/blocks +\[=+\] 100% 6000\/6000/);
    const table = stdout.lines.slice(stdout.lines.findLastIndex((line) => line.startsWith('address')));
    expect(table.filter((line) => line.startsWith('127.0.0.1:'))).toHaveLength(3);
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(stdout.lines.at(-1)).toContain('6000 blocks');
    expect(run.stderr.text).toBe('');
  });

  it.each(['listening', 'ready', 'progress', 'synced'])(
    'ends on Ctrl-C after "%s", with the database saved',
    async (event) => {
      const run = new CliRun(['run', '--json', '--db', database]);
      await run.stdout.until((text) => text.includes(`"event":"${event}"`));
      run.interrupt();
      expect(await run.exit).toBe(0);
      expect(run.stderr.text).toBe('');
      expect(run.stdout.objects.at(-1)).toMatchObject({ event: 'summary' });
      expect(await rows()).toHaveLength(3);
      expect(run.listeners).toBe(0);
    },
  );

  it('begins anew with a file that a first start left without tables', async () => {
    await writeFile(database, '');
    expect(all(await sync(), 'synced')).toHaveLength(1);
    expect(await rows()).toHaveLength(3);
  });

  it('gives the local network another magic with --magic', async () => {
    const { code, stdout } = await cli(['run', '--exit', '--json', '--magic', '4711', '--db', database]);
    expect(code).toBe(0);
    expect(all(stdout.objects, 'synced')).toEqual([expect.objectContaining({ blocks: 6000 })]);
  });

  it('removes the seed file it wrote', async () => {
    const lines = await sync();
    expect(all(lines, 'synced')).toHaveLength(1);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite']);
  });

  it('fails on a file that is no database, in one line, and leaves it as it was', async () => {
    await writeFile(database, 'this is not a database, but it is precious');
    const { code, stdout, stderr } = await cli(['run', '--exit', '--json', '--db', database]);
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([
      { error: expect.objectContaining({ code: 'NEO_PEER_STORE', database, problem: 'open' }) },
    ]);
    expect(await readFile(database, 'utf8')).toBe('this is not a database, but it is precious');
  });

  it('stays connected to the nodes of --connect on another network, and is told by Ctrl-C to end', async () => {
    const local = new CliRun(['run', '--json', '--db', database]);
    await local.stdout.until((text) => text.includes('"event":"synced"'));
    const [address] = addresses(local.stdout.objects, 'listening');
    const other = folder.file('other.sqlite');
    const argv = ['run', '--network', 'legacy-local', '--connect', address!, '--db', other, '--json'];
    const run = new CliRun(argv);
    await run.stdout.until((text) => text.includes('"event":"ready"'));
    expect(all(run.stdout.objects, 'listening')).toEqual([]);
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stdout.objects.at(-1)).toMatchObject({ event: 'summary', peers: 1, height: null, syncMs: null });
    expect(existsSync(other)).toBe(true);
    local.interrupt();
    expect(await local.exit).toBe(0);
  });

  it('shows what there is, and ends on Ctrl-C, while a dial hangs', async () => {
    const silent = await listenOn(0);
    const { port } = silent.address() as AddressInfo;
    const argv = ['run', '--network', 'legacy-local', '--connect', `127.0.0.1:${port}`, '--db', database];
    const impatient = new CliRun(argv);
    await once(silent, 'connection');
    impatient.interrupt();
    expect(await impatient.exit).toBe(0);
    const patient = new CliRun(argv);
    await patient.stdout.until((text) => text.includes('0 peers, height 0'));
    patient.interrupt();
    expect(await patient.exit).toBe(0);
    silent.close();
  }, 20_000); // a handshake may take 30 s

  it('fetches the blocks that peers announce', async () => {
    const chain = await RecordedChain.shipped('legacy');
    const module = PeerModule.forRoot({
      network: 'legacy-local',
      listen: { host: '127.0.0.1', port: 0 },
      persistence: { dataSource: false },
      behaviours: [ServeBlocks],
      extraProviders: [{ provide: Chain, useValue: chain }],
    });
    const node = await NestFactory.createApplicationContext(module, { logger: false });
    node.get(PeerEvents).on('ready', (peer) => {
      peer.post(dialectOf('legacy').inventory('block', HashList.of([chain.hashAt(7), chain.hashAt(5999)])));
    });
    const address = `127.0.0.1:${node.get(LocalConfig).port}`;
    const argv = ['run', '--network', 'legacy-local', '--connect', address, '--db', database];
    const run = new CliRun([...argv, '--json']);
    const plain = new CliRun([...argv.slice(0, -1), folder.file('plain.sqlite')]);
    await run.stdout.until((text) => text.split('"event":"block"').length === 3);
    const { hash, raw, transactions } = chain.blockAt(7);
    expect(all(run.stdout.objects, 'block')).toContainEqual({
      event: 'block',
      hash: hash.toString(),
      index: 7,
      size: raw.length,
      transactions: transactions.length,
      address,
    });
    await plain.stdout.until((text) => text.includes(`block 7 ${hash.toString()}`));
    run.interrupt();
    plain.interrupt();
    expect(await Promise.all([run.exit, plain.exit])).toEqual([0, 0]);
    await node.close();
  });

  it('accepts connections with --listen, on any network', async () => {
    const argv = ['run', '--network', 'legacy-local', '--connect', '127.0.0.1:9', '--listen', '0', '--db', database];
    const run = new CliRun([...argv, '--json']);
    await run.stdout.until((text) => text.includes('"event":"listening"'));
    const port = String(run.stdout.objects[0]!['address']).split(':')[1]!;
    expect(Number(port)).toBeGreaterThan(0);
    run.interrupt();
    expect(await run.exit).toBe(0);
  });
});
