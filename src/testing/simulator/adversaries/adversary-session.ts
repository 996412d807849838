import type { Clock, Timer } from '../../../environment/clock.js';
import type { Connection, Endpoint } from '../../../environment/connection.js';
import type { Dialect, FrameDecoder, Sendable } from '../../../wire/common/dialect.js';
import type { LocalFacts } from '../../../wire/common/node-facts.js';
import { dialectOf, type Message, type Outgoing } from '../../../wire/messages.js';
import { DecodeError } from '../../../wire/primitives/decode.error.js';
import type { NetworkDefinition } from '../../../config/options.js';
import type { SeededRandom } from '../../seeded-random.js';
import type { Conduct } from './conduct.js';

/** What an {@link AdversarySession} works with. */
export interface AdversarySessionParts {
  readonly conduct: Conduct;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly definition: NetworkDefinition;
  /** Who dialled: we, or a node. */
  readonly isDialled: boolean;
  /** All hosts that are in the same hands. */
  readonly hosts: readonly string[];
  /** Where we listen. */
  readonly port: number;
  /** Identifies this host among all nodes. */
  readonly nonce: number;
  /** It has ended. */
  readonly over: (session: AdversarySession) => void;
}

/** Called like C# nodes. */
const USER_AGENTS = Object.freeze({ legacy: '/Neo:2.12.0/', n3: '/Neo:3.8.2/' });

/**
 * One connection between an adversary and a node, for a {@link Conduct} to do with as it likes.
 *
 * @publicApi
 */
export class AdversarySession {
  /** The protocol, to make messages with. */
  readonly dialect: Dialect<Message>;
  /** Chance that follows from the world's seed. */
  readonly random: SeededRandom;
  /** The network's magic. */
  readonly magic: number;
  readonly #connection: Connection;
  readonly #parts: AdversarySessionParts;
  readonly #decoder: FrameDecoder<Message>;
  readonly #timers = new Set<Timer>();
  #isOver = false;

  /** @internal */
  constructor(connection: Connection, parts: AdversarySessionParts) {
    const { dialect, magic } = parts.definition;
    this.#connection = connection;
    this.#parts = parts;
    this.dialect = dialectOf(dialect);
    this.random = parts.random;
    this.magic = magic;
    this.#decoder = this.dialect.createFrameDecoder({ magic });
    connection.onClose(() => this.#end());
    connection.onData((chunk) => this.#receive(chunk));
    parts.conduct.connected(this);
  }

  /** Whether the adversary dialled; else the node did. */
  get isDialled(): boolean {
    return this.#parts.isDialled;
  }

  /** Where this side is. */
  get ownAddress(): Endpoint {
    return this.#connection.localAddress;
  }

  /** Where the node is. */
  get nodeAddress(): Endpoint {
    return this.#connection.remoteAddress;
  }

  /** All hosts of the adversary. */
  get hosts(): readonly string[] {
    return this.#parts.hosts;
  }

  /** The port at which it listens on all of them. */
  get port(): number {
    return this.#parts.port;
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#parts.clock.now();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** A version message as a C# node with these facts would send it. @param facts what differs */
  version(facts: Partial<LocalFacts> = {}): Outgoing<'version'> {
    const { nonce, port, definition } = this.#parts;
    const usual = { protocolVersion: 0, services: 1n, relay: true, height: 0, nonce, port, nowMs: this.nowMs };
    const told = { ...usual, userAgent: USER_AGENTS[definition.dialect], ...facts };
    const able = { ...told, archival: false, compression: true };
    const capabilities = facts.capabilities ?? this.dialect.capabilities(able);
    return this.dialect.version({ ...told, capabilities }) as Sendable<Message<'version'>>;
  }

  /** Sends a message. After the end it goes nowhere. */
  send(message: Outgoing): void {
    this.write(this.dialect.encode(message, this.magic));
  }

  /** Sends bytes as they are. After the end they go nowhere. */
  write(bytes: Uint8Array): void {
    if (!this.#isOver) this.#connection.write(bytes, () => undefined); // what keeps it from being written ends it too
  }

  /** Reads no more. */
  pause(): void {
    this.#connection.pause();
  }

  /** Does something again and again for as long as the connection stands. */
  every(ms: number, run: () => void): void {
    if (this.#isOver) return;
    const timer = this.#parts.clock.setTimeout(() => {
      timer.refresh();
      run();
    }, ms);
    this.#timers.add(timer);
  }

  /** Does something later, if the connection stands then. */
  after(ms: number, run: () => void): void {
    if (this.#isOver) return;
    const timer = this.#parts.clock.setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  /** Hangs up. */
  close(): void {
    this.#connection.destroy();
    this.#end();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isOver) return;
    try {
      for (const message of this.#decoder.push(chunk)) {
        if (message.command !== 'unknown') this.#parts.conduct.received(this, message);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.close();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#parts.over(this);
  }
}
