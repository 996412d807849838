import { watchLimits } from '../environment/call-limits.js';
import type { CallOptions } from '../environment/call-options.js';
import { formatAddress } from '../environment/address.js';
import type { Clock, Timer } from '../environment/clock.js';
import type { Connection, Endpoint } from '../environment/connection.js';
import { DialError } from '../environment/dial.error.js';
import { MemoryConnection } from './memory-connection.js';
import type { MemoryHost } from './memory-host.js';

/** Linux gives up an attempt to connect after that time, milliseconds: seven SYNs with doubled waits between them. */
const SYSTEM_GIVES_UP_MS = 127_000;

/** What a {@link MemoryDial} works with. */
export interface MemoryDialParts {
  readonly clock: Clock;
  /** Runs something after one way. */
  readonly afterTravel: (run: () => void) => void;
  /** What is there at the other end: our side of a new connection, why there is none, or undefined: silence. */
  readonly reach: () => MemoryConnection | DialError | undefined;
}

/**
 * One attempt to connect: there, and back with the answer.
 *
 * @internal
 */
export class MemoryDial {
  readonly #from: MemoryHost;
  readonly #address: Endpoint;
  readonly #parts: MemoryDialParts;
  readonly #abandon = (): void => this.#end();
  #outcome: MemoryConnection | DialError | undefined;
  #patience: Timer | undefined;
  #stopWatching: (() => void) | undefined;
  #isOver = false;

  constructor(from: MemoryHost, address: Endpoint, parts: MemoryDialParts) {
    this.#from = from;
    this.#address = address;
    this.#parts = parts;
  }

  /** @returns a promise that never settles when the program that dials dies before */
  begin(options: CallOptions): Promise<Connection> {
    const { clock, afterTravel, reach } = this.#parts;
    return new Promise((resolve, reject) => {
      const timedOut = (): Error => this.#error(`no answer within ${options.timeoutMs} ms`);
      this.#from.attempts.add(this.#abandon);
      this.#stopWatching = watchLimits(clock, options, timedOut, (error) => {
        this.#end();
        if (this.#outcome instanceof MemoryConnection) this.#outcome.destroy();
        reject(error);
      });
      const answer = (): void => {
        if (this.#isOver) return;
        this.#end();
        if (this.#outcome instanceof MemoryConnection) resolve(this.#outcome);
        else reject(this.#outcome ?? this.#error('no answer'));
      };
      if (this.#isOver) return;
      afterTravel(() => {
        if (this.#isOver) return;
        this.#outcome = reach();
        if (this.#outcome === undefined) this.#patience = clock.setTimeout(answer, SYSTEM_GIVES_UP_MS);
        else afterTravel(answer);
      });
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#patience?.cancel();
    this.#stopWatching?.();
    this.#from.attempts.delete(this.#abandon);
  }

  #error(detail: string): DialError {
    return new DialError(formatAddress(this.#address), detail);
  }
}
