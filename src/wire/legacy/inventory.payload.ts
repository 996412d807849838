import type { Inventory, InventoryKind } from '../common/inventory.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { HashList } from '../primitives/hash-list.js';
import { UInt256 } from '../primitives/uint256.js';
import { LegacyView } from './legacy-view.js';
import { MAX_INVENTORY_HASHES } from './limits.js';

/**
 * The byte that stands for each kind of object.
 *
 * @publicApi
 */
export const InventoryType: Readonly<Record<InventoryKind, number>> = Object.freeze({
  transaction: 0x01,
  block: 0x02,
  /** C# nodes since 2.11 and neo-go only. */
  stateroot: 0x03,
  consensus: 0xe0,
});

/**
 * The payload of `inv` and `getdata`: hashes of things one has, or wants.
 *
 * @publicApi
 */
export class InventoryPayload extends LegacyView implements Inventory {
  #hashes: HashList | undefined;

  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the first hash begins, from `start`. */
    private readonly hashesAt: number,
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): InventoryPayload {
    const start = reader.offset;
    const type = reader.u8('type');
    if (kindOf(type) === undefined)
      reader.fail('type', 'value', `0x${type.toString(16)} is not a type of inventory`, start);
    const count = reader.count('hashes', MAX_INVENTORY_HASHES, UInt256.SIZE);
    const hashesAt = reader.offset - start;
    reader.skip(count * UInt256.SIZE, 'hashes');
    return new InventoryPayload(reader.bytes, start, reader.offset, hashesAt);
  }

  /** @throws DecodeError when there are more hashes than any node reads */
  static from(fields: { readonly kind: InventoryKind; readonly hashes: Iterable<UInt256> }): InventoryPayload {
    const hashes = HashList.of(fields.hashes);
    const writer = new ByteWriter(6 + hashes.bytes.length)
      .u8(InventoryType[fields.kind])
      .varint(hashes.length)
      .bytes(hashes.bytes);
    return InventoryPayload.decode(new ByteReader(writer.finish(), 'inv'));
  }

  get type(): number {
    return this.bytes[this.start]!;
  }

  get kind(): InventoryKind {
    return kindOf(this.type)!;
  }

  /** May be empty, and may hold one hash twice: some nodes send that. */
  get hashes(): HashList {
    return (this.#hashes ??= new HashList(this.bytes.subarray(this.start + this.hashesAt, this.end)));
  }

  toJSON(): object {
    return { type: this.type, count: this.hashes.length, hashes: this.hashes.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new InventoryPayload(bytes, 0, bytes.length, this.hashesAt) as this;
  }
}

function kindOf(type: number): InventoryKind | undefined {
  switch (type) {
    case InventoryType.transaction:
      return 'transaction';
    case InventoryType.block:
      return 'block';
    case InventoryType.stateroot:
      return 'stateroot';
    case InventoryType.consensus:
      return 'consensus';
    default:
      return undefined;
  }
}
