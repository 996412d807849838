import { afterEach, describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../../src/config/options.error.js';
import { MISBEHAVIOUR_WEIGHTS, type Misbehaviour } from '../../../src/pool/misbehaviour/misbehaviour.js';
import type { Peer } from '../../../src/peer/peer.js';
import { BanSubjectError } from '../../../src/pool/bans/ban-subject.error.js';
import type { Ban } from '../../../src/persistence/ban.js';
import { failure } from '../../support/failure.js';
import { PoolLab, type PoolLabOptions } from '../../support/pool-lab.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BAD = '30.1.0.1';

let lab: PoolLab;
let banned: Ban[];
afterEach(() => lab.close());

async function start(options: PoolLabOptions = {}): Promise<PoolLab> {
  lab = await PoolLab.start(options);
  banned = [];
  lab.events.on('banned', (ban) => banned.push(ban));
  return lab;
}

/** As many reports as it takes, each counted. */
async function misbehave(peer: Peer, kind: Misbehaviour, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    lab.pool.report(peer, kind, 'seen');
    await lab.clock.advance(1000);
  }
}

describe('misbehaviour', () => {
  it.each(Object.entries(MISBEHAVIOUR_WEIGHTS) as [Misbehaviour, number][])(
    'of the kind %s, %d points, bans at a hundred and not before',
    async (kind, weight) => {
      await start();
      const { peer } = await lab.inbound(BAD);
      const needed = Math.ceil(100 / weight);
      await misbehave(peer, kind, needed - 1);
      expect(banned).toEqual([]);
      expect(peer.state).toBe('ready');
      const atMs = lab.clock.now();
      lab.pool.report(peer, kind, 'the last straw');
      expect(banned).toEqual([
        {
          subject: BAD,
          reason: kind,
          evidence: 'the last straw',
          author: 'automatic',
          sinceMs: atMs,
          untilMs: atMs + DAY_MS,
        },
      ]);
    },
  );

  it('cuts off everybody at the address, turns them away, and keeps us from dialling it', async () => {
    await start({ pool: { outbound: 8 } });
    const peers = [await lab.inbound(BAD), await lab.inbound(BAD), await lab.inbound('30.1.0.2')];
    await misbehave(peers[0]!.peer, 'invalid-block');
    await lab.settle();
    expect(lab.happened).toEqual([
      `banned ${BAD} invalid-block`,
      `disconnected ${BAD} banned`,
      `disconnected ${BAD} banned`,
    ]);
    expect(peers[2]!.peer.state).toBe('ready');
    await (
      await lab.connect(BAD)
    ).closed;
    expect(lab.happened.at(-1)).toBe(`refusedInbound ${BAD} banned`);
    await lab.node(`${BAD}:10333`);
    lab.learn(`${BAD}:10333`);
    await lab.clock.advance(HOUR_MS);
    expect(lab.dialsTo(`${BAD}:10333`)).toEqual([]);
    expect(lab.pool.explain(`${BAD}:10333`)).toMatchObject({
      dialled: false,
      why: expect.stringMatching(/^banned as 30\.1\.0\.1 until .*Z by automatic: invalid-block$/),
    });
  });

  it('counts for all of the /64, where it comes over IPv6', async () => {
    await start();
    const first = await lab.inbound('2600:1:2:3::1');
    await misbehave(first.peer, 'malformed');
    const second = await lab.inbound('2600:1:2:3::2');
    await misbehave(second.peer, 'malformed');
    expect(banned).toMatchObject([{ subject: '2600:1:2:3::/64' }]);
    await lab.settle();
    expect([first.peer.state, second.peer.state]).toEqual(['closed', 'closed']);
  });

  it('is not washed off by connecting anew', async () => {
    await start();
    for (let i = 0; i < 4; i++) {
      const { peer, remote } = await lab.inbound(BAD);
      await misbehave(peer, 'bad-checksum');
      remote.connection.destroy();
      await lab.settle();
    }
    expect(banned).toMatchObject([{ subject: BAD, reason: 'bad-checksum' }]);
  });

  it('is forgiven in time: points halve every hour', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'malformed');
    expect(lab.core.conduct.scoreOf(BAD)).toBe(50);
    await lab.clock.advance(HOUR_MS - 1000);
    expect(lab.core.conduct.scoreOf(BAD)).toBe(25);
    lab.pool.report(peer, 'malformed');
    expect(banned).toEqual([]);
    expect(lab.core.conduct.scoreOf(BAD)).toBe(75);
  });

  it('bans at the score, and for the time, that the options say', async () => {
    await start({ pool: { banScore: 20, banMs: 5000 } });
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'handshake-disorder');
    expect(banned).toMatchObject([{ untilMs: banned[0]!.sinceMs + 5000 }]);
    await lab.clock.advance(60_000);
    expect(lab.pool.bans()).toEqual([]);
    expect(lab.happened.at(-1)).toBe(`unbanned ${BAD}`);
    await lab.inbound(BAD);
  });

  it('leaves evidence of 300 characters at most: remotes choose parts of it', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    lab.pool.report(peer, 'invalid-block', 'x'.repeat(5000));
    expect(banned[0]!.evidence).toBe('x'.repeat(300));
  });

  it('that the application makes up is refused: there is a closed set', async () => {
    await start();
    const { peer } = await lab.inbound('30.1.0.1');
    expect(() => lab.pool.report(peer, 'rude' as never)).toThrow(OptionsError);
  });

  it('that the application reports without evidence says who reported it', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    lab.pool.report(peer, 'invalid-block');
    expect(banned[0]!.evidence).toBe('reported by the application');
  });

  it('of a peer that has gone counts all the same', async () => {
    await start();
    const { peer, remote } = await lab.inbound(BAD);
    remote.connection.destroy();
    await lab.settle();
    lab.pool.report(peer, 'invalid-block');
    expect(banned).toMatchObject([{ subject: BAD }]);
  });
});

