import type { Sleeper } from '../../environment/alarms.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Heartbeat } from './heartbeat.js';
import type { Outbox } from './outbox.js';
import type { PeerRuntime } from './peer-runtime.js';
import type { ReadGate } from './read-gate.js';

/** What the owner of {@link Deadlines} is told. */
export interface DeadlinesOwner {
  /** It has lasted too long; nothing more is told. */
  fail(reason: DisconnectReason): void;
}

/**
 * What has its time on a ready peer: no byte comes (`idle`), none is taken (`write-stalled`), the next ping of ours is due.
 *
 * All share one alarm, which is set for the first of them. What happens in between costs nothing: it isn't set anew for each
 * message, but looks again when it rings.
 *
 * @internal
 */
export class Deadlines implements Sleeper {
  /** When it looks again. */
  dueMs = 0;
  order = 0;
  place = -1;
  readonly #runtime: PeerRuntime;
  readonly #gate: ReadGate;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #owner: DeadlinesOwner;
  #lastByteAt = 0;
  #isAsleep = false;

  constructor(runtime: PeerRuntime, gate: ReadGate, outbox: Outbox, heartbeat: Heartbeat, owner: DeadlinesOwner) {
    this.#runtime = runtime;
    this.#gate = gate;
    this.#outbox = outbox;
    this.#heartbeat = heartbeat;
    this.#owner = owner;
  }

  /** The peer is ready. */
  start(): void {
    this.byteCame();
    this.wake();
  }

  byteCame(): void {
    this.#lastByteAt = this.#gate.readingMs;
  }

  /** We read again after a pause. */
  resumed(): void {
    if (this.#isAsleep) this.wake();
  }

  /** There is something to write. */
  writing(): void {
    if (!this.#isAsleep) return;
    if (this.dueMs > this.#outbox.stuckSince! + this.#runtime.timeouts.writeStalledMs) this.wake();
  }

  stop(): void {
    this.#isAsleep = false;
    this.#runtime.alarms.cancel(this);
  }

  wake(): void {
    this.#isAsleep = false;
    if (this.#idleLeft() <= 0) {
      this.#owner.fail('idle');
    } else if (this.#writeLeft() <= 0) {
      this.#owner.fail('write-stalled');
    } else {
      this.#runtime.alarms.set(this, Math.min(this.#heartbeat.beat(), this.#idleLeft(), this.#writeLeft()));
      this.#isAsleep = true;
    }
  }

  #idleLeft(): number {
    const { idleMs } = this.#runtime.timeouts;
    return this.#gate.isOpen ? this.#lastByteAt + idleMs - this.#gate.readingMs : Infinity;
  }

  #writeLeft(): number {
    const { clock, timeouts } = this.#runtime;
    const { stuckSince } = this.#outbox;
    return stuckSince === undefined ? Infinity : stuckSince + timeouts.writeStalledMs - clock.monotonic();
  }
}
