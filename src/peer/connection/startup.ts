import { formatAddress } from '../../environment/address.js';
import { AbortedError } from '../../environment/aborted.error.js';
import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Received } from '../../wire/messages.js';
import { HandshakeError } from '../errors/handshake.error.js';
import type { Disconnection } from '../disconnection.js';
import type { Peer } from '../peer.js';
import { Handshake, type HandshakeOwner } from './handshake.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { RemoteIdentity } from './remote-identity.js';

/**
 * `Peer.run()`: a handshake within a time. Its promise is kept when the peer is ready, broken when its connection is over
 * before.
 *
 * @internal
 */
export class Startup {
  readonly promise: Promise<void>;
  readonly #runtime: PeerRuntime;
  readonly #address: string;
  readonly #owner: HandshakeOwner;
  readonly #handshake: Handshake;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #stopWatching: StopWatching | undefined;
  #aborted: AbortedError | undefined;

  constructor(runtime: PeerRuntime, peer: Peer, remote: RemoteIdentity, owner: HandshakeOwner) {
    this.#runtime = runtime;
    this.#address = formatAddress(peer.remoteAddress);
    this.#owner = owner;
    this.#handshake = new Handshake(runtime, peer, remote, owner);
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Watches signal and time, which may end the connection, before this returns if the signal is aborted already. */
  watch(options: CallOptions): void {
    const { clock, timeouts } = this.#runtime;
    const limits = { ...options, timeoutMs: options.timeoutMs ?? timeouts.handshakeMs };
    const timedOut = (): Error => new HandshakeError(this.#address, 'handshake-timeout');
    this.#stopWatching = watchLimits(clock, limits, timedOut, (error) => {
      if (error instanceof AbortedError) this.#aborted = error;
      this.#owner.fail(this.#aborted ? 'local' : 'handshake-timeout', this.#aborted);
    });
  }

  /** Says our version. */
  begin(): void {
    this.#handshake.begin();
  }

  /** Takes what came before the peer is ready. */
  receive(message: Received): void {
    this.#handshake.receive(message);
  }

  ready(): void {
    this.#stopWatching?.();
    this.#resolve();
  }

  /** Nothing that comes later counts. */
  stop(): void {
    this.#handshake.stop();
  }

  /** The connection is over. */
  over({ reason, error: cause }: Pick<Disconnection, 'reason' | 'error'>): void {
    this.#stopWatching?.();
    this.#reject(this.#aborted ?? new HandshakeError(this.#address, reason, cause && { cause }));
  }
}
