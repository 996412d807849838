import { afterEach, describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Peer } from '../../../src/peer/peer.js';
import { KITS, type DialectKit } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';

const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let lab: PeerLab;
afterEach(() => lab.close());

/** MiB that byte arrays take, after everything was let go that nobody holds. */
async function heldMiB(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await lab.settle();
    collectGarbage();
  }
  return process.memoryUsage().arrayBuffers / MIB;
}

/** A frame of 8 MiB. */
function largeFrame(kit: DialectKit): Buffer {
  return kit.frame('alert', new Uint8Array(8 * MIB));
}

describe.each(KITS)('$name: a closed peer that somebody keeps', (kit) => {
  const { network } = kit;

  // Statistics keep every peer until the next save: without this a remote that comes again and again fills the memory.
  it('holds nothing of the frame it was in the middle of receiving', async () => {
    lab = new PeerLab({ network });
    const kept: Peer[] = [];
    const before = await heldMiB();
    for (let i = 0; i < 8; i++) {
      const { peer, remote } = await lab.ready();
      remote.write(largeFrame(kit).subarray(0, -1));
      await lab.settle();
      remote.connection.destroy();
      await peer.closed;
      kept.push(peer);
      lab.remotes.length = lab.connected.length = 0;
    }
    expect(kept.every(({ state }) => state === 'closed')).toBe(true);
    expect((await heldMiB()) - before).toBeLessThan(32);
    expect(kept).toHaveLength(8);
  });

  it('holds nothing of the frame it was in the middle of sending', async () => {
    lab = new PeerLab({ network, memory: { windowBytes: 1000 } });
    const kept: Peer[] = [];
    const before = await heldMiB();
    for (let i = 0; i < 8; i++) {
      const { peer, remote } = await lab.ready();
      remote.connection.pause();
      const sent = peer.send(kit.message('alert', new Uint8Array(8 * MIB))).catch(() => undefined);
      await lab.settle();
      remote.connection.destroy();
      await Promise.all([peer.closed, sent]);
      kept.push(peer);
      lab.remotes.length = lab.connected.length = 0;
    }
    expect((await heldMiB()) - before).toBeLessThan(32);
    expect(kept).toHaveLength(8);
  });
});
