import type { Limits } from '../../config/options.js';
import { weightOf } from '../../wire/message-weight.js';
import type { Message } from '../../wire/messages.js';
import { Fifo } from './fifo.js';

interface Waiting {
  readonly message: Message;
  /** It answers a request, which asked for it. */
  readonly asked: boolean;
  /** Bytes of memory. */
  readonly weight: number;
}

/** All that waits. */
class Backlog {
  readonly waiting = new Fifo<Waiting>();
  /** Bytes of memory. */
  bytes = 0;
  /** How many of them answer requests, and their bytes. */
  asked = 0;
  askedBytes = 0;

  count({ asked, weight }: Waiting, by: 1 | -1): void {
    this.bytes += by * weight;
    if (!asked) return;
    this.asked += by;
    this.askedBytes += by * weight;
  }
}

const NOTHING_WAITS: Readonly<Backlog> = Object.freeze(new Backlog());

/** Reading goes on once an inbox that was full is down to this share, so that it doesn't stop and go for every message. */
const RESUME_SHARE = 0.5;

/** While a request is pending, messages nobody asked for may fill the inbox to so many times its limits. */
const PENDING_FACTOR = 2;

/** What the owner of an {@link Inbox} does for it. */
export interface InboxOwner {
  /** Gives the promise of its end, or undefined when it is done already; never throws, never rejects. */
  handle(message: Message): Promise<void> | undefined;
  /** The inbox is full, or no longer is. */
  filled(full: boolean): void;
}

/**
 * What has come and waits for its handler: one at a time, in order.
 *
 * It refuses nothing. When it is full it says so, and the connection isn't read until there is room. While a request is
 * pending, answers to it don't count, and there is room for twice as many other messages: a handler that waits for an
 * answer would wait for ever if what came before the answer had to be handled first.
 *
 * @internal
 */
export class Inbox {
  readonly #limits: Pick<Limits, 'inboxMessages' | 'inboxBytes'>;
  readonly #owner: InboxOwner;
  /** Only while something waits: most messages are handled at once. */
  #backlog: Backlog | undefined;
  #full = false;
  #pending = false;
  #handling = false;
  #whenIdle: (() => void)[] | undefined;
  /** Made for the first message that isn't handled at once: many peers never get one. */
  #handled: (() => void) | undefined;

  constructor(limits: Pick<Limits, 'inboxMessages' | 'inboxBytes'>, owner: InboxOwner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  /** Messages that wait; the one being handled isn't among them. */
  get size(): number {
    return this.#backlog?.waiting.length ?? 0;
  }

  /** @param asked it answers a pending request */
  put(message: Message, asked: boolean): void {
    if (!this.#handling && this.size === 0) {
      this.#begin(message);
      if (this.size > 0) this.#goOn(); // its handler was done at once, and more came while it ran
      return;
    }
    const waiting = { message, asked, weight: weightOf(message) };
    const backlog = (this.#backlog ??= new Backlog());
    backlog.waiting.push(waiting);
    backlog.count(waiting, 1);
    this.#weigh();
  }

  /** Whether a request is pending at present. */
  set requestPending(pending: boolean) {
    if (this.#pending === pending) return;
    this.#pending = pending;
    this.#weigh();
  }

  /** Resolves when everything in it has been handled. */
  idle(): Promise<void> {
    if (!this.#handling && this.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#whenIdle ??= []).push(resolve));
  }

  /** Drops what waits. */
  discard(): void {
    this.#backlog = undefined;
    if (!this.#handling) this.#tellIdle();
  }

  /** Hands a message to its handler, and goes on with the next when it is done. */
  #begin(message: Message): void {
    this.#handling = true;
    const handled = this.#owner.handle(message);
    if (handled === undefined) {
      this.#handling = false;
      return;
    }
    void handled.then(
      (this.#handled ??= () => {
        this.#handling = false;
        this.#goOn();
      }),
    );
  }

  #goOn(): void {
    while (!this.#handling && this.size > 0) this.#begin(this.#take());
    this.#weigh();
    if (!this.#handling && this.size === 0) this.#tellIdle();
  }

  #take(): Message {
    const backlog = this.#backlog!;
    const waiting = backlog.waiting.shift()!;
    backlog.count(waiting, -1);
    if (backlog.waiting.length === 0) this.#backlog = undefined;
    return waiting.message;
  }

  #weigh(): void {
    const backlog = this.#backlog ?? NOTHING_WAITS;
    const messages = backlog.waiting.length - (this.#pending ? backlog.asked : 0);
    const bytes = backlog.bytes - (this.#pending ? backlog.askedBytes : 0);
    const share = (this.#pending ? PENDING_FACTOR : 1) * (this.#full ? RESUME_SHARE : 1);
    const { inboxMessages, inboxBytes } = this.#limits;
    const full = this.#full
      ? messages > inboxMessages * share || bytes > inboxBytes * share
      : messages >= inboxMessages * share || bytes >= inboxBytes * share;
    if (full === this.#full) return;
    this.#full = full;
    this.#owner.filled(full);
  }

  #tellIdle(): void {
    const told = this.#whenIdle;
    this.#whenIdle = undefined;
    for (const resolve of told ?? []) resolve();
  }
}
