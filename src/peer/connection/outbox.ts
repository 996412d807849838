import type { Limits } from '../../config/options.js';
import { watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';
import type { Command } from '../../wire/messages.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { MailboxFullError } from '../errors/mailbox-full.error.js';
import { FrameWriter, type OutgoingFrame } from './frame-writer.js';

/** One message, encoded: usually one frame, more where its content had to be split. They go out together. */
export interface Parcel {
  readonly command: Command;
  readonly frames: readonly Uint8Array[];
  readonly bytes: number;
}

/** What the owner of an {@link Outbox} is told. */
export interface OutboxEvents {
  /** A whole frame goes to the connection. */
  sent(command: Command, bytes: number): void;
  /** There is something to write, after there was nothing. */
  filled(): void;
}

/** How many frames may be ahead of the queue (handshake, pongs) before a remote that doesn't read gets no more of them. */
const MAX_AHEAD = 64;

/**
 * What waits to be written, bounded in messages and bytes. A parcel larger than the box is taken when the box is empty.
 *
 * @internal
 */
export class Outbox {
  readonly #limits: Pick<Limits, 'outboxMessages' | 'outboxBytes'>;
  readonly #clock: Clock;
  readonly #events: OutboxEvents;
  readonly #writer: FrameWriter;
  readonly #ahead: Entry[] = [];
  readonly #queue: Entry[] = [];
  /** Those that found it full, in order. */
  readonly #outside: Entry[] = [];
  readonly #inFlight = new Set<Entry>();
  #frames = 0;
  #bytes = 0;
  #held = true;
  #flushing = false;
  #closed: NeoPeerError | undefined;
  #whenEmpty: (() => void)[] = [];

  constructor(
    connection: Connection,
    limits: Pick<Limits, 'outboxMessages' | 'outboxBytes'>,
    clock: Clock,
    events: OutboxEvents,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#events = events;
    this.#writer = new FrameWriter(connection, { take: (largest) => this.#take(largest) }, () => clock.monotonic());
    connection.onDrain(() => this.#writer.drained());
  }

  /** The remote mixes up frames that arrive together. */
  set oneFrameAWrite(alone: boolean) {
    this.#writer.oneAtATime = alone;
  }

  get isEmpty(): boolean {
    return this.#ahead.length + this.#queue.length + this.#outside.length === 0 && this.#writer.idle;
  }

  /** Monotonic milliseconds when the connection last took something; undefined while there is nothing to take. */
  get stuckSince(): number | undefined {
    return this.isEmpty ? undefined : this.#writer.progressedAt;
  }

  /** Writes the handshake's frames, which nothing holds back. */
  writeFirst(parcel: Parcel): void {
    this.#enter(this.#ahead, new Entry(parcel, true));
    this.#writer.flush();
  }

  /** Lets everything else flow too: the handshake is over. */
  release(): void {
    this.#held = false;
    this.#writer.flush();
  }

  /** Puts a parcel ahead of all others. False when so many are ahead that the remote evidently doesn't read. */
  hurry(parcel: Parcel): boolean {
    if (this.#closed || this.#ahead.length >= MAX_AHEAD) return false;
    this.#enter(this.#ahead, new Entry(parcel, false));
    this.#flushSoon();
    return true;
  }

  /** Takes a parcel if there is room. */
  offer(parcel: Parcel): boolean {
    if (this.#closed || this.#outside.length > 0 || !this.#hasRoomFor(parcel)) return false;
    this.#enter(this.#queue, new Entry(parcel, false));
    this.#flushSoon();
    return true;
  }

  /**
   * Takes a parcel as soon as there is room, and resolves when the connection has taken its bytes.
   *
   * @param handedOver called when its bytes go to the connection
   * @throws MailboxFullError when `timeoutMs` ran out before that
   * @throws AbortedError when the signal was aborted before that
   */
  put(parcel: Parcel, options?: CallOptions, handedOver?: () => void): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      let refused = false;
      const entry = new Entry(parcel, false, handedOver, (error) => {
        stop();
        if (error) reject(error);
        else resolve();
      });
      const stop = watchLimits(
        this.#clock,
        options,
        () => new MailboxFullError(options?.timeoutMs ?? 0),
        (error) => {
          refused = true;
          this.#withdraw(entry);
          reject(error);
        },
      );
      if (refused) return;
      if (this.#outside.length === 0 && this.#hasRoomFor(parcel)) this.#enter(this.#queue, entry);
      else this.#outside.push(entry);
      this.#flushSoon();
    });
  }

  /** Resolves when everything was taken by the connection, or the box was closed. */
  empty(): Promise<void> {
    this.#writer.flush();
    if (this.#closed || this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Everything in it is lost, and whoever waits is told. */
  close(error: NeoPeerError): void {
    this.#closed = error;
    const lost = [...this.#inFlight, ...this.#ahead.splice(0), ...this.#queue.splice(0), ...this.#outside.splice(0)];
    this.#inFlight.clear();
    this.#writer.discard();
    for (const entry of lost) entry.settle(error);
    this.#tellEmpty();
  }

  #hasRoomFor({ frames, bytes }: Parcel): boolean {
    if (this.#frames === 0) return true;
    return (
      this.#frames + frames.length <= this.#limits.outboxMessages && this.#bytes + bytes <= this.#limits.outboxBytes
    );
  }

  #enter(line: Entry[], entry: Entry): void {
    const wasEmpty = this.isEmpty;
    if (wasEmpty) this.#writer.begin();
    line.push(entry);
    if (!entry.first) {
      this.#frames += entry.parcel.frames.length;
      this.#bytes += entry.parcel.bytes;
    }
    if (wasEmpty) this.#events.filled();
  }

  /** Several messages posted in one go become one write, and nobody waits for it. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (!this.#closed) this.#writer.flush();
    });
  }

  #take(largest: number): OutgoingFrame | undefined {
    const line = this.#ahead.length > 0 ? this.#ahead : this.#queue;
    const entry = line[0];
    if (entry === undefined || (this.#held && !entry.first)) return undefined;
    const bytes = entry.parcel.frames[entry.next]!;
    if (bytes.length > largest) return undefined;
    const isLast = ++entry.next === entry.parcel.frames.length;
    if (isLast) line.shift();
    this.#inFlight.add(entry);
    return {
      bytes,
      handedOver: () => this.#handOver(entry, bytes.length),
      written: () => isLast && this.#written(entry),
    };
  }

  #handOver(entry: Entry, bytes: number): void {
    this.#events.sent(entry.parcel.command, bytes);
    if (!entry.first) {
      this.#frames--;
      this.#bytes -= bytes;
    }
    if (entry.next === 1) entry.handedOver?.();
    this.#letIn();
  }

  #written(entry: Entry): void {
    this.#inFlight.delete(entry);
    entry.settle();
    if (this.isEmpty) this.#tellEmpty();
  }

  #letIn(): void {
    for (let next = this.#outside[0]; next && this.#hasRoomFor(next.parcel); next = this.#outside[0]) {
      this.#outside.shift();
      this.#enter(this.#queue, next);
    }
  }

  #withdraw(entry: Entry): void {
    const outside = this.#outside.indexOf(entry);
    if (outside >= 0) this.#outside.splice(outside, 1);
    const queued = entry.next === 0 ? this.#queue.indexOf(entry) : -1;
    if (queued >= 0) {
      this.#queue.splice(queued, 1);
      this.#frames -= entry.parcel.frames.length;
      this.#bytes -= entry.parcel.bytes;
    }
    this.#letIn();
    if (this.isEmpty) this.#tellEmpty();
  }

  #tellEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

class Entry {
  /** The frame that goes next. */
  next = 0;

  constructor(
    readonly parcel: Parcel,
    /** Part of the handshake. */
    readonly first: boolean,
    readonly handedOver?: () => void,
    readonly settle: (error?: Error) => void = () => undefined,
  ) {}
}
