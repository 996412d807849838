/** Whether a message costs more when there are more peers. */
import { PingHandler } from '../../dist/index.js';
import { Countdown } from '../application.mjs';
import { drivenPeers } from '../driven-connections.mjs';
import * as fixtures from '../fixtures.mjs';
import { comparison } from '../row.mjs';

const PEERS = Object.freeze([10, 100, 1000, 5000]);

/** Messages a run: each peer gets as many as any other. */
const MESSAGES = 5000;

/**
 * Everybody in turn sends a ping, each of which is answered and handled before the next comes. A small message, of which most
 * is what every message costs, and nothing of which is kept.
 */
async function roundsOf(count) {
  const frame = fixtures.legacyPingFrame();
  const handled = new Countdown();
  let sum = 0;
  class Pings extends PingHandler {
    handle(_peer, { nonce }) {
      sum += nonce & 0xff;
      handled.count();
    }
  }
  const { connections, close } = await drivenPeers(count, [Pings]);
  const run = async () => {
    sum = 0;
    for (let i = 0; i < MESSAGES; i++) {
      const done = handled.begin(1);
      connections[i % count].receive(frame);
      await done;
    }
    return sum;
  };
  return { run, close };
}

export const rows = PEERS.map((count) =>
  comparison({
    name: `linear growth: a message when there are ${count.toLocaleString('en')} peers`,
    baseline: '1 peer',
    required: 1.3,
    better: 'lower',
    operations: MESSAGES,
    unit: 'µs a message',
    slow: count === PEERS.at(-1),
    prepare: async () => {
      const [many, one] = [await roundsOf(count), await roundsOf(1)];
      return {
        subject: many.run,
        baseline: one.run,
        close: async () => {
          await many.close();
          await one.close();
        },
      };
    },
  }),
);
