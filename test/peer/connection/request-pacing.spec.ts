import { afterEach, describe, expect, it } from '@jest/globals';
import { RequestPacing } from '../../../src/peer/connection/request-pacing.js';
import { RequestRates } from '../../../src/pool/rates/request-rates.js';
import { VirtualClock, type ScriptedPeer } from '../../../src/testing/index.js';
import type { Command, Message } from '../../../src/wire/messages.js';
import { KITS, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { PoolLab, type PoolLabOptions } from '../../support/pool-lab.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ConnectionPolicy, type RequestMeter } from '../../../src/peer/connection/connection-policy.js';

const message = (command: Command): Message => ({ command }) as Message;

function paced(...waits: (number | undefined)[]) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const pacing = new RequestPacing({ arrived: () => waits.shift() }, clock);
  return { clock, done, pacing };
}

describe('RequestPacing', () => {
  it('answers and hands on at once what need not wait', () => {
    const { clock, done, pacing } = paced(0);
    const ping = message('ping');
    expect(pacing.arrived(ping)).toBe(true);
    pacing.answer(ping, () => done.push('answered'));
    expect(pacing.turn(ping)).toBeUndefined();
    expect(done).toEqual(['answered']);
    expect(clock.pending).toBe(0);
  });

  it('refuses what is one too many', () => {
    const { clock, pacing } = paced(undefined);
    expect(pacing.arrived(message('ping'))).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('makes others wait, from when they came, however long they waited already', async () => {
    const { clock, done, pacing } = paced(1000, 1000);
    const [first, second] = [message('getdata'), message('getdata')] as const;
    pacing.arrived(first);
    pacing.arrived(second);
    await clock.advance(400);
    void pacing.turn(first)!.then(() => done.push('first'));
    await clock.advance(599);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(['first']);
    expect(pacing.turn(second)).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('lets nothing wait after stop(): the module goes, and what has come is handled and answered', async () => {
    const { clock, done, pacing } = paced(1000, 1000, 1000);
    const all = [message('ping'), message('ping'), message('getdata')] as const;
    for (const one of all) pacing.arrived(one);
    pacing.answer(all[0], () => done.push('answered'));
    void pacing.turn(all[1])!.then(() => done.push('turn'));
    pacing.stop();
    await clock.advance(0);
    expect(done).toEqual(['answered', 'turn']);
    expect(pacing.turn(all[2])).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('answers nothing any more after end(): the connection is over; what waits for its turn gets it', async () => {
    const { clock, done, pacing } = paced(1000, 1000, 1000);
    const all = [message('ping'), message('ping'), message('ping')] as const;
    for (const one of all) pacing.arrived(one);
    pacing.answer(all[0], () => done.push('answered'));
    void pacing.turn(all[1])!.then(() => done.push('turn'));
    pacing.end();
    pacing.answer(all[2], () => done.push('answered late'));
    await clock.advance(10_000);
    expect(done).toEqual(['turn']);
    expect(clock.pending).toBe(0);
  });
});

let lab: PoolLab;

const times = async (count: number, send: (i: number) => void): Promise<void> => {
  for (let i = 0; i < count; i++) send(i);
  await lab.settle();
};

const received = (remote: ScriptedPeer, command: Command): number =>
  remote.received.filter((one) => one.command === command).length;

async function start(kit: DialectKit, options: PoolLabOptions = {}): Promise<PoolLab> {
  return (lab = await PoolLab.start({ kit, ...options }));
}

/** Somebody whom the answer to getaddr can be about. */
function somebody(): void {
  lab.learn('21.1.0.1:10333');
  Object.assign(lab.records.rowOf({ host: '21.1.0.1', port: 10_333 })!, { lastSuccessAtMs: lab.clock.now() });
}

describe.each(KITS)('$name: requests of one peer', (kit) => {
  afterEach(() => lab.close());
  const rates = { getaddr: { perSecond: 1, burst: 5 }, ping: { perSecond: 1, burst: 5 } };
  const ping = (remote: ScriptedPeer, nonce = 1) => remote.send(kit.dialect.ping(1, 0, nonce));
  const ask = (remote: ScriptedPeer) => remote.send(kit.dialect.requestAddresses());

  it('are answered at once up to the burst, and at the rate above it', async () => {
    await start(kit, { pool: { rates } });
    somebody();
    const { remote } = await lab.inbound('30.1.0.1');
    await times(12, () => ask(remote));
    expect(received(remote, 'addr')).toBe(5);
    for (let second = 1; second <= 7; second++) {
      await lab.clock.advance(1000);
      expect(received(remote, 'addr')).toBe(5 + second);
    }
    await lab.clock.advance(10_000);
    expect(received(remote, 'addr')).toBe(12);
    expect(lab.core.conduct.scoreOf('30.1.0.1')).toBe(0);
  });

  it('wait in order, with all that came after them', async () => {
    await start(kit, { pool: { rates } });
    const order: string[] = [];
    const { remote } = await lab.inbound('30.1.0.1');
    somebody();
    await times(6, () => ask(remote));
    remote.send(kit.addr('21.2.0.1'));
    await lab.settle();
    order.push(`known ${lab.records.find({ host: '21.2.0.1', port: 10_333 }) !== undefined}`);
    await lab.clock.advance(1000);
    order.push(`known ${lab.records.find({ host: '21.2.0.1', port: 10_333 }) !== undefined}`);
    expect(order).toEqual(['known false', 'known true']);
  });

  it('far above it get no answer at all, and are misbehaviour: nobody waits longer than three bursts', async () => {
    await start(kit, { pool: { rates } });
    somebody();
    const { remote } = await lab.inbound('30.1.0.1');
    await times(100, () => ask(remote));
    expect(lab.core.conduct.scoreOf('30.1.0.1')).toBe(10);
    await lab.clock.advance(60_000);
    expect(received(remote, 'addr')).toBe(5 + 15);
  });

  it('are pings too: their pongs come at the rate, in order, and none beyond the debt', async () => {
    await start(kit, { pool: { rates } });
    const { remote } = await lab.inbound('30.1.0.1');
    await times(100, (i) => ping(remote, i));
    expect(received(remote, 'pong')).toBe(5);
    await lab.clock.advance(4000);
    expect(received(remote, 'pong')).toBe(9);
    await lab.clock.advance(60_000);
    const pongs = remote.received.filter((one) => one.command === 'pong') as Message<'pong'>[];
    expect(pongs.map(({ payload }) => payload.nonce)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(lab.core.conduct.scoreOf('30.1.0.1')).toBe(10);
  });

  it('take no more memory the more there are: no timer beyond the debt', async () => {
    await start(kit, { pool: { rates } });
    const { remote } = await lab.inbound('30.1.0.1');
    const before = lab.clock.pending;
    await times(50, (i) => ping(remote, i));
    const after50 = lab.clock.pending - before;
    await times(5000, (i) => ping(remote, i));
    expect(lab.clock.pending - before).toBe(after50);
    expect(after50).toBeLessThanOrEqual(18); // 15 pongs, one turn, what is written
    await lab.clock.advance(60_000);
    expect(lab.clock.pending).toBeLessThanOrEqual(before + 1); // the one that watches what is written
  });

  it('do not hold up others', async () => {
    await start(kit, { pool: { rates } });
    somebody();
    const busy = await lab.inbound('30.1.0.1');
    const other = await lab.inbound('30.2.0.1');
    await times(20, () => ask(busy.remote));
    ask(other.remote);
    ping(other.remote);
    await lab.settle();
    expect([received(other.remote, 'addr'), received(other.remote, 'pong')]).toEqual([1, 1]);
  });

  it('do not hold up the end of the module, which answers what has come', async () => {
    await start(kit, { pool: { rates } });
    const { remote } = await lab.inbound('30.1.0.1');
    await times(15, (i) => ping(remote, i));
    const before = lab.clock.monotonic();
    await lab.stop();
    expect(lab.clock.monotonic() - before).toBeLessThan(2000);
    expect(received(remote, 'pong')).toBe(15);
  });

  it('that wait are not answered all at once when we hang up', async () => {
    await start(kit, { pool: { rates } });
    const { peer, remote } = await lab.inbound('30.1.0.1');
    await times(15, (i) => ping(remote, i));
    await peer.disconnect('local');
    await lab.settle();
    expect(received(remote, 'pong')).toBe(5);
  });

  it('that are exempt have no limit', async () => {
    await start(kit, { pool: { rates, exempt: ['30.1.0.1'] } });
    const { remote } = await lab.inbound('30.1.0.1');
    for (let i = 0; i < 4; i++) await times(50, () => ping(remote, i));
    expect(received(remote, 'pong')).toBe(200);
    expect(lab.core.conduct.scoreOf('30.1.0.1')).toBe(0);
  });

  it('have a limit also where we dialled', async () => {
    await start(kit, { pool: { rates, static: ['20.1.0.1:10333'] } });
    const node = await lab.node('20.1.0.1:10333');
    await lab.clock.advance(5000);
    await times(20, (i) => ping(node.remote, i));
    expect(received(node.remote, 'pong')).toBe(5);
  });
});

describe('a peer whose policy has no meter', () => {
  it('is answered as fast as it asks', async () => {
    const plain = new PeerLab({ network: N3_KIT.network });
    const { remote } = await plain.ready();
    for (let i = 0; i < 60; i++) remote.send(N3_KIT.dialect.ping(1, 0, i));
    await plain.settle();
    expect(received(remote, 'pong')).toBe(60);
    expect(plain.handled).toHaveLength(60);
    await plain.close();
  });
});

describe('a peer whose policy has a meter', () => {
  class Metered extends ConnectionPolicy {
    constructor(private readonly meter: RequestMeter) {
      super();
    }
    refusal(): undefined {}
    objection(): undefined {}
    meterOf(): RequestMeter {
      return this.meter;
    }
    answeredFalsely(): void {}
  }

  it('pauses its remote when requests fill the inbox: the remote feels it', async () => {
    const plain = new PeerLab({ network: N3_KIT.network, limits: { inboxMessages: 3 } });
    const rates = new RequestRates({ getaddr: { perSecond: 1, burst: 1 } });
    const meter = { arrived: (command: Command) => rates.arrived(command, plain.clock.monotonic())?.waitMs ?? 0 };
    Object.assign(plain.runtime, { policy: new Metered(meter) });
    const { remote } = await plain.ready();
    for (let i = 0; i < 2; i++) remote.send(N3_KIT.dialect.requestAddresses());
    for (let i = 0; i < 20; i++) remote.send(N3_KIT.addr());
    await plain.settle();
    expect(plain.handled).toEqual(['getaddr']);
    expect(plain.countedIn('in').filter((command) => command === 'addr').length).toBeLessThan(20);
    await plain.clock.advance(1000);
    expect(plain.handled).toEqual(['getaddr', 'getaddr', ...Array<string>(20).fill('addr')]);
    await plain.close();
  });
});
