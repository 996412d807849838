import type { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { HashList, keysOf } from '../primitives/hash-list.js';
import { UInt256 } from '../primitives/uint256.js';
import { ByteView } from './byte-view.js';
import type { DialectName } from './dialect-name.js';
import type { Inventory, InventoryKind } from './inventory.js';

/**
 * The payload of `inv` and `getdata`, laid out the same in every dialect: hashes of things one has, or wants.
 *
 * @internal
 */
export abstract class InventoryView<D extends DialectName> extends ByteView<D> implements Inventory<D> {
  #hashes: HashList | undefined;

  protected constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the first hash begins, from `start`. */
    protected readonly hashesAt: number,
  ) {
    super(bytes, start, end);
  }

  get type(): number {
    return this.bytes[this.start]!;
  }

  abstract get kind(): InventoryKind;

  /** May be empty, and may hold one hash twice: some nodes send that. */
  get hashes(): HashList {
    return (this.#hashes ??= new HashList(this.bytes.subarray(this.start + this.hashesAt, this.end)));
  }
}

/** The kind that each byte stands for; undefined for a byte that stands for none. */
export type KindsByType<K extends InventoryKind> = readonly (K | undefined)[];

/** What a table of a dialect's kinds says, turned round. */
export function kindsByType<K extends InventoryKind>(types: Readonly<Record<K, number>>): KindsByType<K> {
  const kinds: (K | undefined)[] = [];
  for (const kind of Object.keys(types) as K[]) kinds[types[kind]] = kind;
  return Object.freeze(Array.from({ length: 256 }, (_, type) => kinds[type]));
}

/** Steps over an inventory of at most `max` hashes; returns where the first one begins, in bytes from its start. */
export function skipInventory(reader: ByteReader, kinds: KindsByType<InventoryKind>, max: number): number {
  const start = reader.offset;
  const type = reader.u8('type');
  if (kinds[type] === undefined)
    reader.fail('type', 'value', `0x${type.toString(16)} is not a type of inventory`, start);
  const count = reader.count('hashes', max, UInt256.SIZE);
  const hashesAt = reader.offset - start;
  reader.skip(count * UInt256.SIZE, 'hashes');
  return hashesAt;
}

/** The bytes of an inventory. */
export function encodeInventory(type: number, hashes: Iterable<UInt256>): Uint8Array {
  if (hashes instanceof HashList) return beginInventory(type, hashes.length).bytes(hashes.bytes).finish();
  const keys = keysOf(hashes);
  return beginInventory(type, keys.length).digest(keys.join('')).finish();
}

function beginInventory(type: number, count: number): ByteWriter {
  return new ByteWriter(6 + count * UInt256.SIZE).u8(type).varint(count);
}
