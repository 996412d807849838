import { encodeInventory, InventoryView, kindsByType, skipInventory } from '../common/inventory-view.js';
import type { InventoryKind } from '../common/inventory.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { DecodeError } from '../primitives/decode.error.js';
import type { UInt256 } from '../primitives/uint256.js';
import { MAX_INVENTORY_HASHES } from './limits.js';

/**
 * The kinds of object that NEO N3 has.
 *
 * @publicApi
 */
export type N3InventoryKind = Extract<InventoryKind, 'transaction' | 'block' | 'extensible' | 'notaryrequest'>;

/**
 * The byte that stands for each kind of object: that of the command which carries it.
 *
 * @publicApi
 */
export const InventoryType: Readonly<Record<N3InventoryKind, number>> = Object.freeze({
  transaction: 0x2b,
  block: 0x2c,
  extensible: 0x2e,
  /** neo-go on networks with P2PSigExtensions only; the hash is that of the fallback transaction. */
  notaryrequest: 0x50,
});

/** The names by which the C# node shows the kinds. */
const TYPE_NAMES: Readonly<Record<N3InventoryKind, string>> = Object.freeze({
  transaction: 'TX',
  block: 'Block',
  extensible: 'Extensible',
  notaryrequest: 'P2PNotaryRequest',
});

const kinds = kindsByType(InventoryType);

/**
 * The payload of `inv`, `getdata` and `notfound`: hashes of things one has, wants, or lacks.
 *
 * @publicApi
 */
export class InventoryPayload extends InventoryView<'n3'> {
  /** @internal */
  static decode(reader: ByteReader): InventoryPayload {
    const start = reader.offset;
    const hashesAt = skipInventory(reader, kinds, MAX_INVENTORY_HASHES);
    return new InventoryPayload(reader.bytes, start, reader.offset, hashesAt);
  }

  /**
   * @param command what the payload is for, named by errors
   * @throws DecodeError for a kind that NEO N3 lacks, and when there are more than 500 hashes
   */
  static from(
    { kind, hashes }: { readonly kind: InventoryKind; readonly hashes: Iterable<UInt256> },
    command: 'inv' | 'getdata' | 'notfound' = 'inv',
  ): InventoryPayload {
    if (!isN3Kind(kind)) {
      const detail = `there is no ${kind} in NEO N3`;
      throw new DecodeError({ command, field: 'type', offset: 0, problem: 'value', detail });
    }
    return InventoryPayload.decode(new ByteReader(encodeInventory(InventoryType[kind], hashes), command));
  }

  get dialect(): 'n3' {
    return 'n3';
  }

  get kind(): N3InventoryKind {
    return kinds[this.type]!;
  }

  /** The kind as the C# node names it. */
  get typeName(): string {
    return TYPE_NAMES[this.kind];
  }

  toJSON(): object {
    return { type: this.type, typeName: this.typeName, hashes: this.hashes.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new InventoryPayload(bytes, 0, bytes.length, this.hashesAt) as this;
  }
}

/** Whether NEO N3 has objects of that kind. */
export function isN3Kind(kind: InventoryKind): kind is N3InventoryKind {
  return Object.hasOwn(InventoryType, kind);
}
