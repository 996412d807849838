import type { Limits } from '../../config/options.js';
import { watchLimits } from '../../environment/call-limits.js';
import type { CallOptions } from '../../environment/call-options.js';
import type { Clock } from '../../environment/clock.js';
import type { Connection } from '../../environment/connection.js';
import type { Command } from '../../wire/messages.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import { MailboxFullError } from '../errors/mailbox-full.error.js';
import { type FrameSource, FrameWriter } from './frame-writer.js';
import { OutboxContent, OutboxEntry, type OutboxFrame, type Parcel } from './outbox-content.js';

/** What the owner of an {@link Outbox} is told. */
export interface OutboxOwner {
  /** A whole frame goes to the connection. */
  sent(command: Command, bytes: number): void;
  /** There is something to write, after there was nothing. */
  writing(): void;
}

/** How many frames may be ahead of the queue (handshake, pongs) before a remote that doesn't read gets no more of them. */
const MAX_AHEAD = 64;

/**
 * What waits to be written, bounded in messages and bytes. A parcel larger than the box is taken when the box is empty.
 *
 * @internal
 */
export class Outbox implements FrameSource<OutboxFrame> {
  readonly #limits: Pick<Limits, 'outboxMessages' | 'outboxBytes'>;
  readonly #clock: Clock;
  readonly #owner: OutboxOwner;
  readonly #writer: FrameWriter<OutboxFrame>;
  /** Only while there is some: most outboxes are empty. */
  #content: OutboxContent | undefined;
  #held = true;
  #flushing = false;
  #closed: NeoPeerError | undefined;
  #whenEmpty: (() => void)[] | undefined;

  constructor(
    connection: Connection,
    limits: Pick<Limits, 'outboxMessages' | 'outboxBytes'>,
    clock: Clock,
    owner: OutboxOwner,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#owner = owner;
    this.#writer = new FrameWriter<OutboxFrame>(connection, this, clock);
  }

  /** The remote mixes up frames that arrive together. */
  set oneFrameAWrite(alone: boolean) {
    this.#writer.oneAtATime = alone;
  }

  get isEmpty(): boolean {
    return this.#content === undefined && this.#writer.idle;
  }

  /** Monotonic milliseconds when the connection last took something; undefined while there is nothing to take. */
  get stuckSince(): number | undefined {
    return this.isEmpty ? undefined : this.#writer.progressedAt;
  }

  /** Writes the handshake's frames, which nothing holds back. */
  writeFirst(parcel: Parcel): void {
    this.#enter('ahead', new OutboxEntry(parcel, true));
    this.#writer.flush();
  }

  /** Lets everything else flow too: the handshake is over. */
  release(): void {
    this.#held = false;
    this.#writer.flush();
  }

  /** Puts a parcel ahead of all others. False when so many are ahead that the remote evidently doesn't read. */
  hurry(parcel: Parcel): boolean {
    if (this.#closed || (this.#content?.ahead.length ?? 0) >= MAX_AHEAD) return false;
    this.#enter('ahead', new OutboxEntry(parcel, false));
    this.#flushSoon();
    return true;
  }

  /** Takes a parcel if there is room. */
  offer(parcel: Parcel): boolean {
    if (this.#closed || !this.#mayEnter(parcel)) return false;
    this.#enter('queue', new OutboxEntry(parcel, false));
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
      const entry = new OutboxEntry(parcel, false, handedOver, (error) => {
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
      this.#enter(this.#mayEnter(parcel) ? 'queue' : 'outside', entry);
      this.#flushSoon();
    });
  }

  /** Resolves when everything was taken by the connection, or the box was closed. */
  empty(): Promise<void> {
    this.#writer.flush();
    if (this.#closed || this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => (this.#whenEmpty ??= []).push(resolve));
  }

  /** Everything in it is lost, and whoever waits is told. */
  close(error: NeoPeerError): void {
    this.#closed = error;
    const lost = this.#content?.takeAll() ?? [];
    this.#content = undefined;
    this.#writer.discard();
    for (const entry of lost) entry.settle?.(error);
    this.#tellEmpty();
  }

  take(largest: number): OutboxFrame | undefined {
    return this.#content?.take(largest, this.#held);
  }

  handedOver({ bytes, entry }: OutboxFrame): void {
    this.#owner.sent(entry.parcel.command, bytes.length);
    if (entry.next === 1) entry.handedOver?.();
    this.#letIn();
  }

  written({ entry, isLast }: OutboxFrame): void {
    if (!isLast) return;
    this.#content?.inFlight.remove(entry);
    entry.settle?.();
    this.#lookIfEmpty();
  }

  #mayEnter(parcel: Parcel): boolean {
    const content = this.#content;
    return content === undefined || (content.outside.length === 0 && content.hasRoomFor(parcel, this.#limits));
  }

  #enter(line: 'ahead' | 'queue' | 'outside', entry: OutboxEntry): void {
    const wasEmpty = this.isEmpty;
    if (wasEmpty) this.#writer.begin();
    const content = (this.#content ??= new OutboxContent());
    if (line === 'outside') content.outside.push(entry);
    else content.enter(content[line], entry);
    if (wasEmpty) this.#owner.writing();
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

  #letIn(): void {
    const content = this.#content;
    if (content === undefined) return;
    let entry = content.outside.next;
    while (entry !== undefined && content.hasRoomFor(entry.parcel, this.#limits)) {
      content.outside.shift();
      content.enter(content.queue, entry);
      entry = content.outside.next;
    }
  }

  #withdraw(entry: OutboxEntry): void {
    this.#content?.withdraw(entry);
    this.#letIn();
    this.#lookIfEmpty();
  }

  #lookIfEmpty(): void {
    if (this.#content?.isEmpty) this.#content = undefined;
    if (this.isEmpty) this.#tellEmpty();
  }

  #tellEmpty(): void {
    const told = this.#whenEmpty;
    this.#whenEmpty = undefined;
    for (const resolve of told ?? []) resolve();
  }
}
