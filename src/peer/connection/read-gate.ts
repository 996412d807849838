import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';

/**
 * Why a connection isn't read at present:
 * - `inbox`: the peer's inbox is full
 * - `reassembly`: all peers together hold too many bytes of partial frames
 * - `stopping`: the module is stopping
 */
export type PauseCause = 'inbox' | 'reassembly' | 'stopping';

/**
 * Whether we read from a connection: as long as nobody has a cause not to. It also keeps the time that deadlines about
 * silence go by, because silence while we aren't listening is not the remote's.
 *
 * @internal
 */
export class ReadGate {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #opened: () => void;
  readonly #causes = new Set<PauseCause>();
  #shutAt = 0;
  #shutMs = 0;

  /** @param opened called each time the last cause went */
  constructor(connection: Connection, clock: Clock, opened: () => void) {
    this.#connection = connection;
    this.#clock = clock;
    this.#opened = opened;
  }

  get isOpen(): boolean {
    return this.#causes.size === 0;
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
    this.#causes.add(cause);
  }

  open(cause: PauseCause): void {
    if (!this.#causes.delete(cause) || !this.isOpen) return;
    this.#shutMs += this.#clock.monotonic() - this.#shutAt;
    this.#connection.resume();
    this.#opened();
  }
}
