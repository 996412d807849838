import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Ban } from '../../src/persistence/ban.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { cli, CliRun } from '../support/cli.js';
import { TestDatabase } from '../support/database.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { all, ban, changes } from '../support/records.js';
import { ScriptedNode } from '../support/scripted-node.js';

jest.setTimeout(60_000);

/** Where the virtual clock begins. */
const NOW = new VirtualClock().now();
const HOUR_MS = 3_600_000;

let database: TestDatabase;

beforeEach(async () => {
  database = await TestDatabase.create();
});

afterEach(() => database.remove());

/** A command on that database, at the beginning of virtual time. */
function run(command: string, ...more: string[]): ReturnType<typeof cli> {
  return cli([...command.split(' '), '--db', database.file, ...more], { clock: new VirtualClock() });
}

/** Runs one that has to do what it is asked, and gives its lines. */
async function lines(command: string, ...more: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(command, ...more);
  expect({ code, stderr: stderr.text }).toEqual({ code: 0, stderr: '' });
  return stdout.lines;
}

/** Runs one that must fail, and gives the error. */
async function refusal(command: string): Promise<unknown> {
  const { code, stdout, stderr } = await run(command, '--json');
  expect({ code, stdout: stdout.text }).toEqual({ code: 1, stdout: '' });
  return stderr.objects[0]!['error'];
}

/** The subjects that are banned. */
async function subjects(...more: string[]): Promise<unknown[]> {
  return (await lines('bans --json', ...more)).map((line) => (JSON.parse(line) as { subject: unknown }).subject);
}

/** A database as a node has left it. */
async function store(bans: readonly Partial<Ban>[] = [], network: string | undefined = 'n3-mainnet'): Promise<void> {
  const put = bans.map((given) => {
    const { evidence: _evidence, dryRun: _dryRun, ...plain } = ban({ sinceMs: NOW - HOUR_MS, untilMs: NOW + HOUR_MS });
    return { ...plain, ...given };
  });
  await database.store().save(changes({ ...(network && { network }), bans: { put, removed: [] } }));
}

