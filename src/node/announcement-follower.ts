import { Injectable } from '@nestjs/common';
import { OnCommand } from '../peer/behaviours/on-command.decorator.js';
import type { Peer } from '../peer/peer.js';
import type { Block } from '../wire/common/block.js';
import type { PayloadOf } from '../wire/messages.js';
import type { Digest } from '../wire/primitives/hashing.js';
import { HashList } from '../wire/primitives/hash-list.js';

/** Announced hashes that are remembered, so that a block that ten peers announce is fetched once. */
const REMEMBERED = 10_000;
/** Hashes looked at in one announcement: more than real nodes put into one, and one request. */
const MOST_ANNOUNCED = 500;

/**
 * Fetches every block that peers announce, from the first of them that gives it.
 *
 * @internal
 */
@Injectable()
export class AnnouncementFollower {
  /** Those fetched or being fetched, oldest first. */
  readonly #known = new Set<Digest>();
  #receive: ((block: Block, peer: Peer) => void) | undefined;

  /** Sets who gets the blocks; each passed `verify()`, and comes once. */
  onBlock(receive: (block: Block, peer: Peer) => void): void {
    this.#receive = receive;
  }

  @OnCommand('inv')
  async announced(peer: Peer, inventory: PayloadOf<'inv'>): Promise<void> {
    if (inventory.kind !== 'block' || this.#receive === undefined) return;
    const wanted = this.#unknown(inventory.hashes);
    if (wanted.length === 0) return;
    const open = new Set(wanted);
    try {
      const { found } = await peer.requestBlocks(HashList.ofKeys(wanted));
      for (const block of found) {
        open.delete(block.hash.key);
        this.#receive(block, peer);
      }
    } finally {
      for (const key of open) this.#known.delete(key); // whoever announces it next may be asked
    }
  }

  #unknown(hashes: HashList): Digest[] {
    const unknown: Digest[] = [];
    for (let i = 0; i < Math.min(hashes.length, MOST_ANNOUNCED); i++) {
      const key = hashes.keyAt(i);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      unknown.push(key);
    }
    for (const oldest of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
    return unknown;
  }
}
