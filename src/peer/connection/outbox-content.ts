import type { Limits } from '../../config/options.js';
import type { Command } from '../../wire/messages.js';
import { Fifo } from './fifo.js';
import type { OutgoingFrame } from './frame-writer.js';

/** One message, encoded: usually one frame, more where its content had to be split. They go out together. */
export interface Parcel {
  readonly command: Command;
  readonly frames: readonly Uint8Array[];
  readonly bytes: number;
}

/** A parcel on its way through an outbox. */
export class OutboxEntry {
  /** The frame that goes next. */
  next = 0;

  constructor(
    readonly parcel: Parcel,
    /** Part of the handshake. */
    readonly first: boolean,
    readonly handedOver?: () => void,
    readonly settle?: (error?: Error) => void,
  ) {}
}

/** A frame of a parcel. */
export interface OutboxFrame extends OutgoingFrame {
  readonly entry: OutboxEntry;
  /** The last frame of its parcel. */
  readonly isLast: boolean;
}

/**
 * All that is in an outbox. Its sizes are those of {@link ahead} and {@link queue} together, without the handshake.
 *
 * @internal
 */
export class OutboxContent {
  /** What goes before all others. */
  readonly ahead = new Fifo<OutboxEntry>();
  readonly queue = new Fifo<OutboxEntry>();
  /** Those that found it full, in order. */
  readonly outside = new Fifo<OutboxEntry>();
  /** Those of which something has gone to the connection, which hasn't taken all of it yet. */
  readonly inFlight = new Fifo<OutboxEntry>();
  #frames = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.ahead.length + this.queue.length + this.outside.length + this.inFlight.length === 0;
  }

  hasRoomFor({ frames, bytes }: Parcel, limits: Pick<Limits, 'outboxMessages' | 'outboxBytes'>): boolean {
    if (this.#frames === 0) return true;
    return this.#frames + frames.length <= limits.outboxMessages && this.#bytes + bytes <= limits.outboxBytes;
  }

  enter(line: Fifo<OutboxEntry>, entry: OutboxEntry): void {
    line.push(entry);
    this.#count(entry, entry.parcel.frames.length, entry.parcel.bytes);
  }

  /** Takes the frame that goes next, if it isn't larger than `largest` bytes. @param held only the handshake's may go */
  take(largest: number, held: boolean): OutboxFrame | undefined {
    const line = this.ahead.length > 0 ? this.ahead : this.queue;
    const entry = line.next;
    if (entry === undefined || (held && !entry.first)) return undefined;
    const bytes = entry.parcel.frames[entry.next]!;
    if (bytes.length > largest) return undefined;
    if (entry.next === 0) this.inFlight.push(entry);
    const isLast = ++entry.next === entry.parcel.frames.length;
    if (isLast) line.shift();
    this.#count(entry, -1, -bytes.length);
    return { bytes, entry, isLast };
  }

  /** Takes back what hasn't gone yet. */
  withdraw(entry: OutboxEntry): void {
    if (this.outside.remove(entry)) return;
    if (entry.next > 0 || !this.queue.remove(entry)) return;
    this.#count(entry, -entry.parcel.frames.length, -entry.parcel.bytes);
  }

  /** Takes everything. */
  takeAll(): readonly OutboxEntry[] {
    return [this.inFlight, this.ahead, this.queue, this.outside].flatMap((line) => line.takeAll());
  }

  #count({ first }: OutboxEntry, frames: number, bytes: number): void {
    if (first) return;
    this.#frames += frames;
    this.#bytes += bytes;
  }
}
