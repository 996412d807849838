import type { Limits } from '../../config/options.js';
import { weightOf } from '../../wire/message-weight.js';
import type { Message } from '../../wire/messages.js';

interface Waiting {
  readonly message: Message;
  /** It answers a request, which asked for it. */
  readonly asked: boolean;
  /** Bytes of memory. */
  readonly weight: number;
}

/** Reading goes on once an inbox that was full is down to this share, so that it doesn't stop and go for every message. */
const RESUME_SHARE = 0.5;

/** While a request is pending, messages nobody asked for may fill the inbox to so many times its limits. */
const PENDING_FACTOR = 2;

/** Shifted-out places are given back to the array once there are so many. */
const COMPACT_AT = 64;

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
  readonly #handle: (message: Message) => Promise<void> | undefined;
  readonly #filled: (full: boolean) => void;
  #waiting: (Waiting | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #asked = 0;
  #askedBytes = 0;
  #full = false;
  #pending = false;
  #handling = false;
  #whenIdle: (() => void)[] = [];

  /**
   * @param handle gives the promise of its end, or undefined when it is done already; never throws, never rejects
   * @param filled told when the inbox is full, and when it no longer is
   */
  constructor(
    limits: Pick<Limits, 'inboxMessages' | 'inboxBytes'>,
    handle: (message: Message) => Promise<void> | undefined,
    filled: (full: boolean) => void,
  ) {
    this.#limits = limits;
    this.#handle = handle;
    this.#filled = filled;
  }

  /** Messages that wait; the one being handled isn't among them. */
  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** @param asked it answers a pending request */
  put(message: Message, asked: boolean): void {
    if (!this.#handling && this.size === 0) {
      this.#begin(message);
      if (this.size > 0) this.#goOn(); // its handler was done at once, and more came while it ran
      return;
    }
    const waiting = { message, asked, weight: weightOf(message) };
    this.#waiting.push(waiting);
    this.#count(waiting, 1);
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
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Drops what waits. */
  discard(): void {
    this.#waiting = [];
    this.#first = this.#bytes = this.#asked = this.#askedBytes = 0;
    if (!this.#handling) this.#tellIdle();
  }

  /** Hands a message to its handler, and goes on with the next when it is done. */
  #begin(message: Message): void {
    this.#handling = true;
    const handled = this.#handle(message);
    if (handled === undefined) {
      this.#handling = false;
    } else {
      void handled.then(this.#handled);
    }
  }

  readonly #handled = (): void => {
    this.#handling = false;
    this.#goOn();
  };

  #goOn(): void {
    while (!this.#handling && this.size > 0) this.#begin(this.#take());
    this.#weigh();
    if (!this.#handling && this.size === 0) this.#tellIdle();
  }

  #take(): Message {
    const waiting = this.#waiting[this.#first]!;
    this.#waiting[this.#first++] = undefined;
    if (this.#first === this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    } else if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#waiting.length) {
      this.#waiting.splice(0, this.#first);
      this.#first = 0;
    }
    this.#count(waiting, -1);
    return waiting.message;
  }

  #count({ asked, weight }: Waiting, by: 1 | -1): void {
    this.#bytes += by * weight;
    if (!asked) return;
    this.#asked += by;
    this.#askedBytes += by * weight;
  }

  #weigh(): void {
    const messages = this.#pending ? this.size - this.#asked : this.size;
    const bytes = this.#pending ? this.#bytes - this.#askedBytes : this.#bytes;
    const share = (this.#pending ? PENDING_FACTOR : 1) * (this.#full ? RESUME_SHARE : 1);
    const { inboxMessages, inboxBytes } = this.#limits;
    const full = this.#full
      ? messages > inboxMessages * share || bytes > inboxBytes * share
      : messages >= inboxMessages * share || bytes >= inboxBytes * share;
    if (full === this.#full) return;
    this.#full = full;
    this.#filled(full);
  }

  #tellIdle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
