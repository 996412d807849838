import { afterEach, describe, expect, it } from '@jest/globals';
import { MISBEHAVIOUR_WEIGHTS, type Misbehaviour } from '../../../src/pool/misbehaviour/misbehaviour.js';
import type { ScriptedPeer } from '../../../src/testing/index.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit, type KitBlock } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { rawFrame } from '../../support/frames.js';
import { PoolLab } from '../../support/pool-lab.js';
import { all } from '../../support/records.js';

const BAD = '30.1.0.1';

let lab: PoolLab;
afterEach(() => lab.close());

const score = () => lab.core.conduct.scoreOf(BAD);

/** What a remote does wrong, from its handshake on or before. */
interface Offence {
  readonly what: string;
  readonly kind: Misbehaviour;
  readonly inHandshake?: true;
  readonly commit: (remote: ScriptedPeer, kit: DialectKit) => void;
}

const OFFENCES: readonly Offence[] = [
  {
    what: 'a payload that can not be read',
    kind: 'malformed',
    commit: (remote, kit) => remote.write(kit.frame('inv', Buffer.from([1]))),
  },
  { what: 'a frame that is too large', kind: 'oversized', commit: (remote, kit) => remote.write(kit.oversizedFrame()) },
  { what: 'a second version', kind: 'handshake-disorder', commit: (remote) => remote.send(remote.version()) },
  { what: 'a second verack', kind: 'handshake-disorder', commit: (remote, kit) => remote.send(kit.dialect.verack()) },
  {
    what: 'a verack before the version',
    kind: 'handshake-disorder',
    inHandshake: true,
    commit: (remote, kit) => remote.send(kit.dialect.verack()),
  },
  {
    what: 'a request before the handshake is over',
    kind: 'handshake-disorder',
    inHandshake: true,
    commit: (remote, kit) => {
      remote.send(remote.version());
      remote.send(kit.dialect.requestAddresses());
    },
  },
  {
    what: 'two versions in the handshake',
    kind: 'handshake-disorder',
    inHandshake: true,
    commit: (remote) => {
      remote.send(remote.version());
      remote.send(remote.version());
    },
  },
];

