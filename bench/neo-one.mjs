/** NEO-ONE 2.7.4, a node that others have built in TypeScript: its decoder of frames. Runs as `neo-one-side.mjs` asks. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as fixtures from './fixtures.mjs';
import { localSide } from './measure.mjs';

const { Message } = createRequire(join(import.meta.dirname, 'peers/package.json'))(
  '@neo-one/node-protocol/dist/cjs/Message.js',
);

const context = Object.freeze({ messageMagic: fixtures.LEGACY_MAGIC });

/** Prepares a frame; the rest is one run, which returns what the run of our side does. */
const RUNS = {
  version: () => {
    const frame = fixtures.legacyVersionFrame();
    return () => {
      const { protocolVersion, services, timestamp, port, nonce, userAgent, startHeight, relay } = decoded(frame);
      const numbers = protocolVersion + services.toNumber() + timestamp + port + nonce + startHeight;
      return numbers + userAgent.length + Number(relay);
    };
  },
  inventory: () => {
    const frame = fixtures.legacyInventoryFrame(500);
    return () => {
      const { hashes, type } = decoded(frame);
      return hashes.length + type;
    };
  },
  headerIndexes: () => {
    const frame = fixtures.legacyHeadersFrame(2000);
    return () => decoded(frame).headers.reduce((sum, { index }) => sum + index, 0);
  },
  headerHashes: () => {
    const frame = fixtures.legacyHeadersFrame(2000);
    return () => decoded(frame).headers.reduce((sum, { hash }) => sum + hash[0], 0);
  },
  /** It checks the Merkle root, for which it needs every hash, when it decodes. */
  block: () => {
    const frame = fixtures.legacyBlockFrame();
    return () => decoded(frame).transactions.reduce((sum, { hash }) => sum + hash[0], 0);
  },
};

function decoded(buffer) {
  return Message.deserializeWire({ context, buffer }).value.payload;
}

const side = localSide(RUNS[process.argv[2]]());

async function answer({ turn }) {
  process.send(await (turn === undefined ? side.once() : side.turn(turn)));
}

process.on('message', (question) => void answer(question));
