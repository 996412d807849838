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

/** Takes all headers of a peer; resolves with how many there were. */
async function synced(peer, after) {
  let count = 0;
  for await (const header of peer.headers({ after })) count += header.index > 0 ? 1 : 0;
  return count;
}

/**
 * The same number of headers both times, from a process on another core that has its answers ready: the whole chain once from
 * each of 50 peers at the same time, and the whole chain 50 times in a row from one.
 */
const sync = comparison({
  name: `one peer syncing headers from ${PEERS} serving peers, headers/s`,
  baseline: 'from 1',
  required: 1,
  operations: PEERS * HEADERS,
  unit: 'µs a header',
  now: wallTime,
  slow: true,
  prepare: async () => {
    const network = networkOf('legacy-local');
    const after = UInt256.from(network.genesis);
    const serving = spawnNode([join(import.meta.dirname, '../workers/serving.mjs'), String(PEERS)], {
      core: OTHER_CORE,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [ports] = await once(serving, 'message');
    const application = await peerApplication({ network });
    const peers = await Promise.all(
      ports.map((port) => application.get(PeerFactory).dial({ host: '127.0.0.1', port })),
    );
    return {
      subject: async () => {
        const counts = await Promise.all(peers.map((peer) => synced(peer, after)));
        return counts.reduce((sum, count) => sum + count, 0);
      },
      baseline: async () => {
        let count = 0;
        for (let i = 0; i < PEERS; i++) count += await synced(peers[0], after);
        return count;
      },
      close: async () => {
        await application.close();
        serving.disconnect();
        await once(serving, 'exit');
      },
    };
  },
});

export const rows = [sync];
