import { afterEach, describe, expect, it } from '@jest/globals';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import type { BlockHeader } from '../../../src/wire/common/block-header.js';
import type { Message } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';
import { ChainMessages, numbers } from './chain-messages.js';

const NEO_ONE = { userAgent: 'NEO:neo-one-js:1.0.0-preview' };

let lab: PeerLab;
afterEach(() => lab.close());

interface ServeRules {
  readonly perAnswer: number;
  /** How high its chain goes. */
  readonly has: number;
  readonly withholdsTip?: boolean;
}

/** Answers getheaders from the kit's chain. @returns how often it was asked */
function serve(
  kit: DialectKit,
  remote: ScriptedPeer,
  { perAnswer, has, withholdsTip = false }: ServeRules,
): () => number {
  const chain = kit.headers(1000);
  let asked = 0;
  const next = async (): Promise<void> => {
    for (;;) {
      const request = await remote.expect('getheaders');
      asked++;
      const first = kit.firstAsked(request);
      const onlyTip = withholdsTip && stopIsStart(request);
      const last = Math.min(withholdsTip && !onlyTip ? has - 1 : has, first - 1 + (onlyTip ? 1 : perAnswer));
      if (first > last && kit.name === 'n3') continue; // N3 nodes are silent then
      remote.send(kit.dialect.headers(chain.slice(first - 1, Math.max(last, first - 1))));
    }
  };
  next().catch(() => undefined); // until it closes
  return () => asked;
}

function stopIsStart({ payload }: Message<'getheaders'>): boolean {
  return payload.dialect === 'legacy' && payload.stop.equals(payload.starts.at(0));
}

async function collect(walk: AsyncIterable<BlockHeader>): Promise<number[]> {
  const indexes: number[] = [];
  for await (const { index } of walk) indexes.push(index);
  return indexes;
}

