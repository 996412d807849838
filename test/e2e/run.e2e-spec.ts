import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { Chain } from '../../src/node/chain.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { ServeBlocks } from '../../src/node/serving/serve-blocks.js';
import { PeerModule } from '../../src/peer.module.js';
import { LocalConfig } from '../../src/peer/behaviours/local-config.js';
import { PeerEvents } from '../../src/peer/events/peer-events.js';
import { dialectOf } from '../../src/wire/messages.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';
import { TestFolder } from '../support/folder.js';

type Line = Record<string, unknown>;

jest.setTimeout(60_000);

let folder: TestFolder;
let database: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = await TestFolder.create();
  database = folder.file('peers.sqlite');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await folder.remove();
});

/** The local networks, with what chooses each on the command line. */
const LOCALS = [
  { network: 'legacy-local', dialect: 'legacy', argv: [], height: 6000, transactions: 6003 },
  { network: 'n3-local', dialect: 'n3', argv: ['--local', 'n3'], height: 50, transactions: 99 },
] as const;

/** Runs a local network to the end of the sync. */
async function sync(argv: readonly string[] = []): Promise<Line[]> {
  const { code, stdout, stderr } = await cli(['run', ...argv, '--exit', '--json', '--db', database]);
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

describe.each(LOCALS)('neo-peer run on $network', ({ network, dialect, argv, height, transactions }) => {
  it('syncs all headers and blocks from three peers of a local network, and keeps what it learnt', async () => {
    const lines = await sync(argv);
    const listening = addresses(lines, 'listening');
    expect(new Set(listening).size).toBe(3);
    expect(addresses(lines, 'connected')).toEqual(listening);
    expect(addresses(lines, 'ready')).toEqual(listening);
    expect(all(lines, 'ready').map((line) => line['height'])).toEqual([height, height, height]);
    expect(addresses(lines, 'disconnected')).toEqual(listening);
    const progress = all(lines, 'progress');
    expect(progress).toContainEqual({ event: 'progress', phase: 'headers', done: height, total: height });
    expect(progress.at(-1)).toEqual({ event: 'progress', phase: 'blocks', done: height, total: height });
    expect(all(lines, 'synced')).toEqual([
      expect.objectContaining({ height, headers: height, blocks: height, transactions }),
    ]);
    expect(lines.at(-1)).toMatchObject({
      event: 'summary',
      network,
      peers: 3,
      height,
      headers: height,
      blocks: height,
      transactions,
    });

    const known = await rows();
    expect(known.map(({ host, port }) => `${host as string}:${port as number}`).toSorted()).toEqual(listening);
    for (const row of known) {
      expect(row).toMatchObject({
        network,
        source: 'seed',
        services: '1',
        lastHeight: height,
        attempts: 1,
        failuresInARow: 0,
        lastDisconnectReason: 'shutdown',
      });
    }
  });

  it('finds its peers in the database on the second start, on the same ports', async () => {
    const first = await sync(argv);
    const second = await sync(argv);
    expect(addresses(second, 'listening')).toEqual(addresses(first, 'listening'));
    expect(all(second, 'listening').some((line) => 'replaces' in line)).toBe(false);
    expect(all(second, 'synced')).toEqual([expect.objectContaining({ blocks: height })]);
    expect((await rows()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  });

  it('prints plain lines where there is no terminal', async () => {
    const { code, stdout, stderr } = await cli(['run', ...argv, '--exit', '--db', database]);
    expect(code).toBe(0);
    expect(stderr.text).toBe('');
    expect(stdout.lines.filter((line) => line.startsWith('listening on 127.0.0.1:'))).toHaveLength(3);
    expect(stdout.lines).toContain(`headers ${height}/${height}`);
    expect(stdout.lines).toContain(`blocks ${height}/${height}`);
    const summary = `${network}: 3 peers, ${height} headers and ${height} blocks (${transactions} transactions, `;
    expect(stdout.lines.at(-1)).toContain(summary);
  });

  it('gives it another magic with --magic', async () => {
    const { code, stdout } = await cli(['run', ...argv, '--exit', '--json', '--magic', '4711', '--db', database]);
    expect(code).toBe(0);
    expect(all(stdout.objects, 'synced')).toEqual([expect.objectContaining({ blocks: height })]);
  });

  it('stays connected to the nodes of --connect by name, and is told by Ctrl-C to end', async () => {
    const local = new CliRun(['run', ...argv, '--json', '--db', database]);
    await local.stdout.until((text) => text.includes('"event":"synced"'));
    const [address] = addresses(local.stdout.objects, 'listening');
    const other = folder.file('other.sqlite');
    const run = new CliRun(['run', '--network', network, '--connect', address!, '--db', other, '--json']);
    await run.stdout.until((text) => text.includes('"event":"ready"'));
    expect(all(run.stdout.objects, 'listening')).toEqual([]);
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stdout.objects.at(-1)).toMatchObject({ event: 'summary', peers: 1, height: null, syncMs: null });
    expect(existsSync(other)).toBe(true);
    local.interrupt();
    expect(await local.exit).toBe(0);
  });

  it('fetches the blocks that peers announce', async () => {
    const chain = await RecordedChain.shipped(dialect);
    const module = PeerModule.forRoot({
      network,
      listen: { host: '127.0.0.1', port: 0 },
      persistence: { dataSource: false },
      behaviours: [ServeBlocks],
      extraProviders: [{ provide: Chain, useValue: chain }],
    });
    const node = await NestFactory.createApplicationContext(module, { logger: false });
    node.get(PeerEvents).on('ready', (peer) => {
      peer.post(dialectOf(dialect).inventory('block', HashList.of([chain.hashAt(7), chain.hashAt(height - 1)])));
    });
    const address = `127.0.0.1:${node.get(LocalConfig).port}`;
    const follow = ['run', '--network', network, '--connect', address, '--db', database];
    const run = new CliRun([...follow, '--json']);
    const plain = new CliRun([...follow.slice(0, -1), folder.file('plain.sqlite')]);
    await run.stdout.until((text) => text.split('"event":"block"').length === 3);
    const { hash, raw, transactions: carried } = chain.blockAt(7);
    expect(all(run.stdout.objects, 'block')).toContainEqual({
      event: 'block',
      hash: hash.toString(),
      index: 7,
      size: raw.length,
      transactions: carried.length,
      address,
    });
    await plain.stdout.until((text) => text.includes(`block 7 ${hash.toString()}`));
    run.interrupt();
    plain.interrupt();
    expect(await Promise.all([run.exit, plain.exit])).toEqual([0, 0]);
    await node.close();
  });
});

describe('neo-peer run --local', () => {
  it('keeps both local networks in one database, side by side', async () => {
    const legacy = addresses(await sync(), 'listening');
    const n3 = addresses(await sync(['--local', 'n3']), 'listening');
    const known = await rows();
    const listed = (network: string): string[] =>
      known
        .filter((row) => row['network'] === network)
        .map(({ host, port }) => `${host as string}:${port as number}`)
        .toSorted();
    expect(listed('legacy-local')).toEqual(legacy);
    expect(listed('n3-local')).toEqual(n3);
    expect(known).toHaveLength(6);
    expect(addresses(await sync(), 'listening')).toEqual(legacy);
    expect(addresses(await sync(['--local', 'n3']), 'listening')).toEqual(n3);
  });

  it.each([
    ['--local n3 --network n3-local', 'n3-local'],
    ['--network n3-local', 'n3-local'],
    ['--local legacy', 'legacy-local'],
    ['--local legacy --network legacy-local', 'legacy-local'],
  ])('%s embeds %s', async (options, network) => {
    expect((await sync(options.split(' '))).at(-1)).toMatchObject({ event: 'summary', network, peers: 3 });
  });

  it.each([
    ['--local n3 --network legacy-local', '--local n3 is the network n3-local, --network says legacy-local'],
    ['--local legacy --network n3-local', '--local legacy is the network legacy-local, --network says n3-local'],
    ['--local n3 --network n3-mainnet', '--local n3 is the network n3-local, --network says n3-mainnet'],
    ['--local n3 --connect 127.0.0.1:1', '--local starts its own peers: --connect needs --network alone'],
    [
      '--local n3 --network n3-local --connect 127.0.0.1:1',
      '--local starts its own peers: --connect needs --network alone',
    ],
    [
      '--network n3-mainnet --exit',
      '--exit is for the local network: no chain is synced on another, so there is no end',
    ],
    ['--local n4', expect.stringContaining('legacy, n3')],
  ])('refuses %s as wrong usage', async (options, message) => {
    const { code, stdout, stderr } = await cli(['run', ...options.split(' '), '--json', '--db', database]);
    expect(code).toBe(2);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([{ error: { code: 'NEO_PEER_USAGE', message } }]);
    expect(existsSync(database)).toBe(false);
  });
});

describe('neo-peer run', () => {
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

  it('tells how the pool is doing in the beginning and once a minute', async () => {
    const clock = new VirtualClock(); // of the run, not of the node
    const run = new CliRun(['run', '--json', '--db', database], { clock });
    const pools = (): Line[] => all(run.stdout.objects, 'pool');
    await run.stdout.until((text) => text.includes('"event":"synced"'));
    expect(pools()).toHaveLength(1);
    await clock.advance(59_999);
    expect(pools()).toHaveLength(1);
    await clock.advance(1);
    expect(pools()).toHaveLength(2);
    await clock.advance(60_000);
    expect(pools()).toHaveLength(3);
    expect(pools()[0]).toMatchObject({ keptWanted: 3, outboundWanted: 0, inboundAllowed: 0, bans: 0, evicted: 0 });
    expect(pools()[1]).toMatchObject({ keptReady: 3, groups: 1, bookKnown: 3, bookTried: 3, starvedSinceMs: null });
    const events = run.stdout.objects.map(({ event }) => event);
    expect(events.indexOf('pool')).toBe(3); // behind the three that listen
    run.interrupt();
    expect(await run.exit).toBe(0);
    await clock.advance(600_000);
    expect(pools()).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('shows how the pool is doing where there is no terminal, with the peers', async () => {
    const run = new CliRun(['run', '--db', database]);
    await run.stdout.until((text) =>
      text.includes('3 peers, height 6000; kept 3/3, 1 group, book 3 (3 tried), 0 bans'),
    );
    run.interrupt();
    expect(await run.exit).toBe(0);
  });

  it('counts those it turned away in its status, and prints each as JSON', async () => {
    const argv = ['run', '--network', 'legacy-local', '--connect', '127.0.0.1:9', '--listen', '0'];
    const plain = new CliRun([...argv, '--db', database], { stdout: new CapturedStream(true, 200) });
    const json = new CliRun([...argv, '--json', '--db', folder.file('json.sqlite')]);
    for (const { stdout } of [plain, json]) {
      await stdout.until((text) => text.includes('listening'));
      const port = Number(/0\.0\.0\.0:(\d+)/.exec(stdout.text)![1]);
      // Three from one address may come.
      for (let i = 0; i < 5; i++) sockets.push(connect(port, '127.0.0.1').resume());
    }
    await plain.stdout.until((text) => text.includes('inbound 3/100') && text.includes('refused 2 (address-limit 2)'));
    expect(plain.stdout.text).not.toContain('refusedInbound');
    await json.stdout.until((text) => text.split('"event":"refusedInbound"').length === 3);
    const refusal = { event: 'refusedInbound', host: '127.0.0.1', reason: 'address-limit' };
    expect(all(json.stdout.objects, 'refusedInbound')).toEqual([refusal, refusal]);
    for (const run of [plain, json]) run.interrupt();
    expect(await Promise.all([plain.exit, json.exit])).toEqual([0, 0]);
  });

  it('warns once of a node that hangs up, above the line on the pool and the table', async () => {
    const stdout = new CapturedStream(true, 120);
    const stderr = new CapturedStream(true, 120);
    const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const address = `127.0.0.1:${(rude.address() as AddressInfo).port}`;
    const run = new CliRun(['run', '--network', 'n3-local', '--connect', address, '--db', database], {
      stdout,
      stderr,
    });
    await stdout.until((text) => text.includes('Ctrl-C ends.'));
    expect(stderr.lines).toEqual([expect.stringMatching(/^warning: .+; it is dialled again and again$/)]);
    const shown = stdout.lines.filter((line) => line !== `disconnected ${address}: remote-closed (by remote)`);
    expect(shown.slice(0, 2)).toEqual([
      'outbound 0/8, kept 0/1, 0 groups, book 1 (0 tried), 0 bans',
      expect.stringMatching(/^address /),
    ]);
    run.interrupt();
    expect(await run.exit).toBe(0);
    rude.close();
  });

  it('shows a bar and then a table of peers on a terminal, until Ctrl-C', async () => {
    const stdout = new CapturedStream(true, 120);
    const run = new CliRun(['run', '--db', database], { stdout });
    await stdout.until((text) => text.includes('Ctrl-C ends.'));
    expect(stdout.text).toMatch(/headers +\[=+\] 100% 6000\/6000/);
    expect(stdout.text).toMatch(/blocks +\[=+\] 100% 6000\/6000/);
    const table = stdout.lines.slice(stdout.lines.findLastIndex((line) => line.startsWith('address')));
    expect(table.filter((line) => line.startsWith('127.0.0.1:'))).toHaveLength(3);
    expect(stdout.text).toContain('\nkept 3/3, 1 group, book 3 (3 tried), 0 bans\naddress ');
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
