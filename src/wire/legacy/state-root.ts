import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { hash256 } from '../primitives/hashing.js';
import { u32At } from '../primitives/little-endian.js';
import { UInt256 } from '../primitives/uint256.js';
import { LegacyView } from './legacy-view.js';
import { MIN_WITNESS_SIZE, readWitness, skipWitness, witnessToJSON, writeWitness } from './witness.js';

const INDEX_AT = 1;
const PREV_HASH_AT = 5;
const ROOT_AT = 37;

/** Bytes that a state root's hash covers: everything before the witness array. */
const UNSIGNED_SIZE = 69;

/** Smallest state root: one without a witness. */
export const MIN_STATE_ROOT_SIZE = UNSIGNED_SIZE + 1;

/**
 * What a state root is made from.
 *
 * @publicApi
 */
export interface StateRootFields {
  /** Default 0. */
  readonly version?: number;
  readonly index: number;
  readonly prevHash: UInt256;
  readonly root: UInt256;
  readonly witness?: Witness;
}

/**
 * The root of the state trie after a block, as the consensus nodes signed it: the payload of `stateroot`, an item of
 * `roots`. First used at height 6,016,000 of MainNet.
 *
 * @publicApi
 */
export class StateRoot extends LegacyView {
  #hash: UInt256 | undefined;

  /** @throws DecodeError */
  static decode(reader: ByteReader): StateRoot {
    const start = reader.offset;
    reader.skip(1, 'version');
    reader.skip(4, 'index');
    reader.skip(UInt256.SIZE, 'prevHash');
    reader.skip(UInt256.SIZE, 'root');
    if (reader.count('witnesses', 1, MIN_WITNESS_SIZE) === 1) {
      reader.enter('witness');
      skipWitness(reader);
      reader.leave();
    }
    return new StateRoot(reader.bytes, start, reader.offset);
  }

  /** @throws DecodeError when a script is too long; RangeError when a number doesn't fit its field */
  static from(fields: StateRootFields): StateRoot {
    const writer = new ByteWriter()
      .u8(fields.version ?? 0)
      .u32(fields.index)
      .digest(fields.prevHash.key)
      .digest(fields.root.key)
      .u8(fields.witness === undefined ? 0 : 1);
    if (fields.witness !== undefined) writeWitness(writer, fields.witness);
    return StateRoot.decode(new ByteReader(writer.finish(), 'stateroot'));
  }

  get version(): number {
    return this.bytes[this.start]!;
  }

  /** Height of the block after which the state had this root. */
  get index(): number {
    return u32At(this.bytes, this.start + INDEX_AT);
  }

  /** Hash of the state root before. */
  get prevHash(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + PREV_HASH_AT);
  }

  get root(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + ROOT_AT);
  }

  /** Undefined while the consensus nodes have not signed it. */
  get witness(): Witness | undefined {
    const reader = new ByteReader(this.bytes, 'stateroot', this.start + UNSIGNED_SIZE, this.end);
    return reader.varint('witnesses') === 0 ? undefined : readWitness(reader);
  }

  /** The bytes that {@link hash} and the signatures cover. A window, not a copy. */
  get unsigned(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + UNSIGNED_SIZE);
  }

  get hash(): UInt256 {
    return (this.#hash ??= UInt256.fromDigest(hash256(this.unsigned)));
  }

  toJSON() {
    const { witness } = this;
    return {
      hash: this.hash.toJSON(),
      version: this.version,
      index: this.index,
      prevHash: this.prevHash.toJSON(),
      root: this.root.toJSON(),
      witness: witness === undefined ? null : witnessToJSON(witness),
      size: this.end - this.start,
    };
  }

  protected over(bytes: Uint8Array): this {
    return new StateRoot(bytes, 0, bytes.length) as this;
  }
}