async function stored(network: string): Promise<Ban[]> {
  return all(database.store().loadBans(network));
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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

describe('neo-peer ban', () => {
  beforeEach(() => store());

  it('bans an address for a day, and says on which network and from when on', async () => {
    const until = iso(NOW + 24 * HOUR_MS);
    expect(await lines('ban 192.0.2.7')).toEqual([
      `banned 192.0.2.7 until ${until}: by operator`,
      "on n3-mainnet, from the node's next start on",
    ]);
    expect(await stored('n3-mainnet')).toEqual([
      { subject: '192.0.2.7', reason: 'by operator', author: 'operator', sinceMs: NOW, untilMs: NOW + 24 * HOUR_MS },
    ]);
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::5/32', '2001:db8::/32'],
  ])('bans %s as %s, for as long and why it is told', async (given, subject) => {
    const [line] = await lines(`ban ${given} --for 1d12h --json`, '--reason', 'sends garbage');
    expect(JSON.parse(line!)).toEqual({
      subject,
      reason: 'sends garbage',
      author: 'operator',
      since: iso(NOW),
      until: iso(NOW + 36 * HOUR_MS),
    });
    expect(await lines('bans --json')).toEqual([line]);
  });

  it('replaces a ban of the same subject, whoever made it', async () => {
    await store([{ subject: '192.0.2.7', untilMs: NOW + 99 * HOUR_MS }]);
    await lines('ban 192.0.2.7 --for 30s');
    expect(await stored('n3-mainnet')).toEqual([
      expect.objectContaining({ author: 'operator', untilMs: NOW + 30_000, reason: 'by operator' }),
    ]);
  });

  it('bans on one network alone', async () => {
    await lines('ban 192.0.2.7 --network n3-testnet');
    expect(await subjects()).toEqual([]);
    expect(await subjects('--network', 'n3-testnet')).toEqual(['192.0.2.7']);
  });

  it('removes what is over by now', async () => {
    await store([{ subject: '192.0.2.1', untilMs: NOW - 1 }]);
    await lines('ban 192.0.2.7');
    expect((await stored('n3-mainnet')).map(({ subject }) => subject)).toEqual(['192.0.2.7']);
  });

  it('fails where the database may not be written, and changes nothing', async () => {
    await database.close();
    await chmod(database.file, 0o444);
    await chmod(database.folder, 0o555);
    const error = await unprivileged(() => refusal('ban 192.0.2.7'));
    await chmod(database.folder, 0o755);
    expect(error).toMatchObject({ code: 'NEO_PEER_STORE', problem: 'read-only' });
    expect(await readdir(database.folder)).toEqual(['peers.sqlite']);
  });
});

describe('neo-peer bans', () => {
  it('lists those that hold, in order of their addresses, with what was seen', async () => {
    await store([
      { subject: '2001:db8::/32' },
      { subject: '192.0.2.1', evidence: 'addr: 201 of at most 200' },
      { subject: '9.0.0.0/8', author: 'operator', reason: 'noise\u001b' },
      { subject: '192.0.2.2', dryRun: true },
      { subject: '192.0.2.3', untilMs: NOW },
    ]);
    const common = { reason: 'malformed', author: 'automatic', since: iso(NOW - HOUR_MS), until: iso(NOW + HOUR_MS) };
    const printed = (await lines('bans --json')).map((line) => JSON.parse(line) as object);
    expect(printed).toEqual([
      { ...common, subject: '9.0.0.0/8', author: 'operator', reason: 'noise\u001b' },
      { ...common, subject: '192.0.2.1', evidence: 'addr: 201 of at most 200' },
      { ...common, subject: '192.0.2.2', dryRun: true },
      { ...common, subject: '2001:db8::/32' },
    ]);
    const [title, head, ...rows] = await lines('bans');
    expect(title).toBe('4 bans on n3-mainnet');
    expect(head!.split(/ {2,}/)).toEqual(['subject', 'until', 'author', 'since', 'reason', 'evidence']);
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['9.0.0.0/8', common.until, 'operator', common.since, 'noise?', '-'],
      ['192.0.2.1', common.until, 'automatic', common.since, 'malformed', 'addr: 201 of at most 200'],
      ['192.0.2.2', common.until, 'automatic (dry run)', common.since, 'malformed', '-'],
      ['2001:db8::/32', common.until, 'automatic', common.since, 'malformed', '-'],
    ]);
  });

  it('says so where there is none, or one', async () => {
    await store([{ subject: '192.0.2.1' }]);
    expect((await lines('bans'))[0]).toBe('1 ban on n3-mainnet');
    expect(await lines('bans --network legacy-testnet')).toEqual(['0 bans on legacy-testnet']);
    expect(await lines('bans --network legacy-testnet --json')).toEqual([]);
  });

  it('lists those of every network too', async () => {
    await store([{ subject: '192.0.2.1' }], '');
    await store([{ subject: '192.0.2.2' }]);
    expect(await subjects()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await subjects('--network', 'n3-testnet')).toEqual(['192.0.2.1']);
  });

  it('leaves alone what is not understood, and says how many', async () => {
    await store([{ subject: 'node.example' }, { subject: '192.0.2.2' }]);
    const { code, stdout, stderr } = await run('bans');
    expect(code).toBe(0);
    expect(stdout.lines[0]).toBe('1 ban on n3-mainnet');
    expect(stderr.lines).toEqual([
      `warning: ${database.file}: 1 of the bans of n3-mainnet can't be understood and stay as they are`,
    ]);
    expect(await subjects()).toEqual(['192.0.2.2']);
    expect(await stored('n3-mainnet')).toHaveLength(2);
  });

  it('reads a database that may not be written, in a folder that may not be written', async () => {
    await store([{ subject: '192.0.2.1' }]);
    await database.close();
    await chmod(database.file, 0o444);
    await chmod(database.folder, 0o555);
    const listed = await unprivileged(() => subjects());
    await chmod(database.folder, 0o755);
    expect(listed).toEqual(['192.0.2.1']);
    expect(await readdir(database.folder)).toEqual(['peers.sqlite']);
  });
});

