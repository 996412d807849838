import type { BlockHeader } from '../../wire/common/block-header.js';
import type { ChainPosition } from '../../wire/common/dialect.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import { PeerRequest } from './peer-request.js';

/** What a request for a part of the chain is about. */
export interface RangeRequest {
  readonly from: ChainPosition;
  /** Height of the first thing asked for, if known. */
  readonly firstIndex: number | undefined;
  readonly count: number | undefined;
  readonly stop: UInt256 | undefined;
}

/**
 * Answered by headers of which the first is the one asked for, by its height or by what it follows, or by no headers at all. Of the answer counts what follows
 * one on the other, up to `stop` and `count`: a header that doesn't link isn't part of that chain.
 *
 * @internal
 */
export class HeadersRequest extends PeerRequest<readonly BlockHeader[]> {
  readonly #range: RangeRequest;
  readonly #remoteHeight: () => number;

  constructor(message: Outgoing, range: RangeRequest, remoteHeight: () => number) {
    super(message);
    this.#range = range;
    this.#remoteHeight = remoteHeight;
  }

  accept(message: Message): boolean {
    if (message.command !== 'headers') return false;
    const { headers } = message.payload;
    const [first] = headers;
    if (first === undefined) {
      if (!this.isSent) return false;
    } else if (!this.#isFirst(first)) {
      return false;
    }
    this.resolve(this.#linked(headers));
    return true;
  }

  couldBeMet(): boolean {
    const { firstIndex } = this.#range;
    return firstIndex !== undefined && firstIndex <= this.#remoteHeight();
  }

  #isFirst(header: BlockHeader): boolean {
    const { from, firstIndex } = this.#range;
    if (firstIndex !== undefined && header.index !== firstIndex) return false;
    return !('after' in from) || header.prevHash.equals(from.after);
  }

  #linked(headers: readonly BlockHeader[]): readonly BlockHeader[] {
    const { stop, count = headers.length } = this.#range;
    const most = Math.min(count, headers.length);
    let length = 0;
    for (; length < most; length++) {
      const header = headers[length]!;
      const before = headers[length - 1];
      const links = before === undefined || (header.index === before.index + 1 && header.prevHash.equals(before.hash));
      if (!links || (stop !== undefined && header.hash.equals(stop))) break;
    }
    return headers.slice(0, length);
  }
}
