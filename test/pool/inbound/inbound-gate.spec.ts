import { afterEach, describe, expect, it } from '@jest/globals';
import type { PoolOptions } from '../../../src/config/pool-options.js';
import type { Connection } from '../../../src/environment/connection.js';
import { Transport } from '../../../src/environment/transport.js';
import { InboundRefusal } from '../../../src/peer/connection/inbound-refusal.js';
import type { Peer } from '../../../src/peer/peer.js';
import { ScriptedPeer } from '../../../src/testing/index.js';
import { KITS } from '../../support/dialect-kit.js';
import { PoolLab, PoolWorld } from '../../support/pool-lab.js';

let lab: PoolLab;
afterEach(() => lab.close());

async function start(pool: PoolOptions, world = new PoolWorld()): Promise<PoolLab> {
  return (lab = await PoolLab.start({ pool: { acceptPerSecond: 1000, ...pool }, world }));
}

/** The hosts that connect, one after the other; which of them got in. */
async function knock(...hosts: string[]): Promise<boolean[]> {
  const letIn: boolean[] = [];
  for (const host of hosts) {
    const remote = await lab.connect(host);
    let isOver = false;
    void remote.closed.then(() => (isOver = true));
    await lab.settle();
    letIn.push(!isOver);
  }
  return letIn;
}

const refused = () => lab.pool.status().refused;
const none = Object.fromEntries(Object.keys(InboundRefusal).map((reason) => [reason, 0]));

describe.each(KITS)('$name: who is turned away', (kit) => {
  it('is dropped without a word, before it becomes a peer, told in an event and counted', async () => {
    lab = await PoolLab.start({ kit, pool: { maxPerAddress: 1 } });
    let connected = 0;
    lab.events.on('connected', () => connected++);
    await lab.inbound('30.1.0.1');
    const [, second] = [await lab.connect('30.1.0.1'), await lab.connect('30.1.0.1')];
    await second.closed;
    expect(second.received).toEqual([]);
    expect(connected).toBe(1);
    expect(lab.happened).toEqual(['refusedInbound 30.1.0.1 address-limit', 'refusedInbound 30.1.0.1 address-limit']);
    expect(refused()).toEqual({ ...none, 'address-limit': 2 });
  });
});