describe('nothing follows', () => {
  it('for exempt addresses', async () => {
    await start({ pool: { exempt: ['30.1.0.0/16'] } });
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'invalid-block', 5);
    expect([banned, peer.state, lab.core.conduct.scoreOf(BAD)]).toEqual([[], 'ready', 0]);
  });

  it('for an exempt address whose neighbour in the same /64 is banned: the neighbour goes alone', async () => {
    await start({ pool: { exempt: ['2600:1:2:3::1'] } });
    const ours = await lab.inbound('2600:1:2:3::1');
    const bad = await lab.inbound('2600:1:2:3::2');
    await misbehave(bad.peer, 'invalid-block');
    await lab.settle();
    expect(banned).toMatchObject([{ subject: '2600:1:2:3::2' }]);
    expect([ours.peer.state, bad.peer.state]).toEqual(['ready', 'closed']);
    await lab.inbound('2600:1:2:3::1');
  });

  it('for those that somebody wants to be connected to at all times', async () => {
    await start({ pool: { static: [`${BAD}:10333`] } });
    await lab.node(`${BAD}:10333`);
    await lab.clock.advance(5000);
    const [peer] = lab.pool.peers();
    await misbehave(peer!, 'invalid-block', 5);
    expect([banned, peer!.state]).toEqual([[], 'ready']);
  });

  it('for such a node when it is the one that has dialled us', async () => {
    await start({ pool: { static: [`${BAD}:10333`] } });
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'invalid-block', 5);
    expect([banned, peer.state]).toEqual([[], 'ready']);
    await lab.pool.disconnect(`${BAD}:10333`);
    await misbehave(peer, 'invalid-block');
    expect(banned).toMatchObject([{ subject: BAD }]);
  });

  it('for such a node that is known by a name', async () => {
    await start();
    lab.resolver.set('a.example', [BAD]);
    await lab.node(`${BAD}:10333`);
    await lab.pool.connect('a.example:10333');
    await misbehave(lab.pool.peers()[0]!, 'invalid-block', 3);
    expect(banned).toEqual([]);
  });

  it('for timeouts and failed dials, however many', async () => {
    await start({
      pool: { outbound: 3, dialTimeoutMs: 1000 },
      options: { timeouts: { handshakeMs: 1000, idleMs: 1000 } },
    });
    await lab.mute('20.1.0.1:10333');
    await lab.node('20.3.0.1:10333');
    lab.learn('20.1.0.1:10333', '20.2.0.1:10333', '20.3.0.1:10333');
    for (let i = 0; i < 20; i++) {
      await lab.connect(BAD);
      await lab.clock.advance(60_000);
    }
    const reasons = new Set(lab.happened.map((what) => what.split(' ').at(-1)));
    expect(reasons).toContain('handshake-timeout');
    expect(reasons).toContain('idle');
    expect(banned).toEqual([]);
    for (const client of [BAD, '20.1.0.1', '20.2.0.1', '20.3.0.1']) expect(lab.core.conduct.scoreOf(client)).toBe(0);
  });

  it('but a line in a dry run, whose bans are recorded', async () => {
    await start({ pool: { dryRun: true } });
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'invalid-block');
    expect(banned).toMatchObject([{ subject: BAD, dryRun: true, author: 'automatic' }]);
    expect(lab.pool.bans()).toEqual(banned);
    expect(peer.state).toBe('ready');
    await lab.inbound(BAD);
    expect(lab.logger.warnings).toEqual([expect.stringContaining('dry run: nothing follows')]);
  });

  it('for an address that an operator has banned in another way already', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    await lab.pool.ban(BAD, { reason: 'operator', forMs: HOUR_MS });
    lab.pool.report(peer, 'invalid-block');
    expect(lab.pool.bans()).toMatchObject([{ author: 'operator' }]);
    expect(banned).toHaveLength(1);
  });
});

