import { afterEach, describe, expect, it } from '@jest/globals';
import type { PoolOptions } from '../../../src/config/pool-options.js';
import { ScriptError, type ScriptedPeer } from '../../../src/testing/index.js';
import type { NetworkAddress } from '../../../src/wire/common/network-address.js';
import type { Command, Message } from '../../../src/wire/messages.js';
import { KITS, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { OUR_HOST, PoolLab } from '../../support/pool-lab.js';

const MINUTE_MS = 60_000;
const TELLER = '30.1.0.1';

let lab: PoolLab;
afterEach(() => lab.close());

async function start(pool: PoolOptions = {}, kit: DialectKit = N3_KIT): Promise<PoolLab> {
  return (lab = await PoolLab.start({ pool, kit }));
}

const entry = (host: string, port = 10_333): NetworkAddress => ({ host, port, timestamp: 0, services: 1n });
const hosts = (count: number, net = 21): string[] =>
  Array.from({ length: count }, (_, i) => `${net}.${i >> 8}.${i & 255}.1`);

async function tell(remote: ScriptedPeer, ...addresses: NetworkAddress[]): Promise<void> {
  for (let i = 0; i < addresses.length; i += 200) {
    remote.send(lab.kit.dialect.addresses(addresses.slice(i, i + 200)));
  }
  await lab.settle();
}

/** What we answer to getaddr; undefined where we are silent. */
async function asked(remote: ScriptedPeer): Promise<readonly NetworkAddress[] | undefined> {
  const before = remote.received.length;
  remote.send(lab.kit.dialect.requestAddresses());
  await lab.settle();
  const answer = remote.received.slice(before).find(({ command }) => command === 'addr');
  return answer?.command === 'addr' ? answer.payload.addresses : undefined;
}

const known = (host: string, port = 10_333): boolean => lab.records.find({ host, port }) !== undefined;

/** Does something at every message of a command, until the connection ends. */
async function at<C extends Command>(
  remote: ScriptedPeer,
  command: C,
  act: (message: Message<C>) => void,
): Promise<void> {
  try {
    for (;;) act(await remote.expect(command));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
  }
}

/** Makes addresses ones that were reached. */
function reached(...all: string[]): void {
  for (const [i, host] of all.entries()) {
    lab.records.learn({ host, port: 10_333 }, `30.${i % 250}.0.1`);
    const row = lab.records.rowOf({ host, port: 10_333 });
    if (row !== undefined) Object.assign(row, { lastSuccessAtMs: lab.clock.now(), lastSeenAtMs: lab.clock.now() });
  }
}

describe.each(KITS)('$name: an address that somebody tells', (kit) => {
  it('is learnt, with who told of it', async () => {
    await start({}, kit);
    const { remote } = await lab.inbound(TELLER);
    await tell(remote, entry('21.1.0.1'), entry('2600:1::1', 4711));
    expect(lab.records.find({ host: '21.1.0.1', port: 10_333 })).toMatchObject({
      source: 'gossip',
      learntFrom: TELLER,
    });
    expect(known('2600:1::1', 4711)).toBe(true);
    expect(lab.pool.status().book.known).toBe(2);
  });

  it.each([
    ['it is private', '10.1.0.1', 10_333],
    ['it is this machine', '127.0.0.1', 10_333],
    ['it is for documentation', '192.0.2.1', 10_333],
    ['it is a link-local one', 'fe80::1', 10_333],
    ['it has no port', '21.1.0.1', 0],
    ['it is banned', '66.1.0.1', 10_333],
    ['it is our own', OUR_HOST, 10_333],
  ])('is not learnt where %s', async (_why, host, port) => {
    await start({}, kit);
    await lab.pool.ban('66.0.0.0/8', { reason: 'enough', forMs: MINUTE_MS });
    lab.core.own.add({ host: OUR_HOST, port: 10_333 });
    const { remote } = await lab.inbound(TELLER);
    await tell(remote, entry(host, port), entry('21.9.0.1'));
    expect([known(host, port), known('21.9.0.1')]).toEqual([false, true]);
  });

  it('is learnt although it is private, where it is exempt', async () => {
    await start({ exempt: ['10.0.0.0/8'] }, kit);
    const { remote } = await lab.inbound(TELLER);
    await tell(remote, entry('10.1.0.1'));
    expect(known('10.1.0.1')).toBe(true);
  });
});

describe('a name', () => {
  it('is not learnt: who it is can be changed at any time', async () => {
    await start();
    const { peer } = await lab.inbound(TELLER);
    lab.core.gossip.hear(peer, [entry('a.example'), entry('21.1.0.1')]);
    expect([known('a.example'), known('21.1.0.1')]).toEqual([false, true]);
  });
});

describe('what one tells', () => {
  it('is taken in up to a rate, with a burst, and by the address: not washed off by connecting anew', async () => {
    await start({ gossip: { perSecond: 0.1, burst: 50 } });
    const all = hosts(200);
    const first = await lab.inbound(TELLER);
    await tell(first.remote, ...all.slice(0, 40).map((host) => entry(host)));
    first.remote.connection.destroy();
    await lab.settle();
    const second = await lab.inbound(TELLER);
    await tell(second.remote, ...all.slice(40, 80).map((host) => entry(host)));
    expect(all.filter((host) => known(host))).toHaveLength(50);
    await lab.clock.advance(100_000);
    await tell(second.remote, ...all.slice(80, 120).map((host) => entry(host)));
    expect(all.filter((host) => known(host))).toHaveLength(60);
    const other = await lab.inbound('30.2.0.1');
    await tell(other.remote, ...all.slice(120, 160).map((host) => entry(host)));
    const { length } = all.filter((host) => known(host));
    expect(length).toBeLessThanOrEqual(100);
    expect(length).toBeGreaterThan(95); // one or two found their places in the book taken
  });

  it('is counted by teller, once for each', async () => {
    await start();
    const tellers = await Promise.all(Array.from({ length: 12 }, async (_, i) => lab.inbound(`30.${i}.0.1`)));
    for (let round = 0; round < 3; round++) await tell(tellers[0]!.remote, entry('21.1.0.1'));
    expect(lab.records.find({ host: '21.1.0.1', port: 10_333 })!.sources).toBeNull();
    for (const { remote } of tellers) await tell(remote, entry('21.1.0.1'));
    expect(lab.records.find({ host: '21.1.0.1', port: 10_333 })!.sources).toBeGreaterThan(1);
  });

  it('far above the rate is misbehaviour, again and again', async () => {
    await start({ gossip: { perSecond: 0.001, burst: 10 } });
    const { remote } = await lab.inbound(TELLER);
    await tell(remote, ...hosts(41).map((host) => entry(host)));
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(10);
    await lab.clock.advance(1000);
    await tell(remote, ...hosts(30, 22).map((host) => entry(host)));
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(10);
    await tell(remote, entry('23.1.0.1'));
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(20);
  });

  it('because we asked for it is taken in, and never held against it, however often we ask', async () => {
    await start({ outbound: 8, gossip: { perSecond: 0.1, burst: 20 } });
    const node = await lab.node('20.1.0.1:10333');
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    // All are in the group of the one who tells, so nobody can be dialled, and it is asked again and again.
    const answer = Array.from({ length: 200 }, (_, i) => entry(`20.1.0.${i + 2}`));
    let answers = 0;
    void at(node.remote, 'getaddr', () => {
      answers++;
      node.remote.send(lab.kit.dialect.addresses(answer));
    });
    void at(node.remote, 'ping', (ping) => node.remote.send(lab.kit.dialect.pong(ping, 1, 0)));
    await lab.clock.advance(60 * MINUTE_MS);
    expect(node.remotes).toHaveLength(1);
    expect(answers).toBeGreaterThan(50);
    expect(lab.pool.status().book.known).toBeGreaterThan(50);
    expect(lab.core.conduct.scoreOf('20.1.0.1')).toBe(0);
    expect(lab.happened).toEqual([]);
  });

  it('because the application asked for it is not held against it either', async () => {
    await start({ gossip: { perSecond: 0.001, burst: 1 } });
    const { peer, remote } = await lab.inbound(TELLER);
    void at(remote, 'getaddr', () => remote.send(lab.kit.dialect.addresses(hosts(200).map((host) => entry(host)))));
    for (let i = 0; i < 10; i++) expect(await peer.requestAddresses()).toHaveLength(200);
    await lab.settle();
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(0);
  });

  it('beyond two answers is held against it, however often we asked: nobody saves up for a flood by silence', async () => {
    await start({ gossip: { perSecond: 0.001, burst: 10 } });
    const { peer, remote } = await lab.inbound(TELLER);
    for (let i = 0; i < 5; i++) {
      const silent = failure(peer.requestAddresses({ timeoutMs: 10 }));
      await lab.clock.advance(10);
      expect(await silent).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    }
    await tell(remote, ...hosts(400).map((host) => entry(host)));
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(0);
    await tell(remote, ...hosts(41).map((host) => entry(host)));
    expect(lab.core.conduct.scoreOf(TELLER)).toBe(10);
  });

  it('is forgotten for the longest known source, when there are too many', async () => {
    await start({ gossip: { perSecond: 0.001, burst: 1 } });
    const { peer } = await lab.inbound(TELLER);
    const as = (host: string) => Object.assign(Object.create(peer), { remoteAddress: { host, port: 1 } });
    lab.core.gossip.hear(as('31.0.0.1'), [entry('21.1.0.1')]);
    for (let i = 0; i < 10_000; i++) lab.core.gossip.hear(as(`32.${i >> 8}.${i & 255}.1`), []);
    lab.core.gossip.hear(as('31.0.0.1'), [entry('21.2.0.1')]);
    expect([known('21.1.0.1'), known('21.2.0.1')]).toEqual([true, true]);
  });
});

describe.each(KITS)('$name: the answer to getaddr', (kit) => {
  it('is silence where nobody is known: never an empty list', async () => {
    await start({}, kit);
    const { remote } = await lab.inbound(TELLER);
    lab.learn('21.1.0.1:10333');
    expect(await asked(remote)).toBeUndefined();
  });

  it('is never given unasked', async () => {
    await start({}, kit);
    reached(...hosts(100));
    const { remote } = await lab.inbound(TELLER, { port: 10_333 });
    await tell(remote, entry('21.1.0.1'));
    await lab.clock.advance(4 * MINUTE_MS);
    expect(remote.received.filter(({ command }) => command === 'addr')).toEqual([]);
  });

  it('is 200 addresses at most, connected peers that listen first', async () => {
    await start({ acceptPerSecond: 1000 }, kit);
    reached(...hosts(2000));
    await lab.inbound('31.1.0.1', { port: 4711 });
    await lab.inbound('31.2.0.1', { port: 0 });
    const { remote } = await lab.inbound(TELLER);
    const answer = await asked(remote);
    expect(answer).toHaveLength(200);
    expect(answer![0]).toMatchObject({ host: '31.1.0.1', port: 4711 });
    expect(answer!.map(({ host }) => host)).not.toContain('31.2.0.1');
    expect(new Set(answer!.map(({ host }) => host)).size).toBe(200);
  });

  it('has nobody who is banned, private, or was never reached', async () => {
    await start({}, kit);
    reached(...hosts(40), ...hosts(10, 66));
    lab.learn(...hosts(100, 44).map((host) => `${host}:10333`));
    await lab.pool.ban('66.0.0.0/8', { reason: 'enough', forMs: 60 * MINUTE_MS });
    await lab.inbound('10.9.0.1', { port: 10_333 });
    const { remote } = await lab.inbound(TELLER);
    const nets = new Set((await asked(remote))!.map(({ host }) => host.split('.')[0]));
    expect([...nets]).toEqual(['21']);
  });

  it('has those who have only dialled us for as long as they are there: nobody has found out whether they can be dialled', async () => {
    await start({}, kit);
    const here = await lab.inbound('31.1.0.1', { port: 4711 });
    expect(await asked((await lab.inbound(TELLER)).remote)).toMatchObject([{ host: '31.1.0.1', port: 4711 }]);
    here.remote.connection.destroy();
    await lab.clock.advance(10 * MINUTE_MS);
    expect(known('31.1.0.1', 4711)).toBe(true);
    expect(await asked((await lab.inbound('30.2.0.1')).remote)).toBeUndefined();
  });

  it('has nobody who was banned since it was put together', async () => {
    await start({}, kit);
    reached(...hosts(40));
    const { remote } = await lab.inbound(TELLER);
    expect((await asked(remote))!.length).toBeGreaterThan(5);
    await lab.pool.ban('21.0.0.0/8', { reason: 'enough', forMs: 60 * MINUTE_MS });
    expect(await asked(remote)).toBeUndefined();
  });

  it('has everybody but who asks', async () => {
    await start({}, kit);
    const [first, second] = [
      await lab.inbound('31.1.0.1', { port: 4711 }),
      await lab.inbound('31.2.0.1', { port: 4711 }),
    ];
    expect((await asked(first.remote))!.map(({ host }) => host)).toEqual(['31.2.0.1']);
    expect((await asked(second.remote))!.map(({ host }) => host)).toEqual(['31.1.0.1']);
  });

  it('is the same for everybody for ten minutes', async () => {
    await start({}, kit);
    reached(...hosts(400));
    const first = await lab.inbound(TELLER);
    const second = await lab.inbound('30.2.0.1');
    const told = await asked(first.remote);
    expect(await asked(second.remote)).toEqual(told);
    await lab.clock.advance(4 * MINUTE_MS);
    expect(await asked((await lab.inbound('30.3.0.1')).remote)).toEqual(told);
    await lab.clock.advance(6 * MINUTE_MS + 1);
    expect(await asked((await lab.inbound('30.4.0.1')).remote)).not.toEqual(told);
  });

  it('is another one at once when the book has grown by half', async () => {
    await start({}, kit);
    reached(...hosts(40));
    const { remote } = await lab.inbound(TELLER);
    const told = await asked(remote);
    reached(...hosts(10, 22));
    expect(await asked(remote)).toEqual(told);
    reached(...hosts(40, 23));
    expect(await asked(remote)).not.toEqual(told);
  });

  it('says when each was seen last, and what it offers', async () => {
    await start({}, kit);
    reached('21.1.0.1');
    const row = lab.records.rowOf({ host: '21.1.0.1', port: 10_333 })!;
    Object.assign(row, { services: 1n, lastSeenAtMs: lab.clock.now() - 5500 });
    const { remote } = await lab.inbound(TELLER);
    const [told] = (await asked(remote))!;
    const timestamp = Math.floor((lab.clock.now() - 5500) / 1000);
    expect(told).toMatchObject({ host: '21.1.0.1', port: 10_333, timestamp, services: 1n });
  });
});