describe('a connection', () => {
  it('is refused when its address has three: the fourth', async () => {
    await start({});
    expect(await knock('30.1.0.1', '30.1.0.1', '30.1.0.1', '30.1.0.1', '30.1.0.2')).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(refused()).toEqual({ ...none, 'address-limit': 1 });
  });

  it('is let in again when one of those has gone', async () => {
    await start({ maxPerAddress: 1 });
    await knock('30.1.0.1');
    lab.remotes[0]!.connection.destroy();
    await lab.settle();
    expect(await knock('30.1.0.1')).toEqual([true]);
  });

  it('counts with all of its /64, where it comes over IPv6', async () => {
    await start({ maxPerAddress: 2 });
    const hosts = ['2600:1:2:3::1', '2600:1:2:3::2', '2600:1:2:3:ffff::', '2600:1:2:4::1'];
    expect(await knock(...hosts)).toEqual([true, true, false, true]);
    expect(refused()).toEqual({ ...none, 'address-limit': 1 });
  });

  it('counts as IPv4 where that is written as IPv6', async () => {
    await start({ maxPerAddress: 1 });
    expect(await knock('30.1.0.1', '::ffff:30.1.0.1')).toEqual([true, false]);
  });

  it.each([
    [['30.1.0.1', '30.1.0.2', '30.1.0.3', '30.1.1.1']],
    [['2600:1:2:1::1', '2600:1:2:2::1', '2600:1:2:3::1', '2600:1:3::1']],
  ])('is refused when its group has enough: %j', async (hosts) => {
    await start({ maxPerGroup: 2 });
    expect(await knock(...hosts)).toEqual([true, true, false, true]);
    expect(refused()).toEqual({ ...none, 'group-limit': 1 });
  });

  it('is refused when they come too fast, in bursts of two seconds’ worth', async () => {
    await start({ acceptPerSecond: 2 });
    const hosts = Array.from({ length: 6 }, (_, i) => `30.${i}.0.1`);
    expect(await knock(...hosts)).toEqual([true, true, true, true, false, false]);
    expect(refused()).toEqual({ ...none, rate: 2 });
    await lab.clock.advance(500);
    expect(await knock('31.1.0.1', '31.2.0.1')).toEqual([true, false]);
  });

  it('is refused when its group alone takes a quarter of what may come, and others are not', async () => {
    await start({ acceptPerSecond: 8 });
    const hosts = Array.from({ length: 6 }, (_, i) => `30.1.0.${i + 1}`);
    expect(await knock(...hosts)).toEqual([true, true, true, true, false, false]);
    expect(refused()).toEqual({ ...none, rate: 2 });
    expect(await knock('30.1.1.1')).toEqual([true]);
    await lab.clock.advance(500);
    expect(await knock('30.1.0.7', '30.1.0.8')).toEqual([true, false]);
  });

  it('does not use up the rate of others while it may not come anyway', async () => {
    await start({ acceptPerSecond: 2, maxPerAddress: 1 });
    await knock(...Array<string>(20).fill('30.1.0.1'));
    expect(refused()).toEqual({ ...none, 'address-limit': 19 });
    expect(await knock('30.2.0.1', '30.3.0.1')).toEqual([true, true]);
  });

  it('is refused while its address is banned, exempt or not, and says no more than that', async () => {
    await start({ exempt: ['30.2.0.0/16'] });
    await lab.pool.ban('30.0.0.0/8', { reason: 'enough', forMs: 1000 });
    expect(await knock('30.1.0.1', '30.2.0.1', '31.1.0.1')).toEqual([false, false, true]);
    expect(refused()).toEqual({ ...none, banned: 2 });
    await lab.clock.advance(1000);
    expect(await knock('30.1.0.1')).toEqual([true]);
  });

  it('has no limit by address, group and rate where it is exempt, but counts for the total', async () => {
    await start({
      maxPerAddress: 1,
      maxPerGroup: 1,
      acceptPerSecond: 1,
      maxInbound: 6,
      exempt: ['10.0.0.0/8', '2600:1::/32'],
    });
    const hosts = [
      '10.0.0.1',
      '10.0.0.1',
      '10.0.0.2',
      '2600:1:2:3::1',
      '2600:1:2:3::1',
      '30.1.0.1',
      '30.2.0.1',
      '10.0.0.3',
    ];
    expect(await knock(...hosts)).toEqual([true, true, true, true, true, true, false, false]);
    expect(refused()).toEqual({ ...none, full: 2 });
    expect(lab.pool.status().inbound).toEqual({ connected: 6, allowed: 6 });
  });

  it('is refused with `maxInbound: 0`', async () => {
    await start({ maxInbound: 0 });
    expect(await knock('30.1.0.1')).toEqual([false]);
    expect(refused()).toEqual({ ...none, full: 1 });
    expect(lab.pool.status()).toMatchObject({ inbound: { connected: 0, allowed: 0 }, evicted: 0 });
  });

  it('is refused while the module stops, and counted too', async () => {
    let accept: ((connection: Connection) => void) | undefined;
    const world = new PoolWorld();
    const transport = world.memory.transport('20.0.0.1');
    const listen = transport.listen.bind(transport);
    transport.listen = (on, accepted) => listen(on, (accept = accepted));
    lab = await PoolLab.start({
      world,
      override: (builder) => builder.overrideProvider(Transport).useValue(transport),
    });
    const { pool } = lab;
    const late = await listen({ port: 1 }, (connection) => accept?.(connection));
    await lab.stop();
    const remote = await ScriptedPeer.connect(world.memory.transport('30.1.0.1'), late.address, lab.script());
    await remote.closed;
    await late.close();
    expect(lab.happened).toEqual(['refusedInbound 30.1.0.1 shutdown']);
    expect(pool.status().refused).toEqual({ ...none, shutdown: 1 });
  });
});

/** Peers of as many groups, the first ones first, each a second after the one before. */
async function fill(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await lab.inbound(`30.${i}.0.1`);
    await lab.clock.advance(1000);
  }
}

