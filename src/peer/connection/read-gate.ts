import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';

/**
 * Why a connection isn't read at present:
 * - `inbox`: the peer's inbox is full
 * - `reassembly`: all peers together hold too many bytes of partial frames
 * - `stopping`: the module is stopping
 */
export type PauseCause = 'inbox' | 'reassembly' | 'stopping';

/** A bit for each cause. */
const BITS: Readonly<Record<PauseCause, number>> = Object.freeze({ inbox: 1, reassembly: 2, stopping: 4 });

/** What the owner of a {@link ReadGate} is told. */
export interface ReadGateOwner {
  /** The last cause went. */
  opened(): void;
}

/**
 * Whether we read from a connection: as long as nobody has a cause not to. It also keeps the time that deadlines about
 * silence go by, because silence while we aren't listening is not the remote's.
 *
 * @internal
 */
export class ReadGate {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #owner: ReadGateOwner;
  #causes = 0;
  #shutAt = 0;
  #shutMs = 0;

  constructor(connection: Connection, clock: Clock, owner: ReadGateOwner) {
    this.#connection = connection;
    this.#clock = clock;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return this.#causes === 0;
  }

  /** Milliseconds on a clock that stands still while the gate is shut. Begins anywhere. */
  get readingMs(): number {
    return (this.isOpen ? this.#clock.monotonic() : this.#shutAt) - this.#shutMs;
  }

  shut(cause: PauseCause): void {
    if (this.isOpen) {
      this.#shutAt = this.#clock.monotonic();
      this.#connection.pause();
    }
    this.#causes |= BITS[cause];
  }

  open(cause: PauseCause): void {
    if ((this.#causes & BITS[cause]) === 0) return;
    this.#causes &= ~BITS[cause];
    if (!this.isOpen) return;
    this.#shutMs += this.#clock.monotonic() - this.#shutAt;
    this.#connection.resume();
    this.#owner.opened();
  }
}
