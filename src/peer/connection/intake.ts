import type { Connection } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { Message, Received } from '../../wire/messages.js';
import type { RequestMeter } from './connection-policy.js';
import { Inbox, type InboxOwner } from './inbox.js';
import { MessageReader, type MessageSink } from './message-reader.js';
import type { PeerRuntime } from './peer-runtime.js';
import { ReadGate, type ReadGateOwner } from './read-gate.js';
import type { FrameHolder } from './reassembly-budget.js';
import { RequestPacing } from './request-pacing.js';

/** What the owner of an {@link Intake} is told. */
export interface IntakeOwner {
  /** Bytes came. */
  byteCame(): void;
  /** A message is whole. */
  received(message: Received): void;
  /** What came can't be read. */
  broken(error: unknown): void;
  /** Reading goes on after a pause. */
  resumed(): void;
  /** The connection has to end. */
  fail(reason: DisconnectReason): void;
  /** A message's turn has come. Gives the promise of its end, or undefined when it is done already; never rejects. */
  handle(message: Message): Promise<void> | undefined;
}

/**
 * The way in: from the connection's bytes to messages, and from there, in order, to their handlers. Shuts the gate when
 * the inbox is full or the module holds too many partial frames; requests that come too fast wait for their turn.
 *
 * @internal
 */
export class Intake implements MessageSink, InboxOwner, ReadGateOwner, FrameHolder {
  readonly gate: ReadGate;
  readonly #runtime: PeerRuntime;
  readonly #owner: IntakeOwner;
  readonly #reader: MessageReader;
  readonly #inbox: Inbox;
  readonly #pacing: RequestPacing | undefined;
  #discarded = false;

  /** @param meter undefined where requests may come as fast as they do */
  constructor(runtime: PeerRuntime, connection: Connection, meter: RequestMeter | undefined, owner: IntakeOwner) {
    const { dialect, local, limits, clock } = runtime;
    this.#runtime = runtime;
    this.#owner = owner;
    this.#pacing = meter && new RequestPacing(meter, clock);
    this.gate = new ReadGate(connection, clock, this);
    const decoder = dialect.createFrameDecoder({
      magic: local.network.magic,
      maxFrameSize: dialect.limits.handshakeFrame,
    });
    this.#reader = new MessageReader(decoder, this.gate, this);
    this.#inbox = new Inbox(limits, this);
  }

  /** Begins to read. */
  begin(connection: Connection): void {
    connection.onData((chunk) => {
      this.#owner.byteCame();
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
  shut(): void {
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
    this.#runtime.budget.leave(this);
    if (discard) this.#inbox.discard();
  }

  // From the reader.

  received(message: Received): void {
    this.#owner.received(message);
  }

  broken(error: unknown): void {
    this.#owner.broken(error);
  }

  held(bytes: number): void {
    this.#runtime.budget.hold(this, bytes);
  }

  // From the inbox.

  filled(full: boolean): void {
    if (full) this.gate.shut('inbox');
    else this.gate.open('inbox');
  }

  handle(message: Message): Promise<void> | undefined {
    const turn = this.#pacing?.turn(message);
    if (turn === undefined) return this.#owner.handle(message);
    return turn.then(() => (this.#discarded ? undefined : this.#owner.handle(message)));
  }

  // From the gate.

  opened(): void {
    this.#owner.resumed();
    this.#reader.read();
  }

  // From the budget of all partial frames.

  pause(): void {
    this.gate.shut('reassembly');
  }

  resume(): void {
    this.gate.open('reassembly');
  }

  evict(): void {
    this.#owner.fail('evicted');
  }
}
