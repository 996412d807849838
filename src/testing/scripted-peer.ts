import { formatAddress, parseAddress } from '../environment/address.js';
import type { CallOptions } from '../environment/call-options.js';
import { withinLimits } from '../environment/call-limits.js';
import type { Clock } from '../environment/clock.js';
import type { Connection, Endpoint } from '../environment/connection.js';
import { DialError } from '../environment/dial.error.js';
import { SystemClock } from '../environment/system-clock.js';
import { SystemRandom } from '../environment/system-random.js';
import type { Transport } from '../environment/transport.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import type { Dialect, FrameDecoder, Sendable } from '../wire/common/dialect.js';
import type { LocalFacts } from '../wire/common/node-facts.js';
import { dialectOf, type Command, type Message, type Outgoing, type Received } from '../wire/messages.js';
import { ScriptError } from './script.error.js';
import { ScriptedListener } from './scripted-listener.js';

/**
 * Options of a {@link ScriptedPeer}.
 *
 * @publicApi
 */
export interface ScriptedPeerOptions {
  readonly dialect: DialectName;
  /** Network magic, 0 to 2^32-1. */
  readonly magic: number;
  /**
   * What it says of itself in its version message, as far as it shall differ from a C# node that doesn't listen. Its
   * capabilities (N3) follow from `relay`, `port` and the height, unless they are given here.
   */
  readonly version?: Partial<LocalFacts>;
  /** What `timeoutMs` and the time in the version message are measured with. @default the system's clock */
  readonly clock?: Clock;
}

/** What it says of itself unless told otherwise. */
const VERSION = Object.freeze({ protocolVersion: 0, services: 1n, relay: true, port: 0, height: 0 });

/** The user agents of C# reference nodes. */
const USER_AGENTS: Readonly<Record<DialectName, string>> = Object.freeze({ legacy: '/Neo:2.12.0/', n3: '/Neo:3.8.2/' });

interface Waiting {
  readonly command: Command;
  readonly settle: (message: Message | undefined) => void;
}

/**
 * A remote node that does what the test says and nothing else: it answers no ping and no request, and knows no order of
 * the handshake. So it can be wrong in every way.
 *
 * ```ts
 * const remote = await ScriptedPeer.connect(network.transport('10.0.0.2'), '10.0.0.1:10333', { dialect: 'legacy', magic });
 * await remote.handshake(100);
 * const request = await remote.expect('getheaders');
 * ```
 *
 * @publicApi
 */
export class ScriptedPeer {
  /** Everything that was received and could be decoded, in order, whether expected or not. */
  readonly received: readonly Received[];
  /** Resolves once the connection is over, however it ended. Never rejects. */
  readonly closed: Promise<void>;
  /** The connection underneath: for pausing, ending, dropping. Reading from it is this peer's. */
  readonly connection: Connection;

  readonly #dialect: Dialect<Message>;
  readonly #decoder: FrameDecoder<Message>;
  readonly #options: ScriptedPeerOptions;
  readonly #clock: Clock;
  readonly #nonce: number;
  readonly #log: Received[] = [];
  readonly #unexpected: Message[] = [];
  readonly #waiting = new Set<Waiting>();
  #over = false;
  #error: Error | undefined;

