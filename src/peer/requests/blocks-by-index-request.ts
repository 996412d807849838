import type { Clock, Timer } from '../../environment/clock.js';
import type { Block } from '../../wire/common/block.js';
import { weightOf } from '../../wire/message-weight.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import { BETTER_ANSWER_MS } from './block-hashes-request.js';
import { isSound, type ToldUnsound } from './objects-request.js';
import { PeerRequest } from './peer-request.js';

/** What one request for blocks by height is about. */
export interface BlockRange {
  /** Height of the first. */
  readonly start: number;
  readonly count: number;
  /** Hash of the block before the first, if known. */
  readonly before: UInt256 | undefined;
  /** For how many bytes of memory there is room. */
  readonly room: number;
}

/** What came of one request for blocks by height. */
export interface BlocksAnswer {
  /** From the first on, without a gap, each linked to the one before. */
  readonly blocks: readonly Block[];
  /** Bytes of memory that all that came takes. */
  readonly bytes: number;
}

/**
 * Answered by the blocks of those heights, each in a message of its own.
 *
 * A block whose transactions aren't those its header promises, or that doesn't follow the one before it, isn't waited for any
 * longer: the answer ends before it. It ends with what has come without a gap when there is no room for more, when
 * the time runs out, and, once the block of the last height that the remote has told is there, when nothing comes for
 * {@link BETTER_ANSWER_MS}: nodes send what they have and say nothing of the rest.
 *
 * @internal
 */
export class BlocksByIndexRequest extends PeerRequest<BlocksAnswer> {
  readonly #range: BlockRange;
  readonly #remoteHeight: () => number;
  readonly #clock: Clock;
  readonly #unsound: ToldUnsound;
  readonly #found = new Map<number, Block>();
  /** First height of those that still have to come. */
  #next: number;
  /** First height of those that don't count. */
  #end: number;
  #highest = -1;
  #bytes = 0;
  #patience: Timer | undefined;

  /** @param unsound told why a block that was given doesn't count */
  constructor(
    message: Outgoing,
    range: BlockRange,
    remoteHeight: () => number,
    clock: Clock,
    unsound: ToldUnsound = () => undefined,
  ) {
    super(message);
    this.#range = range;
    this.#remoteHeight = remoteHeight;
    this.#clock = clock;
    this.#unsound = unsound;
    this.#next = range.start;
    this.#end = range.start + range.count;
  }

  accept(message: Message): boolean {
    if (message.command !== 'block') return false;
    const { start, count, room } = this.#range;
    const { index } = message.payload;
    if (index < start || index >= start + count || this.#found.has(index)) return false;
    this.#bytes += weightOf(message);
    this.#highest = Math.max(this.#highest, index);
    this.#take(message.payload);
    if (this.#next === this.#end || this.#bytes >= room) this.#settle();
    else this.#awaitMore();
    return true;
  }

  couldBeMet(): boolean {
    return this.#next <= this.#remoteHeight();
  }

  override expire(timeoutMs: number): boolean {
    if (this.#next === this.#range.start) return super.expire(timeoutMs);
    this.#settle();
    return false;
  }

  /** To be called when it has settled: no timer is left. */
  stopWaiting(): void {
    this.#patience?.cancel();
  }

  #take(block: Block): void {
    const { index } = block;
    if (index >= this.#end) return;
    if (!isSound(block, this.#unsound) || !follows(block, this.#hashBefore(index))) {
      this.#end = index;
    } else {
      this.#found.set(index, block);
      const after = this.#found.get(index + 1);
      if (after !== undefined && !follows(after, block.hash)) this.#end = index + 1;
    }
    while (this.#next < this.#end && this.#found.has(this.#next)) this.#next++;
  }

  #hashBefore(index: number): UInt256 | undefined {
    return index === this.#range.start ? this.#range.before : this.#found.get(index - 1)?.hash;
  }

  #awaitMore(): void {
    this.#patience?.cancel();
    if (this.#highest < this.#remoteHeight()) return;
    this.#patience = this.#clock.setTimeout(() => {
      if (this.#next > this.#range.start) this.#settle();
    }, BETTER_ANSWER_MS);
  }

  #settle(): void {
    const blocks: Block[] = [];
    for (let index = this.#range.start; index < this.#next; index++) blocks.push(this.#found.get(index)!);
    this.resolve({ blocks, bytes: this.#bytes });
  }
}

function follows(block: Block, before: UInt256 | undefined): boolean {
  return before === undefined || block.header.prevHash.equals(before);
}
