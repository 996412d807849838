import { type StopWatching, watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Clock } from '../../environment/clock.js';
import { AbortedError } from '../../environment/aborted.error.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { HandshakeError } from '../errors/handshake.error.js';
import type { Disconnection } from '../disconnection.js';

/**
 * The promise of `Peer.run()`: kept when the peer is ready, broken when its connection is over before.
 *
 * @internal
 */
export class Startup {
  readonly promise: Promise<void>;
  readonly #address: string;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #stopWatching: StopWatching | undefined;
  #aborted: AbortedError | undefined;

  /** @param address `host:port` of the remote */
  constructor(address: string) {
    this.#address = address;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Watches signal and time. @param giveUp ends the connection, when one of them says so */
  watch(clock: Clock, options: CallOptions, giveUp: (reason: DisconnectReason, error?: NeoPeerError) => void): void {
    const timedOut = (): Error => new HandshakeError(this.#address, 'handshake-timeout');
    this.#stopWatching = watchLimits(clock, options, timedOut, (error) => {
      if (error instanceof AbortedError) this.#aborted = error;
      giveUp(this.#aborted ? 'local' : 'handshake-timeout', this.#aborted);
    });
  }

  ready(): void {
    this.#stopWatching?.();
    this.#resolve();
  }

  /** The connection is over. Harmless when the peer was ready. */
  over({ reason, error: cause }: Pick<Disconnection, 'reason' | 'error'>): void {
    this.#stopWatching?.();
    this.#reject(this.#aborted ?? new HandshakeError(this.#address, reason, cause && { cause }));
  }
}