  private constructor(connection: Connection, options: ScriptedPeerOptions) {
    this.connection = connection;
    this.received = this.#log;
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#nonce = options.version?.nonce ?? new SystemRandom().integer(2 ** 32);
    this.#dialect = dialectOf(options.dialect);
    this.#decoder = this.#dialect.createFrameDecoder({ magic: options.magic });
    this.closed = new Promise((resolve) => {
      connection.onClose((error) => {
        this.#finish(error);
        resolve();
      });
    });
    connection.onData((chunk) => this.#decode(chunk));
  }

  /**
   * Dials a node.
   *
   * @param address `host:port` or the two apart, with an IP address or a `MemoryNetwork`'s host
   * @throws DialError when there is no connection to be had, or the address is none
   */
  static async connect(
    transport: Transport,
    address: string | Endpoint,
    options: ScriptedPeerOptions,
  ): Promise<ScriptedPeer> {
    const endpoint = parseAddress(address);
    if (!endpoint) throw new DialError(typeof address === 'string' ? address : formatAddress(address), 'not host:port');
    return new ScriptedPeer(await transport.connect(endpoint, {}), options);
  }

  /** Takes over a connection somebody else made. Do it before bytes can have been read from it. */
  static accept(connection: Connection, options: ScriptedPeerOptions): ScriptedPeer {
    return new ScriptedPeer(connection, options);
  }

  /**
   * Waits for nodes to dial.
   *
   * @param on port 0, the default, lets the transport choose
   * @throws ListenError
   */
  static async listen(
    transport: Transport,
    on: { readonly host?: string; readonly port?: number },
    options: ScriptedPeerOptions,
  ): Promise<ScriptedListener<ScriptedPeer>> {
    const make = (connection: Connection): ScriptedPeer => new ScriptedPeer(connection, options);
    const listener = new ScriptedListener(make, options.clock ?? new SystemClock());
    await listener.begin(transport, { ...on, port: on.port ?? 0 });
    return listener;
  }

  /**
   * Does its half of the handshake, as both sides do it: version at once, verack at the other's version, then waits for
   * the other's verack.
   *
   * @param height what it claims as its block height. Default: that of `version`, or 0
   * @throws ScriptError when the connection closes before
   */
  async handshake(height?: number, options?: CallOptions): Promise<void> {
    this.send(this.version(height));
    await this.expect('version', options);
    this.send(this.#dialect.verack());
    await this.expect('verack', options);
  }

  /** The version message {@link handshake} would send: for scripts that do the handshake in another way. */
  version(height?: number): Outgoing<'version'> {
    const { dialect, version } = this.#options;
    const told = {
      ...VERSION,
      userAgent: USER_AGENTS[dialect],
      nonce: this.#nonce,
      nowMs: this.#clock.now(),
      ...version,
    };
    const facts = { ...told, height: height ?? told.height };
    const capabilities =
      facts.capabilities ?? this.#dialect.capabilities({ ...facts, archival: false, compression: true });
    return this.#dialect.version({ ...facts, capabilities }) as Sendable<Message<'version'>>;
  }

  /** Sends a message, at once. After the close it goes nowhere. */
  send(message: Outgoing): void {
    this.write(this.#dialect.encode(message, this.#options.magic));
  }

  /** Sends bytes as they are, at once. After the close they go nowhere. */
  write(bytes: Uint8Array): void {
    this.connection.write(bytes, () => undefined); // what keeps it from being written ends the connection too
  }

  /**
   * The next message of that command which no earlier `expect` took; messages of others stay for theirs. The first
   * to expect a command gets it first.
   *
   * @param options `timeoutMs` defaults to none
   * @throws ScriptError when the connection closes first, or `timeoutMs` ran out
   * @throws AbortedError
   */
  async expect<C extends Command>(command: C, options?: CallOptions): Promise<Message<C>> {
    const place = this.#unexpected.findIndex((message) => message.command === command);
    if (place >= 0) return this.#unexpected.splice(place, 1)[0] as Message<C>;
    if (this.#over) throw this.#failure(command, 'closed');
    const { promise, settle } = settleable<Message | undefined>();
    const waiting: Waiting = { command, settle };
    this.#waiting.add(waiting);
    try {
      const message = await withinLimits(promise, this.#clock, options, () => this.#failure(command, 'timeout'));
      if (message === undefined) throw this.#failure(command, 'closed');
      return message as Message<C>;
    } finally {
      this.#waiting.delete(waiting);
    }
  }

  #decode(chunk: Uint8Array): void {
    if (this.#error) return;
    try {
      for (const message of this.#decoder.push(chunk)) this.#take(message);
    } catch (error) {
      this.#finish(error as Error);
      this.connection.destroy();
    }
  }

  #take(message: Received): void {
    this.#log.push(message);
    if (message.command === 'unknown') return;
    for (const waiting of this.#waiting) {
      if (waiting.command !== message.command) continue;
      this.#waiting.delete(waiting);
      waiting.settle(message);
      return;
    }
    this.#unexpected.push(message);
  }

  #finish(error: Error | undefined): void {
    this.#over = true;
    this.#error ??= error;
    for (const { settle } of this.#waiting) settle(undefined);
    this.#waiting.clear();
  }

  #failure(command: string, problem: 'closed' | 'timeout'): ScriptError {
    const received = this.#log.map((message) => (message.command === 'unknown' ? message.name : message.command));
    return new ScriptError(command, problem, received, this.#error && { cause: this.#error });
  }
}

function settleable<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
