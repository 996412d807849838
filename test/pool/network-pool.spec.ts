import { afterEach, describe, expect, it } from '@jest/globals';
import type { PoolOptions } from '../../src/config/pool-options.js';
import type { Address } from '../../src/peer/peer-factory.js';
import { NoPeerError } from '../../src/pool/no-peer.error.js';
import { KITS, N3_KIT, type DialectKit } from '../support/dialect-kit.js';
import { failure } from '../support/failure.js';
import { OUR_HOST, PoolLab, PoolWorld } from '../support/pool-lab.js';

const MINUTE_MS = 60_000;

let lab: PoolLab;
afterEach(() => lab.close());

async function start(pool: PoolOptions = {}, kit: DialectKit = N3_KIT): Promise<PoolLab> {
  return (lab = await PoolLab.start({ pool, kit }));
}

const why = (address: Address): string => lab.pool.explain(address).why;

describe('peers()', () => {
  it('are all that are ready, whoever dialled, those that became so first at the front', async () => {
    await start({ outbound: 1 });
    await lab.inbound('30.1.0.1');
    await lab.node('20.1.0.1:10333');
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    await lab.connect('30.2.0.1');
    await lab.inbound('30.3.0.1');
    expect(lab.pool.peers().map(({ remoteAddress }) => remoteAddress.host)).toEqual([
      '30.1.0.1',
      '20.1.0.1',
      '30.3.0.1',
    ]);
  });
});

describe.each(KITS)('$name: broadcast()', (kit) => {
  it('queues a message at every ready peer, and says at how many', async () => {
    await start({}, kit);
    const remotes = [];
    for (const host of ['30.1.0.1', '30.2.0.1', '30.3.0.1']) remotes.push((await lab.inbound(host)).remote);
    await lab.connect('30.4.0.1');
    expect(lab.pool.broadcast(kit.dialect.requestAddresses())).toBe(3);
    await lab.settle();
    for (const { received } of remotes) expect(received.at(-1)?.command).toBe('getaddr');
  });

  it('queues it at those alone that are chosen', async () => {
    await start({}, kit);
    const [a, b] = [await lab.inbound('30.1.0.1'), await lab.inbound('30.2.0.1')];
    expect(lab.pool.broadcast(kit.dialect.requestAddresses(), { to: (peer) => peer === b.peer })).toBe(1);
    expect(lab.pool.broadcast(kit.dialect.requestAddresses(), { to: () => false })).toBe(0);
    await lab.settle();
    const asked = [a, b].map(({ remote }) => remote.received.filter(({ command }) => command === 'getaddr').length);
    expect(asked).toEqual([0, 1]);
  });

  it('never waits for one: whoever does not read gets nothing more, and the others everything', async () => {
    const world = new PoolWorld({ windowBytes: 500 });
    lab = await PoolLab.start({ kit, world, options: { limits: { outboxMessages: 5 } } });
    const [slow, quick] = [await lab.inbound('30.1.0.1'), await lab.inbound('30.2.0.1')];
    slow.remote.connection.pause();
    const announcement = kit.dialect.inventory('block', kit.hashes(300));
    const counts: number[] = [];
    for (let i = 0; i < 60; i++) {
      counts.push(lab.pool.broadcast(announcement));
      await lab.settle();
    }
    expect(counts[0]).toBe(2);
    expect(counts.at(-1)).toBe(1);
    expect(quick.remote.received.filter(({ command }) => command === 'inv')).toHaveLength(60);
    slow.remote.connection.resume();
  });
});

describe('requestFromAny()', () => {
  it('asks a peer within limits, and another one where it stalls', async () => {
    await start();
    const [a, b] = [await lab.inbound('30.1.0.1'), await lab.inbound('30.2.0.1')];
    const [block] = N3_KIT.blocks(1);
    const answer = lab.pool.requestFromAny((peer, options) => peer.requestBlocks([block!.hash], options));
    void b.remote.expect('getdata').then(() => b.remote.send(N3_KIT.block(block!)));
    await a.remote.expect('getdata');
    await lab.clock.advance(10_000);
    expect((await answer).found).toHaveLength(1);
  });

  it('waits as long as a request may take by default', async () => {
    await start();
    const failed = failure(lab.pool.requestFromAny((peer) => peer.ping()));
    await lab.clock.advance(59_999);
    expect(await Promise.race([failed, Promise.resolve('waits')])).toBe('waits');
    await lab.clock.advance(1);
    expect(await failed).toBeInstanceOf(NoPeerError);
    expect(await failed).toMatchObject({ timeoutMs: 60_000 });
  });
});

