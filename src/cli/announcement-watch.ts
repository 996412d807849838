import type { Provider } from '@nestjs/common';
import { BlockHandler, InvHandler, TransactionHandler } from '../peer/behaviours/announcement-handlers.js';
import { provideBehaviour } from '../peer/behaviours/behaviour.js';
import type { Peer } from '../peer/peer.js';
import type { Block } from '../wire/common/block.js';
import type { InventoryKind } from '../wire/common/inventory.js';
import type { Transaction } from '../wire/common/transaction.js';
import { dialectOf, type PayloadOf } from '../wire/messages.js';
import { DecodeError } from '../wire/primitives/decode.error.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import type { CommandContext } from './command-context.js';

/** How what happens becomes a line. */
export interface WatchFormat {
  inv(kind: InventoryKind, hash: UInt256): string;
  block(block: Block): string;
  transaction(transaction: Transaction): string;
}

/** What is worth fetching: what else is announced is between the nodes that agree on blocks. */
const FETCHED: ReadonlySet<InventoryKind> = new Set<InventoryKind>(['block', 'transaction']);

/**
 * Prints every hash that a peer announces, asks for the blocks and transactions among them, and prints those as they come.
 *
 * Nothing is kept, and nothing waits for an answer: what comes is printed by its own handler. When the reader of our output
 * is slow, the handlers are; then the peer's inbox fills, and it is no longer read from.
 *
 * @internal
 */
export class AnnouncementWatch {
  readonly #format: WatchFormat;
  readonly #context: CommandContext;

  constructor(format: WatchFormat, context: CommandContext) {
    this.#format = format;
    this.#context = context;
  }

  /** To be given to the peer's module. */
  get behaviours(): readonly Provider[] {
    return [
      provideBehaviour<InvHandler>(InvHandler, {
        useValue: { handle: (peer, inventory) => this.#announced(peer, inventory) },
      }),
      provideBehaviour<BlockHandler>(BlockHandler, { useValue: { handle: (_, block) => this.#blockCame(block) } }),
      provideBehaviour<TransactionHandler>(TransactionHandler, {
        useValue: { handle: (_, transaction) => this.#line(this.#format.transaction(transaction)) },
      }),
    ];
  }

  async #announced(peer: Peer, { kind, hashes }: PayloadOf<'inv'>): Promise<void> {
    for (const hash of hashes) await this.#line(this.#format.inv(kind, hash));
    if (!FETCHED.has(kind) || hashes.length === 0) return;
    const request = dialectOf(peer.dialect).requestObjects(kind, hashes);
    if (request !== undefined) await peer.send(request, { signal: this.#context.signal });
  }

  async #blockCame(block: Block): Promise<void> {
    try {
      block.verify();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#context.err.post(
        `warning: block ${block.hash.toString()} is not what its header promises: ${error.message}`,
      );
      return;
    }
    await this.#line(this.#format.block(block));
  }

  async #line(text: string): Promise<void> {
    await this.#context.out.line(text);
  }
}