/** As many peers as that, of distinct groups. */
async function crowd(count: number): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (let i = 0; i < count; i++) peers.push((await lab.inbound(`30.${i}.0.1`)).peer);
  return peers;
}

describe('the brake', () => {
  it('stops automatic bans when too many of all peers would go, says so once, and lets go when the window is over', async () => {
    await start({ pool: { maxInbound: 50, acceptPerSecond: 1000 } });
    const peers = await crowd(10);
    for (const peer of peers) await misbehave(peer, 'invalid-block');
    expect(banned.map(({ subject }) => subject)).toEqual(['30.0.0.1', '30.1.0.1', '30.2.0.1']);
    expect(lab.happened.filter((what) => what.startsWith('banBrake'))).toEqual(['banBrake 0.40']);
    expect(lab.logger.errors).toEqual([expect.stringContaining('40 % of all peers')]);
    expect(peers.slice(3).map(({ state }) => state)).toEqual(Array(7).fill('ready'));
    const { bansFrozenUntilMs } = lab.pool.status();
    expect(bansFrozenUntilMs).toBeGreaterThan(lab.clock.now());
    await lab.clock.advance(bansFrozenUntilMs! - lab.clock.now());
    expect(lab.pool.status().bansFrozenUntilMs).toBeUndefined();
    const { peer } = await lab.inbound('31.0.0.1');
    await misbehave(peer, 'invalid-block');
    expect(banned.at(-1)).toMatchObject({ subject: '31.0.0.1' });
  });

  it('holds up no ban of an operator', async () => {
    await start({ pool: { maxInbound: 50, acceptPerSecond: 1000 } });
    const peers = await crowd(6);
    for (const peer of peers) await misbehave(peer, 'invalid-block');
    expect(lab.pool.status().bansFrozenUntilMs).toBeDefined();
    await lab.pool.ban('30.5.0.1', { reason: 'operator', forMs: HOUR_MS });
    await lab.settle();
    expect(peers[5]!.state).toBe('closed');
  });

  it('is not pulled by a dry run, which bans nobody', async () => {
    await start({ pool: { dryRun: true, maxInbound: 50, acceptPerSecond: 1000 } });
    for (const peer of await crowd(10)) await misbehave(peer, 'invalid-block');
    expect(banned).toHaveLength(10);
    expect(lab.pool.status().bansFrozenUntilMs).toBeUndefined();
  });
});

/** One of ours misbehaves, and a new window begins. @returns its host */
async function oneMisbehaves(which = 0): Promise<string> {
  const { outboundHosts } = lab;
  const host = outboundHosts[which]!;
  const peer = lab.pool.peers().find(({ remoteAddress }) => remoteAddress.host === host);
  lab.pool.report(peer!, 'invalid-block', 'seen');
  await lab.clock.advance(11 * 60_000);
  return host;
}

