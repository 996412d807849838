import type { CallOptions } from '../environment/call-options.js';
import { withinLimits } from '../environment/call-limits.js';
import type { Clock } from '../environment/clock.js';
import type { Connection, Endpoint, PeerListener } from '../environment/connection.js';
import type { Transport } from '../environment/transport.js';
import { ScriptError } from './script.error.js';

/**
 * Where nodes can dial a `ScriptedPeer`. Made by `ScriptedPeer.listen`.
 *
 * @publicApi
 */
export class ScriptedListener<P> {
  readonly #make: (connection: Connection) => P;
  readonly #clock: Clock;
  readonly #accepted: P[] = [];
  readonly #waiting = new Set<(peer: P | undefined) => void>();
  #listener: PeerListener | undefined;
  #over = false;

  /** @internal */
  constructor(make: (connection: Connection) => P, clock: Clock) {
    this.#make = make;
    this.#clock = clock;
  }

  /** @internal */
  async begin(transport: Transport, on: { readonly host?: string; readonly port: number }): Promise<void> {
    this.#listener = await transport.listen(on, (connection) => this.#take(this.#make(connection)));
  }

  /** Where it listens. */
  get address(): Endpoint {
    return this.#listener!.address;
  }

  /**
   * The next peer that dialled and that no earlier `accepted` took.
   *
   * @param options `timeoutMs` defaults to none
   * @throws ScriptError when it is closed first, or `timeoutMs` ran out
   * @throws AbortedError
   */
  async accepted(options?: CallOptions): Promise<P> {
    const first = this.#accepted.shift();
    if (first !== undefined) return first;
    if (this.#over) throw new ScriptError('a connection', 'closed', []);
    let settle!: (peer: P | undefined) => void;
    const next = new Promise<P | undefined>((resolve) => {
      settle = resolve;
    });
    this.#waiting.add(settle);
    try {
      const peer = await withinLimits(next, this.#clock, options, () => new ScriptError('a connection', 'timeout', []));
      if (peer === undefined) throw new ScriptError('a connection', 'closed', []);
      return peer;
    } finally {
      this.#waiting.delete(settle);
    }
  }

  /** Accepts no more. Peers that came stay. Idempotent. */
  async close(): Promise<void> {
    this.#over = true;
    for (const settle of this.#waiting) settle(undefined);
    this.#waiting.clear();
    await this.#listener?.close();
  }

  #take(peer: P): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#accepted.push(peer);
      return;
    }
    this.#waiting.delete(first);
    first(peer);
  }
}
