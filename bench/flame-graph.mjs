/**
 * `npm run bench:flame-graph`: draws where the time of messages goes, from the socket to the handler and back, into
 * docs/flame-graph.svg. A remote sends an `inv` of 500 and a `ping` in turn; statistics are on, nothing else is attached. It is
 * Node's own profiler that samples.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { Countdown, listen, peerApplication, remoteOf } from './application.mjs';
import { drawFlameGraph } from './flame-graph-svg.mjs';
import * as fixtures from './fixtures.mjs';
import { wallTime } from './measure.mjs';
import { callTreeOf } from './profile.mjs';
import { build } from './session.mjs';

const FILE = join(import.meta.dirname, '../docs/flame-graph.svg');

const WARM_UP_MS = 2000;
const SAMPLED_MS = 6000;

/** Between two samples, microseconds. */
const INTERVAL_US = 200;

/** Pairs of messages that are written in one go. */
const BATCH = 32;

build();
const { InvHandler, PingHandler } = await import('../dist/index.js');
const handled = new Countdown();
const behaviours = [InvHandler, PingHandler].map((token) => {
  return class extends token {
    handle() {
      handled.count();
    }
  };
});
const application = await peerApplication({ behaviours });
const remote = await remoteOf(await listen(application));
const frames = Buffer.concat([fixtures.legacyInventoryFrame(500), fixtures.legacyPingFrame()]);

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
await sendFor(WARM_UP_MS);
await session.post('Profiler.start');
const messages = await sendFor(SAMPLED_MS);
const { profile } = await session.post('Profiler.stop');
session.disconnect();
remote.destroy();
await application.close();
const title = `From the socket to the handler and back: ${messages.toLocaleString('en')} messages, inv of 500 and ping in turn`;
await writeFile(FILE, drawFlameGraph(callTreeOf(profile, isOthers), title));

/** @returns how many messages were handled */
async function sendFor(ms) {
  const endsAt = wallTime() + ms;
  let count = 0;
  while (wallTime() < endsAt) {
    const done = handled.begin(2 * BATCH);
    for (let i = 0; i < BATCH; i++) remote.write(frames);
    await done;
    count += 2 * BATCH;
  }
  return count;
}

/** What the remote and the profiler do is in the same process, but isn't ours. */
function isOthers({ functionName, url }) {
  if (url === 'node:inspector' || functionName === sendFor.name) return true;
  return url.endsWith('application.mjs') && functionName !== '';
}