describe('the brake, of those whom we chose,', () => {
  const hosts = Array.from({ length: 20 }, (_, i) => `20.${i + 1}.0.1`);

  /** A node with 8 automatic peers, and others to take their places. */
  async function choosy(options: PoolLabOptions = {}): Promise<PoolLab> {
    await start({ ...options, pool: { outbound: 8, maxInbound: 50, acceptPerSecond: 1000, ...options.pool } });
    await lab.nodesAt(hosts);
    lab.learn(...hosts.map((host) => `${host}:10333`));
    await lab.clock.advance(5000);
    expect(lab.outboundHosts).toHaveLength(8);
    return lab;
  }

  it('lets no more than the share be banned at a time, however slowly it goes', async () => {
    await choosy();
    for (let i = 0; i < 20; i++) await oneMisbehaves(i % 8);
    expect(banned).toHaveLength(3);
    expect(lab.outboundHosts).toHaveLength(8);
    expect(lab.happened.filter((what) => what.startsWith('banBrake'))).toEqual(Array(17).fill('banBrake 0.36'));
    expect(lab.logger.errors[0]).toMatch(/^36 % of the peers that we chose .* Automatic bans of such are frozen/);
  });

  it('bans others without end meanwhile', async () => {
    await choosy();
    for (let i = 0; i < 4; i++) await oneMisbehaves();
    banned.length = 0;
    for (let i = 0; i < 10; i++) {
      const { peer } = await lab.inbound(`30.${i}.0.1`);
      await misbehave(peer, 'invalid-block');
      await lab.clock.advance(11 * 60_000);
    }
    expect(banned).toHaveLength(10);
  });

  it('does not let a client be banned by a second connection that it has made itself', async () => {
    await choosy();
    for (let i = 0; i < 3; i++) await oneMisbehaves();
    const [host] = lab.outboundHosts;
    const { peer } = await lab.inbound(host!, { nonce: 4711 });
    expect(peer.direction).toBe('inbound');
    await misbehave(peer, 'invalid-block');
    expect(banned).toHaveLength(3);
    expect(lab.happened.filter((what) => what.startsWith('banBrake'))).toHaveLength(1);
  });

  it('counts those too that were found out when they had gone', async () => {
    await choosy();
    const chosen = lab.pool.peers().filter(({ direction }) => direction === 'outbound');
    for (const node of lab.nodes) for (const remote of node.remotes) remote.connection.destroy();
    await lab.clock.advance(5000);
    expect(lab.outboundHosts).toHaveLength(8);
    for (const peer of chosen) {
      lab.pool.report(peer, 'invalid-block', 'found out late');
      await lab.clock.advance(11 * 60_000);
    }
    expect(banned).toHaveLength(3);
  });

  it('goes on counting after a restart', async () => {
    const before = await choosy();
    for (let i = 0; i < 3; i++) await oneMisbehaves();
    await before.stop();
    await before.leave();
    await choosy({ world: before.world, store: before.store });
    await oneMisbehaves();
    expect(banned).toEqual([]);
    expect(lab.pool.bans()).toHaveLength(3);
  });

  it('lets go when bans are lifted, or are over', async () => {
    await choosy();
    const hostsBanned = [await oneMisbehaves(), await oneMisbehaves(), await oneMisbehaves()];
    await lab.pool.unban(hostsBanned[0]!);
    await oneMisbehaves();
    expect(banned).toHaveLength(4);
    await oneMisbehaves();
    expect(banned).toHaveLength(4);
    await lab.clock.advance(DAY_MS);
    expect(lab.pool.bans()).toEqual([]);
    for (let i = 0; i < 4; i++) await oneMisbehaves();
    expect(banned).toHaveLength(7);
  });

  it('is not pulled by a dry run, which bans nobody', async () => {
    await choosy({ pool: { dryRun: true } });
    for (let i = 0; i < 6; i++) await oneMisbehaves(i);
    expect(banned).toHaveLength(6);
    expect(lab.core.state.setting('chosen-bans')).toBeUndefined();
  });
});

