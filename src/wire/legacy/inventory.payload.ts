import { encodeInventory, InventoryView, kindsByType, skipInventory } from '../common/inventory-view.js';
import type { InventoryKind } from '../common/inventory.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { DecodeError } from '../primitives/decode.error.js';
import type { UInt256 } from '../primitives/uint256.js';
import { MAX_INVENTORY_HASHES } from './limits.js';

/**
 * The kinds of object that NEO 2.x has.
 *
 * @publicApi
 */
export type LegacyInventoryKind = Extract<InventoryKind, 'transaction' | 'block' | 'stateroot' | 'consensus'>;

/**
 * The byte that stands for each kind of object.
 *
 * @publicApi
 */
export const InventoryType: Readonly<Record<LegacyInventoryKind, number>> = Object.freeze({
  transaction: 0x01,
  block: 0x02,
  /** C# nodes since 2.11 and neo-go only. */
  stateroot: 0x03,
  consensus: 0xe0,
});

const kinds = kindsByType(InventoryType);

/**
 * The payload of `inv` and `getdata`: hashes of things one has, or wants.
 *
 * @publicApi
 */
export class InventoryPayload extends InventoryView<'legacy'> {
  /** @internal */
  static decode(reader: ByteReader): InventoryPayload {
    const start = reader.offset;
    const hashesAt = skipInventory(reader, kinds, MAX_INVENTORY_HASHES);
    return new InventoryPayload(reader.bytes, start, reader.offset, hashesAt);
  }

  /** @throws DecodeError for a kind that NEO 2.x lacks, and when there are more hashes than any node reads */
  static from({
    kind,
    hashes,
  }: {
    readonly kind: InventoryKind;
    readonly hashes: Iterable<UInt256>;
  }): InventoryPayload {
    if (!isLegacyKind(kind)) {
      const detail = `there is no ${kind} in NEO 2.x`;
      throw new DecodeError({ command: 'inv', field: 'type', offset: 0, problem: 'value', detail });
    }
    return InventoryPayload.decode(new ByteReader(encodeInventory(InventoryType[kind], hashes), 'inv'));
  }

  get dialect(): 'legacy' {
    return 'legacy';
  }

  get kind(): LegacyInventoryKind {
    return kinds[this.type]!;
  }

  toJSON(): object {
    return { type: this.type, count: this.hashes.length, hashes: this.hashes.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new InventoryPayload(bytes, 0, bytes.length, this.hashesAt) as this;
  }
}

/** Whether NEO 2.x has objects of that kind. */
export function isLegacyKind(kind: InventoryKind): kind is LegacyInventoryKind {
  return Object.hasOwn(InventoryType, kind);
}