describe('status()', () => {
  it('says how the pool is doing', async () => {
    await start({ outbound: 3, maxInbound: 7, static: ['20.9.0.1:10333', '20.8.0.1:10333'] });
    expect(lab.pool.status()).toEqual({
      outbound: { wanted: 3, ready: 0, dialling: 0 },
      kept: { wanted: 2, ready: 0 },
      inbound: { connected: 0, allowed: 7 },
      groups: 0,
      book: { known: 2, tried: 0 },
      bans: 0,
      starvedSinceMs: undefined,
      bansFrozenUntilMs: undefined,
      refused: { shutdown: 0, banned: 0, full: 0, 'address-limit': 0, 'group-limit': 0, rate: 0 },
      evicted: 0,
    });
    await lab.nodesAt(['20.9.0.1', '20.1.0.1', '20.1.1.1']);
    await lab.mute('20.2.0.1:10333');
    lab.learn('20.1.0.1:10333', '20.1.1.1:10333', '20.2.0.1:10333');
    await lab.inbound('30.1.0.1');
    await lab.connect('30.1.0.2');
    await lab.clock.advance(6000);
    expect(lab.pool.status()).toMatchObject({
      outbound: { wanted: 3, ready: 2, dialling: 1 },
      kept: { wanted: 2, ready: 1 },
      inbound: { connected: 2, allowed: 7 },
      groups: 4,
      book: { known: 5, tried: 3 },
    });
  });
});

describe('explain()', () => {
  it('says what is going on with an address that is dialled', async () => {
    await start({ outbound: 1 });
    await lab.mute('20.1.0.1:10333');
    await lab.node('20.2.0.1:10333');
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({ dialled: true, why: 'negotiating (automatic)' });
    await lab.factory.dial('20.2.0.1:10333');
    expect(lab.pool.explain('20.2.0.1:10333')).toEqual({ dialled: true, why: 'connected' });
  });

  it('says that a dial is under way', async () => {
    lab = await PoolLab.start({ pool: { outbound: 1 }, world: new PoolWorld({ latencyMs: 50 }) });
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({ dialled: true, why: 'dialling (automatic)' });
    await lab.clock.advance(200);
  });

  it('says how an address is banned, by whom, why and until when', async () => {
    await start({ outbound: 1 });
    lab.learn('20.1.0.1:10333');
    await lab.pool.ban('20.0.0.0/8', { reason: 'enough', forMs: MINUTE_MS });
    const until = new Date(lab.clock.now() + MINUTE_MS).toISOString();
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({
      dialled: false,
      why: `banned as 20.0.0.0/8 until ${until} by operator: enough`,
    });
  });

  it('says that an address is our own', async () => {
    await start({ outbound: 1 });
    lab.learn(`${OUR_HOST}:10333`);
    await lab.clock.advance(10);
    expect(lab.pool.explain(`${OUR_HOST}:10333`)).toEqual({ dialled: false, why: 'it is our own address' });
  });

  it('says that an address is kept', async () => {
    await start({ static: ['20.1.0.1:10333'] });
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({
      dialled: true,
      why: 'to be connected to at all times: it is dialled again soon',
    });
  });

  it('says that nobody knows it', async () => {
    await start();
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({ dialled: false, why: 'it is not in the address book' });
    expect(why('a.example:1')).toContain('not in the address book');
  });

  it('says that nobody would believe it', async () => {
    await start({ exempt: ['10.0.0.0/8'] });
    expect(why('192.168.0.1:10333')).toBe(
      'it is not in the address book, and gossip of private addresses is not believed',
    );
    expect(why('10.0.0.1:10333')).toBe('it is not in the address book');
  });

  it('says that it rests, until when, and after how many failures', async () => {
    await start({ outbound: 1 });
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    const { nextDialAtMs } = lab.records.find({ host: '20.1.0.1', port: 10_333 })!;
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({
      dialled: false,
      why: `it rests until ${new Date(nextDialAtMs!).toISOString()}, after 1 failed dials in a row`,
    });
  });

  it('says that the node is connected already, or one in its group', async () => {
    await start({ outbound: 2 });
    await lab.nodesAt(['20.1.0.1']);
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(10);
    lab.learn('20.1.0.2:10333');
    expect(lab.pool.explain('20.1.0.2:10333')).toEqual({
      dialled: false,
      why: 'there is an outbound peer in its group, 20.1.0.0/24',
    });
    await lab.inbound('30.1.0.1', { port: 10_333 });
    expect(lab.pool.explain('30.1.0.1:10333')).toEqual({ dialled: false, why: 'that node is connected already' });
  });

  it('says that it may be dialled, or that there is no slot for it', async () => {
    await start({ outbound: 1, dialsPerSecond: 0.001 });
    lab.learn('20.1.0.1:10333');
    await lab.node('20.1.0.1:10333');
    await lab.clock.advance(10);
    lab.learn('20.2.0.1:10333');
    expect(lab.pool.explain('20.2.0.1:10333')).toEqual({ dialled: false, why: 'all outbound slots are taken' });
    await lab.pool.disconnect('20.1.0.1:10333');
    await lab.settle();
    expect(lab.pool.explain('20.2.0.1:10333')).toEqual({ dialled: true, why: 'it may be picked for a free slot' });
  });
});
