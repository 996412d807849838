/**
 * Accepts connections and tells what they take: `sockets.mjs peers` by a `PeerModule`, `sockets.mjs bare` with a data
 * listener on each and nothing more, in a process that has loaded nothing more. Needs `--expose-gc`.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const COLLECTIONS = 4;
const PAUSE_MS = 50;

const open = { count: 0 };

const HOLDERS = {
  peers: async () => {
    const [{ PeerEvents }, { listen, peerApplication }] = await Promise.all([
      import('../../dist/index.js'),
      import('../application.mjs'),
    ]);
    const application = await peerApplication();
    application.get(PeerEvents).on('ready', () => open.count++);
    return listen(application);
  },
  bare: async () => {
    const server = createServer({ noDelay: true }, (socket) => {
      let came = 0;
      socket.on('data', (chunk) => {
        if (came === 0) open.count++; // it is there when it has said as much as a peer has
        came += chunk.length;
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server.address().port;
  },
};

/** What so many sockets take, when all of them are there and what was needed to get them has gone. */
async function memoryOf(count) {
  while (open.count < count) await pause(PAUSE_MS);
  for (let i = 0; i < COLLECTIONS; i++) {
    await pause(PAUSE_MS);
    globalThis.gc();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

process.on('message', (count) => void memoryOf(count).then((memory) => process.send(memory)));
process.send(await HOLDERS[process.argv[2]]());
