import type { Connection } from '../../environment/connection.js';
import type { Message, Received } from '../../wire/messages.js';
import type { RequestMeter } from './connection-policy.js';
import { Inbox } from './inbox.js';
import { MessageReader } from './message-reader.js';
import type { PeerRuntime } from './peer-runtime.js';
import { ReadGate } from './read-gate.js';
import type { FrameHolder } from './reassembly-budget.js';
import { RequestPacing } from './request-pacing.js';

/** What the owner of an {@link Intake} is told. */
export interface IntakeEvents {
  /** Bytes came. */
  byteCame(): void;
  /** A message is whole. */
  received(message: Received): void;
  /** What came can't be read. */
  broken(error: unknown): void;
  /** Reading goes on after a pause. */
  resumed(): void;
  /** Its partial frame takes memory that others need. */
  evicted(): void;
  /** A message's turn has come. */
  handle(message: Message): Promise<void> | undefined;
}

/**
 * The way in: from the connection's bytes to messages, and from there, in order, to their handlers. Shuts the gate when
 * the inbox is full or the module holds too many partial frames; requests that come too fast wait for their turn.
 *
 * @internal
 */
export class Intake {
  readonly gate: ReadGate;
  readonly #runtime: PeerRuntime;
  readonly #connection: Connection;
  readonly #events: IntakeEvents;
  readonly #reader: MessageReader;
  readonly #inbox: Inbox;
  readonly #holder: FrameHolder;
  readonly #pacing: RequestPacing | undefined;
  #discarded = false;

  /** @param meter undefined where requests may come as fast as they do */
  constructor(runtime: PeerRuntime, connection: Connection, meter: RequestMeter | undefined, events: IntakeEvents) {
    const { dialect, local, budget } = runtime;
    this.#runtime = runtime;
    this.#connection = connection;
    this.#events = events;
    this.#pacing = meter && new RequestPacing(meter, runtime.clock);
    this.gate = new ReadGate(connection, runtime.clock, () => this.#opened());
    const decoder = dialect.createFrameDecoder({
      magic: local.network.magic,
      maxFrameSize: dialect.limits.handshakeFrame,
    });
    this.#reader = new MessageReader(decoder, this.gate, {
      received: (message) => events.received(message),
      broken: (error) => events.broken(error),
      held: (bytes) => budget.hold(this.#holder, bytes),
    });
    this.#inbox = new Inbox(
      runtime.limits,
      (message) => this.#handle(message),
      (full) => (full ? this.gate.shut('inbox') : this.gate.open('inbox')),
    );
    this.#holder = {
      pause: () => this.gate.shut('reassembly'),
      resume: () => this.gate.open('reassembly'),
      evict: () => events.evicted(),
    };
  }

  /** Begins to read. */
  begin(): void {
    this.#connection.onData((chunk) => {
      this.#events.byteCame();
      this.#reader.receive(chunk);
    });
  }

  /** The handshake is over: frames may have their full size. */
  allowLargeFrames(): void {
    this.#reader.maxFrameSize = this.#runtime.dialect.limits.frame;
  }

  /** Takes note of a message that came, before anything is done with it. False when nothing is to be done with it. */
  admits(message: Message): boolean {
    return this.#pacing?.arrived(message) ?? true;
  }

  /** Does what answers a message, when it may be answered. */
  whenDue(message: Message, answer: () => void): void {
    if (this.#pacing === undefined) answer();
    else this.#pacing.answer(message, answer);
  }

  /** Queues a message for its handler. @param asked it answers a pending request */
  put(message: Message, asked: boolean): void {
    this.#inbox.put(message, asked);
  }

  set requestPending(pending: boolean) {
    this.#inbox.requestPending = pending;
  }

  /** Reads no more; what has come is handled. */
  pause(): void {
    this.gate.shut('stopping');
    this.#pacing?.stop();
  }

  /** Resolves when everything that has come was handled. */
  handled(): Promise<void> {
    return this.#inbox.idle();
  }

  /** The connection is over: what came before its end is still read, and handled. */
  finish(): void {
    this.#reader.finish();
  }

  /** Reads no more for good. @param discard what waits for its handler isn't handled any more either */
  stop(discard: boolean): void {
    this.#discarded ||= discard;
    this.#pacing?.end();
    this.#reader.stop();
    this.#runtime.budget.leave(this.#holder);
    if (discard) this.#inbox.discard();
  }

  #handle(message: Message): Promise<void> | undefined {
    const turn = this.#pacing?.turn(message);
    if (turn === undefined) return this.#events.handle(message);
    return turn.then(() => (this.#discarded ? undefined : this.#events.handle(message)));
  }

  #opened(): void {
    this.#events.resumed();
    this.#reader.read();
  }
}
