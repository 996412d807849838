import type { Block } from '../../wire/common/block.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import { isSound } from './objects-request.js';
import { PeerRequest } from './peer-request.js';

/**
 * Answered by the blocks of those heights, each in a message of its own. When the time runs out, what has come without a
 * gap from the first on is the answer.
 *
 * @internal
 */
export class BlocksByIndexRequest extends PeerRequest<readonly Block[]> {
  readonly #start: number;
  readonly #count: number;
  readonly #remoteHeight: () => number;
  readonly #found = new Map<number, Block>();

  constructor(message: Outgoing, start: number, count: number, remoteHeight: () => number) {
    super(message);
    this.#start = start;
    this.#count = count;
    this.#remoteHeight = remoteHeight;
  }

  accept(message: Message): boolean {
    if (message.command !== 'block') return false;
    const block = message.payload;
    const isWanted = block.index >= this.#start && block.index < this.#start + this.#count;
    if (!isWanted || this.#found.has(block.index)) return false;
    if (isSound(block)) this.#found.set(block.index, block);
    if (this.#found.size === this.#count) this.resolve(this.#inOrder());
    return true;
  }

  couldBeMet(): boolean {
    return this.#start <= this.#remoteHeight();
  }

  override expire(timeoutMs: number): boolean {
    const blocks = this.#inOrder();
    if (blocks.length === 0) return super.expire(timeoutMs);
    this.resolve(blocks);
    return false;
  }

  #inOrder(): readonly Block[] {
    const blocks: Block[] = [];
    for (let index = this.#start; this.#found.has(index); index++) blocks.push(this.#found.get(index)!);
    return blocks;
  }
}
