import { describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../../src/index.js';
import { n3, UInt160 } from '../../src/index.js';
import { SeededRandom } from '../../src/testing/index.js';
import { MINUTE, worlds } from './worlds.js';

/** Bytes of one broadcast: one fits into the network's window, two don't. */
const SIZE = 40_000;
const BROADCASTS = 120;
/** Nothing that could be compressed. */
const NOISE = new SeededRandom(1).bytes(SIZE);

describe('a slow reader', () => {
  const createWorld = worlds();

  it('doesn’t delay the others: broadcasts to 50 peers, one of whom never reads (seed 61)', async () => {
    const node = '20.0.0.1:10333' as const;
    const world = await createWorld({
      seed: 61,
      nodes: 50,
      latencyMs: 40,
      latencySpreadMs: 0,
      jitterMs: 0,
      peer: (index) => (index === 0 ? {} : { listen: false, pool: { outbound: 0, static: [node] } }),
    });
    await world.addAdversary({ conduct: 'slow-reader', connections: 1, listens: false, targets: [0] });
    const { pool } = world.node(0);
    await world.until(() => pool.peers().length === 50, 2 * MINUTE);
    await world.run(MINUTE); // the reader that never reads has stopped by now

    const delays: number[] = [];
    let sentAt = 0;
    world.on('message', ({ index }, _peer, { command }) => {
      if (index !== 0 && command === 'extensible') delays.push(world.elapsedMs - sentAt);
    });
    const queued: number[] = [];
    for (let i = 0; i < BROADCASTS; i++) {
      sentAt = world.elapsedMs;
      queued.push(pool.broadcast(extensible(i)));
      await world.run(200);
    }
    expect(delays).toHaveLength(49 * BROADCASTS);
    expect(Math.max(...delays)).toBe(40);
    // What it doesn't read waits in its outbox, up to a hundred messages beside the few that are on their way.
    expect(queued[0]).toBe(50);
    expect(queued.filter((count) => count === 50).length).toBeLessThan(110);
    expect(queued.at(-1)).toBe(49);
  });

  it('has to go after a minute (seed 62)', async () => {
    const world = await createWorld({ seed: 62, nodes: 1 });
    const reader = await world.addAdversary({ conduct: 'slow-reader', connections: 1, listens: false });
    const { pool } = world.node(0);
    const reasons: string[] = [];
    world.on('disconnected', (_node, { remoteAddress }, { reason }) => {
      if (remoteAddress.host === reader.hosts[0]) reasons.push(reason);
    });
    await world.until(() => pool.peers().length === 1, MINUTE);
    await world.run(MINUTE);
    for (const id of [1, 2, 3]) pool.broadcast(extensible(id)); // more than the network takes
    await world.run(MINUTE - 5000);
    expect(reasons).toEqual([]);
    await world.run(10_000);
    expect(reasons).toEqual(['write-stalled']);
    expect(pool.status().bans).toBe(0);
    expect(reader.made).toBe(2); // it is welcome to try again
  });
});

function extensible(id: number): Outgoing {
  const data = Buffer.from(NOISE);
  data.writeUInt32LE(id);
  return {
    dialect: 'n3',
    command: 'extensible',
    payload: n3.ExtensiblePayload.from({
      category: 'simulated',
      validBlockStart: 0,
      validBlockEnd: 1000,
      sender: UInt160.ZERO,
      data,
      witness: { invocation: new Uint8Array(0), verification: new Uint8Array(0) },
    }),
  };
}
