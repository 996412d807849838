import type { Outgoing } from '../../../src/wire/messages.js';
import { HashList } from '../../../src/wire/primitives/hash-list.js';
import type { UInt256 } from '../../../src/wire/primitives/uint256.js';
import type { DialectKit, KitBlock } from '../../support/dialect-kit.js';

/** What a remote says of the kit's chain, in the words of its dialect. */
export class ChainMessages {
  constructor(private readonly kit: DialectKit) {}

  blockAt(index: number): KitBlock {
    return this.kit.blocks(index)[index - 1]!;
  }

  /** Hashes of the blocks of those heights, both included. */
  hashes(from: number, to: number): UInt256[] {
    return this.kit
      .blocks(to)
      .slice(from - 1)
      .map(({ hash }) => hash);
  }

  headers(from: number, to: number): Outgoing<'headers'> {
    return this.kit.dialect.headers(this.kit.headers(to).slice(from - 1)) as Outgoing<'headers'>;
  }

  inventory(from: number, to: number): Outgoing<'inv'> {
    return this.kit.dialect.inventory('block', HashList.of(this.hashes(from, to))) as Outgoing<'inv'>;
  }

  block(index: number): Outgoing<'block'> {
    return this.kit.block(this.blockAt(index));
  }

  /** That block's header with the transactions of another block. */
  forged(index: number): Outgoing<'block'> {
    const { header } = this.blockAt(index);
    const other = this.kit.blocks(50).find((block) => !block.header.merkleRoot.equals(header.merkleRoot))!;
    const transactions = other.raw.subarray(other.header.raw.length);
    return this.kit.message('block', Buffer.concat([header.raw, transactions]));
  }
}

/** Whole numbers from one to another, both included. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
