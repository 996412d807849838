import type { CallOptions } from '../../environment/call-options.js';
import type { BlockHeader } from '../../wire/common/block-header.js';
import type { ChainPosition } from '../../wire/common/dialect.js';
import { HeaderVerificationError } from '../../wire/common/header-verification.error.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { RangeOptions } from '../peer.js';

/** What a {@link HeaderWalk} needs from its peer. */
export interface HeaderWalkSource {
  request(from: ChainPosition, options: RangeOptions): Promise<readonly BlockHeader[]>;
  /** The last height the remote has told; undefined if it hasn't yet. */
  height(): number | undefined;
  /** Has the remote tell its height, if it will. */
  askHeight(options: CallOptions): Promise<void>;
  /** It leaves its newest header out of answers, unless stop equals start. */
  withholdsTip(): boolean;
  /** Height of a header, if known. */
  heightOf(hash: UInt256): number | undefined;
  /** An answer didn't follow the one before it. */
  misled(error: HeaderVerificationError): void;
}

/**
 * All headers that follow a place in the chain, up to the height the remote has told: asks again after each answer, and
 * ends at that height, at `count`, or at an empty answer. Asks for nothing where the start is at that height already. A remote
 * that has told no height is asked for it first.
 *
 * Goes on from where it began: by hash, where an answer follows the one before or is none, or by index, where that has to be
 * checked.
 *
 * @internal
 */
export class HeaderWalk implements AsyncIterable<BlockHeader> {
  readonly #source: HeaderWalkSource;
  readonly #from: ChainPosition;
  readonly #options: CallOptions & { readonly count?: number };

  /** @param options `timeoutMs` is for each request */
  constructor(source: HeaderWalkSource, from: ChainPosition, options: CallOptions & { readonly count?: number }) {
    this.#source = source;
    this.#from = from;
    this.#options = options;
  }

  /** @throws HeaderVerificationError for an answer that doesn't follow the one before it */
  async *[Symbol.asyncIterator](): AsyncGenerator<BlockHeader, void, undefined> {
    let left = this.#options.count ?? Infinity;
    let from = this.#from;
    let index = this.#indexBefore(from);
    let before: BlockHeader | undefined;
    if (left > 0 && this.#source.height() === undefined) await this.#source.askHeight(this.#limits);
    while (left > 0 && !this.#isAtEnd(index)) {
      const headers = await this.#next(from, index, left);
      const last = headers.at(-1);
      if (last === undefined) return;
      this.#checkLink(headers[0]!, before);
      yield* headers;
      left -= headers.length;
      from = 'after' in from ? { after: last.hash } : { index: last.index + 1 };
      index = last.index;
      before = last;
    }
  }

  /** Limits of one request. */
  get #limits(): CallOptions {
    const { count: _, ...limits } = this.#options;
    return limits;
  }

  /** @param index of the last header that came */
  #isAtEnd(index: number | undefined): boolean {
    return index !== undefined && index >= (this.#source.height() ?? Infinity);
  }

  /** Height of the header before the first one wanted, if known. */
  #indexBefore(from: ChainPosition): number | undefined {
    return 'after' in from ? this.#source.heightOf(from.after) : from.index - 1;
  }

  /** One answer; empty at the end. */
  async #next(from: ChainPosition, index: number | undefined, left: number): Promise<readonly BlockHeader[]> {
    const options: RangeOptions = left === Infinity ? this.#limits : { ...this.#limits, count: left };
    if (!('after' in from) || !this.#source.withholdsTip()) return this.#source.request(from, options);
    if (index !== undefined && index + 1 === this.#source.height()) {
      return this.#source.request(from, { ...options, stop: from.after });
    }
    const headers = await this.#source.request(from, options);
    // Nothing but its tip may be left, where we didn't know how high we are.
    if (headers.length > 0 || index !== undefined) return headers;
    return this.#source.request(from, { ...options, stop: from.after });
  }

  #checkLink(header: BlockHeader, before: BlockHeader | undefined): void {
    if (before === undefined || header.prevHash.equals(before.hash)) return;
    const detail = `it doesn't follow ${String(before.hash)}, with which the answer before ended`;
    const error = new HeaderVerificationError(header.index, 'previous-hash', detail);
    this.#source.misled(error);
    throw error;
  }
}