describe.each(KITS)('$name: the pool counts', (kit) => {
  it.each(OFFENCES)('$what as $kind', async ({ kind, inHandshake, commit }) => {
    lab = await PoolLab.start({ kit });
    const remote = inHandshake ? await lab.connect(BAD) : (await lab.inbound(BAD)).remote;
    commit(remote, kit);
    await lab.settle();
    expect(score()).toBe(MISBEHAVIOUR_WEIGHTS[kind]);
    expect(lab.happened).toHaveLength(1);
  });

  it('a malformed payload twice as enough for a ban, with what was wrong as evidence', async () => {
    lab = await PoolLab.start({ kit });
    for (let i = 0; i < 2; i++) {
      const { remote } = await lab.inbound(BAD);
      remote.write(kit.frame('inv', Buffer.from([1])));
      await lab.clock.advance(2000);
    }
    expect(lab.pool.bans()).toMatchObject([
      { subject: BAD, reason: 'malformed', author: 'automatic', evidence: expect.stringContaining('inv') },
    ]);
    await (
      await lab.connect(BAD)
    ).closed;
    expect(lab.happened.at(-1)).toBe(`refusedInbound ${BAD} banned`);
  });

  it('the same in a peer that we dialled', async () => {
    lab = await PoolLab.start({ kit, pool: { outbound: 1 } });
    const node = await lab.node(`${BAD}:10333`);
    lab.learn(`${BAD}:10333`);
    await lab.clock.advance(300);
    node.remote.write(kit.frame('inv', Buffer.from([1])));
    await lab.settle();
    expect(score()).toBe(MISBEHAVIOUR_WEIGHTS.malformed);
  });

  it('a block that is not what its header promises, by hash', async () => {
    lab = await PoolLab.start({ kit });
    const { peer, remote } = await lab.inbound(BAD);
    const [block] = kit.blocks(1);
    const asked = peer.requestBlocks([block!.hash, kit.blocks(2)[1]!.hash]);
    await remote.expect('getdata');
    remote.send(kit.block(unsound(kit)));
    expect(await failure(asked)).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED', reason: 'banned' });
    expect(lab.pool.bans()).toMatchObject([{ subject: BAD, reason: 'invalid-block' }]);
  });

  it('requests far above their rate', async () => {
    lab = await PoolLab.start({ kit, pool: { rates: { getaddr: { perSecond: 0.1, burst: 1 } } } });
    const { remote } = await lab.inbound(BAD);
    for (let i = 0; i < 4; i++) remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    expect(score()).toBe(0);
    remote.send(kit.dialect.requestAddresses());
    await lab.settle();
    expect(score()).toBe(MISBEHAVIOUR_WEIGHTS['request-flood']);
  });

  it('addresses far above the rate', async () => {
    lab = await PoolLab.start({ kit, pool: { gossip: { perSecond: 0.001, burst: 10 } } });
    const { remote } = await lab.inbound(BAD);
    for (let i = 0; i < 40; i++) remote.send(kit.addr(`21.0.${i}.1`));
    await lab.settle();
    expect(score()).toBe(0);
    remote.send(kit.addr('21.1.0.1'));
    await lab.settle();
    expect(score()).toBe(MISBEHAVIOUR_WEIGHTS['address-flood']);
  });

  it('nothing of what says nothing against a node: another network, a self connection, a remote that goes', async () => {
    lab = await PoolLab.start({ kit, nonce: 7 });
    const foreign = await lab.connect(BAD);
    foreign.write(kit.dialect.encode(foreign.version(), 4711));
    const self = await lab.connect(BAD, { nonce: 7 });
    self.send(self.version());
    await lab.settle();
    (await lab.inbound(BAD)).remote.connection.destroy();
    await lab.settle();
    expect(lab.happened.map((what) => what.split(' ').at(-1))).toEqual([
      'wrong-network',
      'self-connection',
      'remote-closed',
    ]);
    expect(score()).toBe(0);
  });
});

it('counts a frame with a wrong checksum, which only Legacy has', async () => {
  lab = await PoolLab.start({ kit: LEGACY_KIT });
  const { remote } = await lab.inbound(BAD);
  remote.write(rawFrame('ping', Buffer.alloc(12), { magic: LEGACY_KIT.network.magic, checksum: 1 }));
  await lab.settle();
  expect(score()).toBe(MISBEHAVIOUR_WEIGHTS['bad-checksum']);
});

it('counts headers that do not follow those before, which only N3 can be told: there they are asked for by index', async () => {
  lab = await PoolLab.start({ kit: N3_KIT });
  const { peer, remote } = await lab.inbound(BAD, { height: 100 });
  const walk = failure(all(peer.headers({ index: 1 })));
  await remote.expect('getheaders');
  remote.send(N3_KIT.dialect.headers(N3_KIT.headers(3)));
  await remote.expect('getheaders');
  const strayed = Buffer.from(N3_KIT.blocks(4)[3]!.raw);
  strayed.writeUInt8(strayed.readUInt8(4) ^ 1, 4);
  remote.send(N3_KIT.dialect.headers([N3_KIT.message('block', strayed).payload.header]));
  expect(await walk).toMatchObject({ code: 'NEO_PEER_HEADER_VERIFICATION', rule: 'previous-hash' });
  expect(score()).toBe(MISBEHAVIOUR_WEIGHTS['invalid-headers']);
});

/** The header of the first block over the transactions of the second: its hash is the first one's. */
function unsound(kit: DialectKit): KitBlock {
  const [first, second] = kit.blocks(2) as [KitBlock, KitBlock];
  const bytes = Buffer.concat([
    first.header.raw.subarray(0, endOf(kit, first)),
    second.raw.subarray(endOf(kit, second)),
  ]);
  return kit.dialect.decodePayload('block', bytes) as KitBlock;
}

/** Where a block's header ends: in Legacy one that stands alone has a zero more. */
function endOf(kit: DialectKit, { header }: KitBlock): number {
  return header.raw.length - (kit.name === 'legacy' ? 1 : 0);
}