describe('an operator', () => {
  it('bans an address or a subnet, which cuts off, turns away and is told', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    const other = await lab.inbound('31.1.0.1');
    const sinceMs = lab.clock.now();
    await lab.pool.ban('30.0.0.0/8', { reason: 'enough', forMs: HOUR_MS });
    await lab.settle();
    expect([peer.state, other.peer.state]).toEqual(['closed', 'ready']);
    const ban = { subject: '30.0.0.0/8', reason: 'enough', author: 'operator', sinceMs, untilMs: sinceMs + HOUR_MS };
    expect(banned).toEqual([ban]);
    expect(lab.pool.bans()).toEqual([ban]);
    expect(lab.pool.status().bans).toBe(1);
  });

  it('lifts a part of a subnet’s ban: the rest stays banned', async () => {
    await start();
    await lab.pool.ban('30.1.0.0/24', { reason: 'enough', forMs: HOUR_MS });
    await lab.pool.unban('30.1.0.1');
    expect(lab.happened.at(-1)).toBe('unbanned 30.1.0.0/24');
    await lab.inbound('30.1.0.1');
    await (
      await lab.connect('30.1.0.2')
    ).closed;
    expect(lab.happened.at(-1)).toBe('refusedInbound 30.1.0.2 banned');
    expect(lab.pool.bans()).toHaveLength(8);
  });

  it('lifts an automatic ban: what led to it counts no more, and the address is dialled again at once', async () => {
    await start({ pool: { outbound: 1 } });
    await lab.node(`${BAD}:10333`);
    lab.learn(`${BAD}:10333`);
    await lab.clock.advance(10);
    await misbehave(lab.pool.peers()[0]!, 'invalid-block');
    await lab.clock.advance(HOUR_MS);
    expect(lab.outboundHosts).toEqual([]);
    await lab.pool.unban(BAD);
    expect(lab.core.conduct.scoreOf(BAD)).toBe(0);
    await lab.clock.advance(10);
    expect(lab.outboundHosts).toEqual([BAD]);
  });

  it('forgives by lifting a ban of its own what was found out before, too', async () => {
    await start();
    const { peer } = await lab.inbound(BAD);
    await misbehave(peer, 'malformed');
    expect(lab.core.conduct.scoreOf(BAD)).toBe(50);
    await lab.pool.ban(BAD, { reason: 'enough', forMs: HOUR_MS });
    await lab.pool.unban(BAD);
    expect(lab.core.conduct.scoreOf(BAD)).toBe(0);
  });

  it('lifts what is not banned: nothing happens', async () => {
    await start();
    await lab.pool.unban('30.1.0.1');
    expect(lab.happened).toEqual([]);
  });

  it.each(['nonsense', 'a.example', '30.1.0.1/33', ''])('can not ban or unban %j', async (subject) => {
    await start();
    expect(await failure(lab.pool.ban(subject, { reason: 'r', forMs: 1 }))).toBeInstanceOf(BanSubjectError);
    expect(await failure(lab.pool.unban(subject))).toBeInstanceOf(BanSubjectError);
    expect([lab.pool.bans(), lab.happened]).toEqual([[], []]);
  });

  it.each([0, -1, NaN, Infinity])('can not ban for %d ms', async (forMs) => {
    await start();
    const error = await failure(lab.pool.ban(BAD, { reason: 'r', forMs }));
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ path: 'forMs' });
    expect([lab.pool.bans(), lab.happened]).toEqual([[], []]);
  });
});

describe('the end of a ban', () => {
  it('is told within a minute, and counts from its time on', async () => {
    await start();
    await lab.pool.ban(BAD, { reason: 'enough', forMs: 30_000 });
    await lab.clock.advance(30_000);
    await lab.inbound(BAD);
    await lab.clock.advance(60_000);
    expect(lab.happened).toEqual([`banned ${BAD} enough`, `unbanned ${BAD}`]);
    await lab.clock.advance(HOUR_MS);
    expect(lab.happened.filter((what) => what.startsWith('unbanned'))).toHaveLength(1);
  });
});
