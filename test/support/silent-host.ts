import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import type { Endpoint } from '../../src/environment/connection.js';

/** Listens, then never looks at its event loop again until it is told: so it accepts nothing. */
const LISTENER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(workerData), 0, 0);
    server.close();
    process.exit();
  });
`;

/**
 * A port of this machine that answers no attempt to connect: its queue of connections that nobody accepted is full, so
 * the system drops what comes.
 */
export class SilentHost {
  private constructor(
    readonly address: Endpoint,
    private readonly worker: Worker,
    private readonly wake: Int32Array,
    private readonly fillers: readonly Socket[],
  ) {}

  static async start(): Promise<SilentHost> {
    const wake = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(LISTENER, { eval: true, workerData: wake.buffer });
    const [port] = (await once(worker, 'message')) as [number];
    const fillers = Array.from({ length: 8 }, () =>
      new Socket().on('error', () => undefined).connect(port, '127.0.0.1'),
    );
    await once(fillers[0]!, 'connect');
    return new SilentHost({ host: '127.0.0.1', port }, worker, wake, fillers);
  }

  async stop(): Promise<void> {
    for (const socket of this.fillers) socket.destroy();
    const gone = once(this.worker, 'exit');
    Atomics.store(this.wake, 0, 1);
    Atomics.notify(this.wake, 0);
    await gone;
  }
}