describe.each(KITS)('headers on $name', (kit) => {
  async function ready(height: number) {
    lab = new PeerLab({ network: kit.network });
    return lab.ready({ height });
  }

  it('goes on past one answer to the announced height', async () => {
    const { peer, remote } = await ready(1000);
    const asked = serve(kit, remote, { perAnswer: 300, has: 1000 });
    expect(await collect(peer.headers(kit.from(1)))).toEqual(numbers(1, 1000));
    expect(asked()).toBe(4);
  });

  it('begins anywhere', async () => {
    const { peer, remote } = await ready(1000);
    const asked = serve(kit, remote, { perAnswer: 300, has: 1000 });
    expect(await collect(peer.headers(kit.from(401)))).toEqual(numbers(401, 1000));
    expect(asked()).toBe(2);
  });

  it('ends at count', async () => {
    const { peer, remote } = await ready(1000);
    const asked = serve(kit, remote, { perAnswer: 300, has: 1000 });
    expect(await collect(peer.headers(kit.from(1), { count: 450 }))).toEqual(numbers(1, 450));
    expect(asked()).toBe(2);
    expect(await collect(peer.headers(kit.from(1), { count: 0 }))).toEqual([]);
    expect(asked()).toBe(2);
  });

  it('asks for nothing where it begins at the height of the remote', async () => {
    const { peer, remote } = await ready(300);
    const asked = serve(kit, remote, { perAnswer: 300, has: 300 });
    await collect(peer.headers(kit.from(1)));
    expect(asked()).toBe(1);
    // Legacy's height is remembered from the answer, also for other peers of the module.
    expect(await collect(peer.headers(kit.from(301)))).toEqual([]);
    const other = await lab.ready({ height: 299 });
    expect(await collect(other.peer.headers(kit.from(301)))).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('can be left early', async () => {
    const { peer, remote } = await ready(1000);
    const asked = serve(kit, remote, { perAnswer: 300, has: 1000 });
    for await (const { index } of peer.headers(kit.from(1))) if (index === 10) break;
    expect(asked()).toBe(1);
  });

  it('fails as its requests do', async () => {
    const { peer, remote } = await ready(1000);
    const walk = collect(peer.headers(kit.from(1), { timeoutMs: 1000 })).catch((error: unknown) => error);
    await lab.clock.advance(1000);
    expect(await walk).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    const signal = AbortSignal.abort('enough');
    await expect(collect(peer.headers(kit.from(1), { signal }))).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED' });
    const wrong = kit.name === 'n3' ? { after: UInt256.ZERO } : { index: 1 };
    await expect(collect(peer.headers(wrong))).rejects.toMatchObject({ code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT' });
    remote.connection.end();
    await peer.closed;
    await expect(collect(peer.headers(kit.from(1)))).rejects.toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
  });
});

describe('headers on legacy alone', () => {
  const kit = LEGACY_KIT;

  async function ready(version: Partial<typeof NEO_ONE>) {
    lab = new PeerLab({ network: kit.network });
    return lab.ready({ ...version, height: 1000 });
  }

  it('asks a remote that withholds its tip for that alone', async () => {
    const { peer, remote } = await ready(NEO_ONE);
    const asked = serve(kit, remote, { perAnswer: 500, has: 1000, withholdsTip: true });
    expect(await collect(peer.headers(kit.from(1)))).toEqual(numbers(1, 1000));
    expect(asked()).toBe(3);
  });

  it('finds the tip of such a remote from a start it knows nothing of', async () => {
    const { peer, remote } = await ready(NEO_ONE);
    serve(kit, remote, { perAnswer: 500, has: 1000, withholdsTip: true });
    expect(await collect(peer.headers(kit.from(1000)))).toEqual([1000]);
  });

  it('ends at an empty answer', async () => {
    const { peer, remote } = await ready({});
    const asked = serve(kit, remote, { perAnswer: 500, has: 700 });
    expect(await collect(peer.headers(kit.from(1)))).toEqual(numbers(1, 700));
    expect(asked()).toBe(3);
  });
});

describe('headers on n3 alone', () => {
  const kit = N3_KIT;
  const chain = new ChainMessages(kit);

  it('begin with the genesis block, if it is asked for', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 0 });
    const walk = collect(peer.headers({ index: 0 }));
    expect(kit.firstAsked(await remote.expect('getheaders'))).toBe(0);
    const genesis = Buffer.from(chain.blockAt(1).header.raw);
    genesis.writeUInt32LE(0, 84);
    const block = kit.message('block', Buffer.concat([genesis, Buffer.alloc(1)])).payload;
    remote.send(kit.dialect.headers([block.header]));
    expect(await walk).toEqual([0]);
  });

  it('begin with a ping where the remote has told no height, and end at that of its pong', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ relay: false });
    const asked = serve(kit, remote, { perAnswer: 500, has: 700 });
    const walk = collect(peer.headers({ index: 1 }));
    remote.send(kit.dialect.pong(await remote.expect('ping'), 700, 0));
    expect(await walk).toEqual(numbers(1, 700));
    expect(asked()).toBe(2);
    expect(peer.height).toBe(700);
  });

  it('are asked for all the same where the remote answers no pings', async () => {
    lab = new PeerLab({ network: kit.network, timeouts: { keepaliveMs: 0 } });
    const { peer, remote } = await lab.ready({ relay: false });
    serve(kit, remote, { perAnswer: 500, has: 700 });
    const walk = collect(peer.headers({ index: 1 }, { timeoutMs: 500, count: 600 }));
    await lab.clock.advance(500);
    expect(await walk).toEqual(numbers(1, 600));
  });

  it('end with an error where an answer does not follow the one before it', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 1000 });
    const came: number[] = [];
    const walk = (async () => {
      for await (const { index } of peer.headers({ index: 1 })) came.push(index);
    })().catch((error: unknown) => error);
    await remote.expect('getheaders');
    remote.send(chain.headers(1, 5));
    await remote.expect('getheaders');
    const strayed = Buffer.from(chain.blockAt(6).raw);
    strayed.writeUInt8(strayed.readUInt8(4) ^ 1, 4);
    remote.send(kit.dialect.headers([kit.message('block', strayed).payload.header]));
    expect(await walk).toMatchObject({ code: 'NEO_PEER_HEADER_VERIFICATION', index: 6, rule: 'previous-hash' });
    expect(came).toEqual(numbers(1, 5));
    expect(peer.state).toBe('ready');
  });

  it('end with what came before a remote falls silent', async () => {
    lab = new PeerLab({ network: kit.network });
    const { peer, remote } = await lab.ready({ height: 1000 });
    serve(kit, remote, { perAnswer: 500, has: 700 });
    const came: number[] = [];
    const walk = (async () => {
      for await (const { index } of peer.headers({ index: 1 }, { timeoutMs: 500 })) came.push(index);
    })().catch((error: unknown) => error);
    await lab.clock.advance(500);
    expect(await walk).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    expect(came).toEqual(numbers(1, 700));
  });
});
