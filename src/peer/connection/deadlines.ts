import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import { Deadline } from './deadline.js';
import type { Outbox } from './outbox.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { ReadGate } from './read-gate.js';

/**
 * The deadlines of a ready peer that have to do with bytes: none comes (`idle`), or none is taken (`write-stalled`).
 *
 * @internal
 */
export class Deadlines {
  readonly #gate: ReadGate;
  readonly #idle: Deadline;
  readonly #writeStalled: Deadline;
  #lastByteAt = 0;
  #started = false;

  constructor(runtime: PeerRuntime, gate: ReadGate, outbox: Outbox, expired: (reason: DisconnectReason) => void) {
    const { clock, timeouts } = runtime;
    this.#gate = gate;
    this.#idle = new Deadline(
      clock,
      timeouts.idleMs,
      () => gate.readingMs,
      () => (gate.isOpen ? this.#lastByteAt : undefined),
      () => expired('idle'),
    );
    this.#writeStalled = new Deadline(
      clock,
      timeouts.writeStalledMs,
      () => clock.monotonic(),
      () => outbox.stuckSince,
      () => expired('write-stalled'),
    );
  }

  /** The peer is ready. */
  start(): void {
    this.#started = true;
    this.byteCame();
    this.#idle.start();
    this.#writeStalled.start();
  }

  byteCame(): void {
    this.#lastByteAt = this.#gate.readingMs;
  }

  /** We read again after a pause. */
  resumed(): void {
    if (this.#started) this.#idle.start();
  }

  /** There is something to write. */
  writing(): void {
    if (this.#started) this.#writeStalled.start();
  }

  stop(): void {
    this.#idle.stop();
    this.#writeStalled.stop();
  }
}
