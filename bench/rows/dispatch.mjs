/** From the socket, or from the decoder, to a handler. */
import { dialectOf, InvHandler, PingHandler } from '../../dist/index.js';
import { CommandDispatcher } from '../../dist/peer/dispatch/command-dispatcher.js';
import { Countdown, listen, peerApplication, remoteOf, socketPair } from '../application.mjs';
import { bareCall } from '../bare-call.mjs';
import * as fixtures from '../fixtures.mjs';
import * as floor from '../floor.mjs';
import { comparison } from '../row.mjs';

/** A behaviour as an application has it. */
function behaviour(token, handle) {
  return class extends token {
    handle(peer, payload) {
      return handle(peer, payload);
    }
  };
}

const INVENTORY = {
  frame: () => fixtures.legacyInventoryFrame(500),
  token: InvHandler,
  read: (inventory) => inventory.hashes.length,
};
const PING = { frame: () => fixtures.legacyPingFrame(), token: PingHandler, read: (ping) => ping.nonce & 0xff };

/**
 * @param {number} batch messages written in one go
 */
function endToEnd({ frame: makeFrame, token, read }, name, batch) {
  return comparison({
    name: `end to end over loopback, dispatch and statistics on: ${name}`,
    baseline: 'raw + floor + bare call',
    required: 0.5,
    operations: batch,
    unit: 'µs a message',
    prepare: async () => {
      const frame = makeFrame();
      const handled = new Countdown();
      let sum = 0;
      const handle = (_peer, payload) => {
        sum += read(payload);
        handled.count();
      };
      const application = await peerApplication({ behaviours: [behaviour(token, handle)] });
      const remote = await remoteOf(await listen(application));
      const raw = await rawBaseline(application, frame, batch);
      return {
        subject: async () => {
          sum = 0;
          const done = handled.begin(batch);
          for (let i = 0; i < batch; i++) remote.write(frame);
          await done;
          return sum;
        },
        baseline: () => raw.run(read(payloadOf(frame))),
        close: async () => {
          remote.destroy();
          raw.close();
          await application.close();
        },
      };
    },
  });
}

const first = (digest) => digest.charCodeAt(0);

/** The times added of what can't be avoided: the same frames over a socket, their hashing, and a call of Nest's. */
async function rawBaseline(application, frame, batch) {
  const arrived = new Countdown();
  const payload = fixtures.legacyPayload(frame);
  const checksum = first(floor.twice(payload));
  const { socket, close } = await socketPair((chunk) => arrived.count(chunk.length));
  const call = bareCall(application, (_peer, value) => value);
  const run = async (value) => {
    const done = arrived.begin(batch * frame.length);
    for (let i = 0; i < batch; i++) socket.write(frame);
    await done;
    for (let i = 0; i < batch; i++) if (first(floor.twice(payload)) !== checksum) throw new Error('another hash');
    let sum = 0;
    for (let i = 0; i < batch; i++) sum += await call(undefined, value);
    return sum;
  };
  return { run, close };
}

function payloadOf(frame) {
  const [message] = dialectOf('legacy').createFrameDecoder({ magic: fixtures.LEGACY_MAGIC }).push(frame);
  return message.payload;
}

/** Calls a run. */
const CALLS = 1000;

const dispatch = comparison({
  name: 'dispatch of one message: one handler, statistics on, nothing else attached',
  baseline: 'bare call',
  required: 1.3,
  better: 'lower',
  operations: CALLS,
  unit: 'µs a message',
  prepare: async () => {
    let sum = 0;
    const handle = (_peer, { hashes }) => {
      sum += hashes.length;
    };
    const application = await peerApplication({ behaviours: [behaviour(InvHandler, handle)] });
    const dispatcher = application.get(CommandDispatcher, { strict: false });
    const bare = bareCall(application, handle);
    const message = {
      dialect: 'legacy',
      command: 'inv',
      payload: payloadOf(fixtures.legacyInventoryFrame(1)),
      size: 61,
    };
    const peer = { network: 'bench', state: 'ready' };
    return {
      subject: async () => {
        sum = 0;
        for (let i = 0; i < CALLS; i++) await dispatcher.dispatch(peer, message);
        return sum;
      },
      baseline: async () => {
        sum = 0;
        for (let i = 0; i < CALLS; i++) await bare(peer, message.payload, message);
        return sum;
      },
      close: () => application.close(),
    };
  },
});

export const rows = [endToEnd(INVENTORY, 'inv of 500', 32), endToEnd(PING, 'ping', 1000), dispatch];
