import type { CallOptions } from '../../environment/call-options.js';
import type { Block } from '../../wire/common/block.js';
import { RequestTimeoutError } from '../errors/request-timeout.error.js';
import type { BlockRange, BlocksAnswer, BlocksByIndexRequest } from './blocks-by-index-request.js';
import { MAX_FETCH_BYTES } from './object-fetch.js';
import { withTimeLeft } from './time-left.js';

/** What a {@link BlockRangeFetch} works with. */
export interface BlockRangeSource {
  /** Most blocks in one request. */
  readonly batchSize: number;
  /** The last height the remote has told. */
  height(): number;
  /** Monotonic milliseconds. */
  now(): number;
  request(range: BlockRange): BlocksByIndexRequest;
  ask(request: BlocksByIndexRequest, options: CallOptions): Promise<BlocksAnswer>;
}

/**
 * Any number of blocks by height: in requests of as many as one may ask for, one after the other. Ends at the first block that
 * doesn't come, at the height the remote has told, and when there is no room for more.
 *
 * @internal
 */
export class BlockRangeFetch {
  readonly #source: BlockRangeSource;

  constructor(source: BlockRangeSource) {
    this.#source = source;
  }

  /** @throws RequestTimeoutError when the first didn't come */
  async run(start: number, count: number, options: CallOptions): Promise<readonly Block[]> {
    const { batchSize } = this.#source;
    const blocks: Block[] = [];
    const beganAt = this.#source.now();
    let room = MAX_FETCH_BYTES;
    try {
      while (blocks.length < count && room > 0 && !this.#isAbove(start, blocks.length)) {
        const size = Math.min(batchSize, count - blocks.length);
        const range = { start: start + blocks.length, count: size, before: blocks.at(-1)?.hash, room };
        const spentMs = this.#source.now() - beganAt;
        const answer = await this.#source.ask(this.#source.request(range), withTimeLeft(options, spentMs));
        blocks.push(...answer.blocks);
        room -= answer.bytes;
        if (answer.blocks.length < size) break;
      }
    } catch (error) {
      if (blocks.length === 0 || !(error instanceof RequestTimeoutError)) throw error;
    }
    return blocks;
  }

  /** Whether the remote has no more. Where nothing has come yet it is asked all the same: its height may be an old one. */
  #isAbove(start: number, got: number): boolean {
    return got > 0 && start + got > this.#source.height();
  }
}