describe('neo-peer unban', () => {
  it('lifts the ban of an address', async () => {
    await store([{ subject: '192.0.2.1' }, { subject: '192.0.2.2' }]);
    expect(await lines('unban 192.0.2.1')).toEqual([
      'unbanned 192.0.2.1',
      "on n3-mainnet, from the node's next start on",
    ]);
    expect(await subjects()).toEqual(['192.0.2.2']);
  });

  it('lifts all bans within a subnet', async () => {
    await store([{ subject: '10.1.0.0/16' }, { subject: '10.2.3.4' }, { subject: '11.0.0.1' }]);
    expect((await lines('unban 10.0.0.0/8')).slice(0, -1)).toEqual(['unbanned 10.1.0.0/16', 'unbanned 10.2.3.4']);
    expect(await subjects()).toEqual(['11.0.0.1']);
  });

  it('leaves the rest of a wider ban, and says so', async () => {
    await store([{ subject: '10.0.0.0/8', reason: 'noise' }]);
    const until = iso(NOW + HOUR_MS);
    expect((await lines('unban 10.0.0.0/9'))[0]).toBe(
      `unbanned 10.0.0.0/9; the rest of 10.0.0.0/8 stays banned until ${until}, as 1 subnet`,
    );
    expect((await lines('unban 10.192.0.0/10'))[0]).toBe(
      `unbanned 10.192.0.0/10; the rest of 10.128.0.0/9 stays banned until ${until}, as 1 subnet`,
    );
    expect((await lines('unban 10.128.0.1'))[0]).toBe(
      `unbanned 10.128.0.1; the rest of 10.128.0.0/10 stays banned until ${until}, as 22 subnets`,
    );
    expect(await subjects()).toHaveLength(22);
    expect(await subjects()).not.toContain('10.128.0.1');
  });

  it('tells as JSON what was lifted, as it was, and what of it is left', async () => {
    await store([{ subject: '10.0.0.0/30' }, { subject: '10.0.0.1', author: 'operator' }]);
    const printed = (await lines('unban 10.0.0.1 --json')).map((line) => JSON.parse(line) as object);
    const common = { reason: 'malformed', since: iso(NOW - HOUR_MS), until: iso(NOW + HOUR_MS) };
    expect(printed).toEqual([
      { ...common, author: 'automatic', subject: '10.0.0.0/30', rest: ['10.0.0.0', '10.0.0.2/31'] },
      { ...common, author: 'operator', subject: '10.0.0.1', rest: [] },
    ]);
  });

  it('lifts a ban of every network for good', async () => {
    await store([{ subject: '192.0.2.1' }], '');
    expect((await lines('unban 192.0.2.1'))[0]).toBe('unbanned 192.0.2.1');
    expect(await subjects()).toEqual([]);
    expect(await stored('n3-testnet')).toEqual([]);
  });

  it('fails where there is nothing to lift, also when the ban is over or of another network', async () => {
    await store([{ subject: '10.0.0.0/9' }, { subject: '192.0.2.1', untilMs: NOW - 1 }]);
    await store([{ subject: '192.0.2.2' }], 'n3-testnet');
    for (const subject of ['10.128.0.0/9', '192.0.2.1', '192.0.2.2']) {
      const error = { code: 'NEO_PEER_NOT_BANNED', subject, network: 'n3-mainnet' };
      expect(await refusal(`unban ${subject}`)).toEqual({ ...error, message: expect.stringContaining(subject) });
    }
    const { code, stderr } = await run('unban 192.0.2.1');
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([
      'error: NEO_PEER_NOT_BANNED: 192.0.2.1 is not banned on n3-mainnet, nor is a part of it; see neo-peer bans',
    ]);
  });
});

