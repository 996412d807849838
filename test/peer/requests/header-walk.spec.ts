import { afterEach, describe, expect, it } from '@jest/globals';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { dialectOf } from '../../../src/wire/messages.js';
import type { BlockHeader } from '../../../src/wire/common/block-header.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { chainBlocks, GENESIS } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';

const { headers } = dialectOf('legacy');
const chain = chainBlocks(1000).map(({ header }) => header);
const NEO_ONE = { userAgent: 'NEO:neo-one-js:1.0.0-preview' };

let lab: PeerLab;
afterEach(() => lab.close());

/** Answers getheaders from the chain; `has` is how high it goes. @returns how often it was asked */
function serve(remote: ScriptedPeer, rules: { perAnswer: number; has: number; withholdsTip?: boolean }): () => number {
  let asked = 0;
  const next = async (): Promise<void> => {
    for (;;) {
      const { payload } = await remote.expect('getheaders');
      asked++;
      const start = payload.starts.at(0);
      const place = start.equals(GENESIS) ? 0 : chain.findIndex(({ hash }) => hash.equals(start)) + 1;
      const stopIsStart = payload.stop.equals(start);
      const end = rules.withholdsTip && !stopIsStart ? rules.has - 1 : rules.has;
      remote.send(headers(chain.slice(place, Math.min(end, place + (stopIsStart ? 1 : rules.perAnswer)))));
    }
  };
  next().catch(() => undefined); // until it closes
  return () => asked;
}

async function collect(walk: AsyncIterable<BlockHeader>): Promise<number[]> {
  const indexes: number[] = [];
  for await (const { index } of walk) indexes.push(index);
  return indexes;
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

describe('headers', () => {
  it('goes on past one answer to the announced height', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 1000 });
    const asked = serve(remote, { perAnswer: 300, has: 1000 });
    expect(await collect(peer.headers({ after: GENESIS }))).toEqual(upTo(1000));
    expect(asked()).toBe(4);
  });

  it('asks a remote that withholds its tip for that alone', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ ...NEO_ONE, height: 1000 });
    const asked = serve(remote, { perAnswer: 500, has: 1000, withholdsTip: true });
    expect(await collect(peer.headers({ after: GENESIS }))).toEqual(upTo(1000));
    expect(asked()).toBe(3);
  });

  it('finds the tip of such a remote from a start it knows nothing of', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ ...NEO_ONE, height: 1000 });
    serve(remote, { perAnswer: 500, has: 1000, withholdsTip: true });
    expect(await collect(peer.headers({ after: chain[998]!.hash }))).toEqual([1000]);
  });

  it('ends at an empty answer', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 1000 });
    const asked = serve(remote, { perAnswer: 500, has: 700 });
    expect(await collect(peer.headers({ after: GENESIS }))).toEqual(upTo(700));
    expect(asked()).toBe(3);
  });

  it('ends at count', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 1000 });
    const asked = serve(remote, { perAnswer: 300, has: 1000 });
    expect(await collect(peer.headers({ after: GENESIS }, { count: 450 }))).toEqual(upTo(450));
    expect(asked()).toBe(2);
    expect(await collect(peer.headers({ after: GENESIS }, { count: 0 }))).toEqual([]);
    expect(asked()).toBe(2);
  });

  it('asks for nothing where it begins at the height of the remote', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 300 });
    const asked = serve(remote, { perAnswer: 300, has: 300 });
    await collect(peer.headers({ after: GENESIS }));
    expect(asked()).toBe(1);
    // Its height is remembered from the answer, also for other peers of the module.
    expect(await collect(peer.headers({ after: chain[299]!.hash }))).toEqual([]);
    const other = await lab.ready({ height: 299 });
    expect(await collect(other.peer.headers({ after: chain[299]!.hash }))).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('can be left early', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 1000 });
    const asked = serve(remote, { perAnswer: 300, has: 1000 });
    for await (const { index } of peer.headers({ after: GENESIS })) if (index === 10) break;
    expect(asked()).toBe(1);
  });

  it('fails as its requests do', async () => {
    lab = new PeerLab();
    const { peer, remote } = await lab.ready({ height: 1000 });
    const walk = collect(peer.headers({ after: UInt256.ZERO }, { timeoutMs: 1000 })).catch((error: unknown) => error);
    await lab.clock.advance(1000);
    expect(await walk).toMatchObject({ code: 'NEO_PEER_REQUEST_TIMEOUT' });
    const signal = AbortSignal.abort('enough');
    await expect(collect(peer.headers({ after: GENESIS }, { signal }))).rejects.toMatchObject({
      code: 'NEO_PEER_ABORTED',
    });
    await expect(collect(peer.headers({ index: 1 }))).rejects.toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_DIALECT',
    });
    remote.connection.end();
    await peer.closed;
    await expect(collect(peer.headers({ after: GENESIS }))).rejects.toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
  });
});
