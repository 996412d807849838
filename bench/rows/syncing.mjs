/** Headers from one peer, and from many at the same time. */
import { once } from 'node:events';
import { join } from 'node:path';
import { networkOf, PeerFactory, UInt256 } from '../../dist/index.js';
import { peerApplication } from '../application.mjs';
import { wallTime } from '../measure.mjs';
import { OTHER_CORE, spawnNode } from '../pinned.mjs';
import { comparison } from '../row.mjs';

const PEERS = 50;
const HEADERS = 6000;

/** Takes all headers, each page from the next of these peers; resolves with how many there were. */
async function synced(peers, after) {
  let count = 0;
  for (let page = 0, last = after; count < HEADERS; page++) {
    const headers = await peers[page % peers.length].requestHeaders({ after: last });
    for (const header of headers) count += header.index > 0 ? 1 : 0;
    last = headers.at(-1).hash;
  }
  return count;
}

/** Takes all headers of a peer; resolves with how many there were. */
async function whole(peer, after) {
  let count = 0;
  for await (const header of peer.headers({ after })) count += header.index > 0 ? 1 : 0;
  return count;
}

/** A process on another core that has its answers ready, and an application that is connected to all of its ports. */
async function connected() {
  const network = networkOf('legacy-local');
  const serving = spawnNode([join(import.meta.dirname, '../workers/serving.mjs'), String(PEERS)], {
    core: OTHER_CORE,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [ports] = await once(serving, 'message');
  const application = await peerApplication({ network });
  const factory = application.get(PeerFactory);
  const peers = await Promise.all(ports.map((port) => factory.dial({ host: '127.0.0.1', port })));
  const close = async () => {
    await application.close();
    serving.disconnect();
    await once(serving, 'exit');
  };
  return { peers, after: UInt256.from(network.genesis), close };
}

async function sum(counts) {
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

/** How often the chain is taken in a run. */
const CHAINS = PEERS;

async function inTurn(task) {
  let count = 0;
  for (let i = 0; i < CHAINS; i++) count += await task();
  return count;
}

const shape = {
  baseline: 'from 1',
  required: 1,
  operations: CHAINS * HEADERS,
  unit: 'µs a header',
  now: wallTime,
  slow: true,
};

/** What a node does that syncs: one chain, whose pages it asks of all its peers. */
const pages = comparison({
  ...shape,
  name: `one peer syncing headers from ${PEERS} serving peers, headers/s`,
  prepare: async () => {
    const { peers, after, close } = await connected();
    return {
      subject: () => inTurn(() => synced(peers, after)),
      baseline: () => inTurn(() => synced(peers.slice(0, 1), after)),
      close,
    };
  },
});

/** What hardly any node does: the whole chain from everybody at the same time, 35 MB on their way. */
const copies = comparison({
  ...shape,
  name: `the same, a copy of the chain from each of ${PEERS} at the same time`,
  prepare: async () => {
    const { peers, after, close } = await connected();
    return {
      subject: () => sum(peers.map((peer) => whole(peer, after))),
      baseline: () => inTurn(() => whole(peers[0], after)),
      close,
    };
  },
});

export const rows = [pages, copies];