describe.each(['ban 192.0.2.1', 'unban 192.0.2.1', 'bans'])('neo-peer %s', (command) => {
  it('fails where there is no database, and makes none', async () => {
    expect(await refusal(command)).toEqual({
      code: 'NEO_PEER_STORE',
      message: `${database.file}: there is no such file; \`neo-peer run\` makes one`,
      database: database.file,
      problem: 'open',
    });
    expect(await readdir(database.folder)).toEqual([]);
  });

  it('fails on a file that is no database', async () => {
    await writeFile(database.file, 'x'.repeat(4096));
    expect(await refusal(command)).toMatchObject({ code: 'NEO_PEER_STORE', problem: 'open' });
  });

  it('says which process it is while a node runs, and works again afterwards', async () => {
    await store([{ subject: '192.0.2.1', untilMs: NOW + 1e12 }]);
    const node = new CliRun([
      'run',
      '--network',
      'n3-local',
      '--connect',
      '127.0.0.1:9',
      '--db',
      database.file,
      '--json',
    ]);
    await node.stdout.until((text) => text.includes('"event":"pool"'));
    expect(await refusal(command)).toEqual({
      code: 'NEO_PEER_NODE_RUNNING',
      message: expect.stringContaining(`process ${process.pid}`),
      database: database.file,
      pid: process.pid,
    });
    node.interrupt();
    expect(await node.exit).toBe(0);
    await lines(command);
  });
});

describe('a node started after neo-peer ban', () => {
  const RUN = ['run', '--network', 'n3-local', '--json', '--connect'];

  it('refuses who connects from a banned address, and takes them in once the ban is lifted', async () => {
    await store();
    const at = ['--network', 'n3-local'];
    expect((await cli(['ban', '127.0.0.0/8', ...at, '--db', database.file])).code).toBe(0);
    const argv = [...RUN, '127.0.0.1:9', '--listen', '0', '--db', database.file];
    const refusing = new CliRun(argv);
    const port = await portOf(refusing);
    const socket = connect(port, '127.0.0.1');
    socket.resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBe(0);
    await refusing.stdout.until((text) => text.includes('"event":"refusedInbound"'));
    expect(refusing.stdout.objects).toContainEqual({ event: 'refusedInbound', host: '127.0.0.1', reason: 'banned' });
    refusing.interrupt();
    expect(await refusing.exit).toBe(0);

    expect((await cli(['unban', '127.0.0.1', ...at, '--db', database.file])).code).toBe(0);
    const open = new CliRun(argv);
    const welcome = connect(await portOf(open), '127.0.0.1');
    await open.stdout.until((text) => text.includes('"event":"connected"'));
    await once(welcome, 'data'); // its version
    welcome.destroy();
    open.interrupt();
    expect(await open.exit).toBe(0);
    expect(open.stdout.text).not.toContain('refusedInbound');
  });

  it('does not dial a banned address, and says why', async () => {
    await store();
    const node = await ScriptedNode.start(N3_KIT, { height: 7 }, () => Promise.resolve());
    const at = ['--network', N3_KIT.network.name, '--db', database.file];
    expect((await cli(['ban', '127.0.0.1', ...at, '--reason', 'noise'])).code).toBe(0);
    const first = new CliRun(['run', '--connect', node.name, ...at]);
    await first.stdout.until((text) => text.includes('kept 0/1'));
    expect(first.stderr.text).toContain(`warning: ${node.name} is not dialled: banned as 127.0.0.1 until `);
    expect(first.stdout.text).toContain('1 ban');
    first.interrupt();
    expect(await first.exit).toBe(0);
    expect(first.stdout.text).not.toContain('ready');

    expect((await cli(['unban', '127.0.0.1', ...at])).code).toBe(0);
    const again = new CliRun(['run', '--connect', node.name, ...at]);
    await again.stdout.until((text) => text.includes(`ready ${node.name}`));
    again.interrupt();
    expect(await again.exit).toBe(0);
    await node.close();
  });
});

async function portOf({ stdout }: CliRun): Promise<number> {
  await stdout.until((text) => text.includes('"event":"listening"'));
  return Number(String(stdout.objects[0]!['address']).split(':')[1]);
}
