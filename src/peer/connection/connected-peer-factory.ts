import { Injectable } from '@nestjs/common';
import { OptionsError } from '../../config/options.error.js';
import { AbortedError } from '../../environment/aborted.error.js';
import { formatAddress, parseAddress } from '../../environment/address.js';
import { onAbort } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Connection, Endpoint, PeerListener } from '../../environment/connection.js';
import { DialError } from '../../environment/dial.error.js';
import { ListenError } from '../../environment/listen.error.js';
import { Resolver } from '../../environment/resolver.js';
import { Transport } from '../../environment/transport.js';
import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { type Address, PeerFactory } from '../peer-factory.js';
import type { Peer } from '../peer.js';
import { DialObserver } from '../records/dial-observer.js';
import { ConnectedPeer } from './connected-peer.js';
import { Dialler } from './dialler.js';
import { PeerRuntime } from './peer-runtime.js';

const STOPPING = 'the module is stopping';

/**
 * Makes the peers of one module.
 *
 * @internal
 */
@Injectable()
export class ConnectedPeerFactory extends PeerFactory {
  readonly #runtime: PeerRuntime;
  readonly #transport: Transport;
  readonly #dialler: Dialler;
  readonly #observer: DialObserver;

  constructor(runtime: PeerRuntime, transport: Transport, resolver: Resolver, observer: DialObserver) {
    super();
    this.#runtime = runtime;
    this.#transport = transport;
    this.#dialler = new Dialler(runtime.clock, resolver, transport);
    this.#observer = observer;
  }

  async dial(address: Address, options: CallOptions = {}): Promise<Peer> {
    const endpoint = parseAddress(address);
    if (endpoint === undefined) throw new OptionsError('address', address, 'host:port with a port from 1 to 65535');
    if (options.signal?.aborted) throw new AbortedError(options.signal.reason);
    if (this.#runtime.registry.isStopping) throw new DialError(formatAddress(endpoint), STOPPING);
    this.#observer.attempted(endpoint);
    try {
      const peer = await this.#dial(endpoint, options);
      this.#observer.succeeded(endpoint, peer);
      return peer;
    } catch (cause) {
      const error =
        cause instanceof NeoPeerError ? cause : new DialError(formatAddress(endpoint), 'it failed', { cause });
      this.#observer.failed(endpoint, error);
      throw error;
    }
  }

  async listen(on: { readonly host?: string; readonly port: number }): Promise<PeerListener> {
    const { registry } = this.#runtime;
    const listener = await this.#transport.listen(on, (connection) => this.#accept(connection));
    const forget = registry.addSource(() => listener.close());
    const close = async (): Promise<void> => {
      forget();
      await listener.close();
    };
    if (registry.isStopping) {
      await close();
      throw new ListenError(formatAddress(listener.address), STOPPING);
    }
    return { address: listener.address, close };
  }

  create(connection: Connection, { inbound }: { readonly inbound: boolean }): Peer {
    const peer = new ConnectedPeer(this.#runtime, connection, inbound ? 'inbound' : 'outbound');
    if (this.#runtime.registry.isStopping) void peer.disconnect('shutdown');
    return peer;
  }

  async #dial(endpoint: Endpoint, { signal, timeoutMs }: CallOptions): Promise<Peer> {
    const { clock, timeouts } = this.#runtime;
    const limitMs = timeoutMs ?? timeouts.handshakeMs;
    const beganAt = clock.monotonic();
    const peer = this.create(await this.#connect(endpoint, limitMs, signal), { inbound: false });
    this.#observer.connected(endpoint, peer);
    await peer.run({ ...(signal && { signal }), timeoutMs: Math.max(1, limitMs - (clock.monotonic() - beganAt)) });
    return peer;
  }

  /** A connection; none once the module is stopping, which ends what is under way. */
  async #connect(endpoint: Endpoint, timeoutMs: number, signal: AbortSignal | undefined): Promise<Connection> {
    const call = new AbortController();
    const done = this.#runtime.registry.addSource(() => call.abort());
    const stopListening = onAbort(signal, () => call.abort(signal?.reason));
    try {
      return await this.#dialler.connect(endpoint, timeoutMs, call.signal);
    } catch (cause) {
      const isStopping = this.#runtime.registry.isStopping && signal?.aborted !== true;
      throw isStopping ? new DialError(formatAddress(endpoint), STOPPING, { cause }) : cause;
    } finally {
      stopListening();
      done();
    }
  }

  #accept(connection: Connection): void {
    const { registry, events, policy } = this.#runtime;
    const { remoteAddress } = connection;
    const reason = registry.isStopping ? 'shutdown' : policy.refusal(remoteAddress);
    if (reason !== undefined) {
      connection.destroy();
      events.emit('refusedInbound', { host: remoteAddress.host, reason });
      return;
    }
    const peer = this.create(connection, { inbound: true });
    peer.run().catch(() => undefined); // nobody waits for it, and why it failed is in its event and log line
  }
}
