/**
 * Connections without a system below: what comes is handed over, what goes is taken at once. So what is measured is what we
 * do, and not what sockets cost, which is more the more of them there are.
 */
import { PeerFactory, Transport } from '../dist/index.js';
import { peerApplication, VERACK, versionFrame } from './application.mjs';

class DrivenConnection {
  localAddress = Object.freeze({ host: '10.0.0.1', port: 50_000 });
  receive = () => undefined;
  #closed = () => undefined;

  constructor(remoteAddress) {
    this.remoteAddress = remoteAddress;
  }

  write(_bytes, written) {
    queueMicrotask(written);
    return true;
  }

  /** Whoever drives it hands over one message at a time, so only a stop pauses it. */
  pause() {
    this.receive = () => undefined;
  }

  resume() {}

  end() {
    this.destroy();
  }

  destroy() {
    queueMicrotask(this.#closed);
    this.#closed = () => undefined;
  }

  onData(receive) {
    this.receive = receive;
    queueMicrotask(() => receive(Buffer.concat([versionFrame(1), VERACK])));
  }

  onDrain() {}

  onClose(closed) {
    this.#closed = closed;
  }
}

class DrivenTransport extends Transport {
  connections = [];

  connect(address) {
    const connection = new DrivenConnection(address);
    this.connections.push(connection);
    return Promise.resolve(connection);
  }

  listen() {
    throw new Error('nobody listens here');
  }
}

/**
 * An application with so many ready peers.
 *
 * @returns {Promise<{ connections: DrivenConnection[], close: () => Promise<void> }>}
 */
export async function drivenPeers(count, behaviours) {
  const transport = new DrivenTransport();
  const application = await peerApplication({
    behaviours,
    extraProviders: [{ provide: Transport, useValue: transport }],
  });
  const factory = application.get(PeerFactory);
  for (let i = 1; i <= count; i++) await factory.dial({ host: `10.1.${i >> 8}.${i & 0xff}`, port: 10333 });
  return { connections: transport.connections, close: () => application.close() };
}