describe('when all places are taken', () => {
  it('a newcomer is refused where everybody is protected: of up to four groups the longest-lived are', async () => {
    await start({ maxInbound: 4 });
    await fill(4);
    expect(await knock('31.1.0.1')).toEqual([false]);
    expect(refused()).toEqual({ ...none, full: 1 });
    expect(lab.pool.status().evicted).toBe(0);
  });

  it('one has to go for a newcomer, which is told, and counted', async () => {
    await start({ maxInbound: 10 });
    await fill(10);
    expect(await knock('31.1.0.1')).toEqual([true]);
    await lab.settle();
    expect(lab.happened).toEqual(['evicted 30.9.0.1', 'disconnected 30.9.0.1 evicted']);
    expect(lab.pool.status()).toMatchObject({ evicted: 1, inbound: { connected: 10, allowed: 10 } });
    expect(refused()).toEqual(none);
  });

  it('as many have to go as come, each once, also while they are still going', async () => {
    await start({ maxInbound: 20, maxPerGroup: 100 }, new PoolWorld({ latencyMs: 100 }));
    for (let i = 0; i < 20; i++) {
      const remote = ScriptedPeer.connect(
        lab.memory.transport(`30.${i}.0.1`),
        { host: lab.host, port: 10_333 },
        lab.script(),
      );
      await lab.clock.advance(300);
      lab.remotes.push(await remote);
      const shaken = lab.remotes.at(-1)!.handshake();
      await lab.clock.advance(500);
      await shaken;
    }
    expect(lab.pool.status().inbound.connected).toBe(20);
    const evicted: unknown[] = [];
    lab.events.on('evicted', (peer) => evicted.push(peer));
    const newcomers = Array.from({ length: 4 }, (_, i) =>
      ScriptedPeer.connect(lab.memory.transport(`31.${i}.0.1`), { host: lab.host, port: 10_333 }, lab.script()),
    );
    await lab.clock.advance(250);
    lab.remotes.push(...(await Promise.all(newcomers)));
    expect(new Set(evicted).size).toBe(4);
    expect(evicted).toHaveLength(4);
    await lab.clock.advance(1000);
    expect(lab.pool.status()).toMatchObject({ evicted: 4, inbound: { connected: 20 } });
  });

  it('nobody else has to go for one while a place is free, though one who was told to go is still there', async () => {
    await start({ maxInbound: 10 }, new PoolWorld({ latencyMs: 100 }));
    const come = async (host: string): Promise<ScriptedPeer> => {
      const coming = ScriptedPeer.connect(lab.memory.transport(host), { host: lab.host, port: 10_333 }, lab.script());
      await lab.clock.advance(200);
      const remote = await coming;
      lab.remotes.push(remote);
      return remote;
    };
    for (let i = 0; i < 10; i++) {
      const remote = await come(`30.${i}.0.1`);
      const shaken = remote.handshake();
      await lab.clock.advance(1000);
      await shaken;
    }
    await lab.clock.advance(15_000);
    const evicted: Peer[] = [];
    lab.events.on('evicted', (peer) => evicted.push(peer));
    // The one who is told to go never hears of it: its connection stays until the time to drain is over.
    const paused = lab.remotes.map(({ connection }) => connection);
    for (const connection of paused) connection.pause();
    await come('31.0.0.1');
    expect(evicted).toHaveLength(1);
    paused[0]!.resume();
    paused[0]!.destroy();
    await lab.clock.advance(200);
    await come('31.1.0.1');
    expect(evicted).toHaveLength(1);
    await come('31.2.0.1');
    expect(evicted).toHaveLength(2);
    expect(new Set(evicted).size).toBe(2);
  });

  it('exempt ones stay', async () => {
    await start({ maxInbound: 10, exempt: ['10.0.0.0/8'] });
    for (let i = 0; i < 5; i++) await lab.inbound(`10.0.0.${i + 1}`);
    await fill(5);
    await knock('31.1.0.1');
    expect(lab.happened.filter((what) => what.startsWith('evicted'))).toEqual(['evicted 30.4.0.1']);
  });

  it('the one goes that has misbehaved', async () => {
    await start({ maxInbound: 12 });
    await fill(12);
    lab.pool.report(lab.pool.peers()[6]!, 'request-flood');
    lab.pool.report(lab.pool.peers()[7]!, 'bad-checksum');
    await knock('31.1.0.1');
    expect(lab.happened).toContain('evicted 30.7.0.1');
  });
});
