import type { BlockHeader } from '../common/block-header.js';
import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { hash256Range } from '../primitives/hashing.js';
import { u32At, u64At } from '../primitives/little-endian.js';
import { UInt160 } from '../primitives/uint160.js';
import { UInt256 } from '../primitives/uint256.js';
import { LegacyView } from './legacy-view.js';
import { legacyAddress } from './script.js';
import {
  MIN_WITNESS_SIZE,
  readWitness,
  skipSingleWitness,
  witnessSize,
  witnessToJSON,
  writeWitness,
} from './witness.js';

/** Where each field begins, in bytes; all of them have a fixed size. */
const VERSION_AT = 0;
const PREV_HASH_AT = 4;
const MERKLE_ROOT_AT = 36;
const TIMESTAMP_AT = 68;
const INDEX_AT = 72;
const CONSENSUS_DATA_AT = 76;
const NEXT_CONSENSUS_AT = 84;

/** Bytes that a header's hash and signatures cover: everything before the witness. */
export const UNSIGNED_HEADER_SIZE = 104;

/** Smallest header in a `headers` message: witness count, a witness without scripts, and the empty transaction list. */
export const MIN_HEADER_ENTRY_SIZE = UNSIGNED_HEADER_SIZE + 1 + MIN_WITNESS_SIZE + 1;

/**
 * What a header is made from.
 *
 * @publicApi
 */
export interface LegacyHeaderFields {
  /** Default 0, the only version there is. */
  readonly version?: number;
  readonly prevHash: UInt256;
  readonly merkleRoot: UInt256;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly index: number;
  /** 64 random bits of the speaker. */
  readonly consensusData: bigint;
  readonly nextConsensus: UInt160;
  readonly witness: Witness;
}

/**
 * A NEO 2.x block header, witness included.
 *
 * @publicApi
 */
export class LegacyBlockHeader extends LegacyView implements BlockHeader {
  #hash: UInt256 | undefined;

  /** Reads a header as it stands at the beginning of a block. @throws DecodeError */
  static decode(reader: ByteReader): LegacyBlockHeader {
    const start = reader.offset;
    skipHeader(reader);
    return new LegacyBlockHeader(reader.bytes, start, reader.offset);
  }

  /** Reads an item of a `headers` message: a header with an empty transaction list after it. @throws DecodeError */
  static decodeEntry(reader: ByteReader): LegacyBlockHeader {
    const start = reader.offset;
    skipHeader(reader);
    const end = reader.offset;
    const count = reader.u8('transactionCount');
    if (count !== 0)
      reader.fail('transactionCount', 'value', `a header is followed by 00, not ${count} transactions`, end);
    return new LegacyBlockHeader(reader.bytes, start, end);
  }

  /** @throws DecodeError when a script is too long; RangeError when a number doesn't fit its field */
  static from(fields: LegacyHeaderFields): LegacyBlockHeader {
    const writer = new ByteWriter(UNSIGNED_HEADER_SIZE + 1 + witnessSize(fields.witness))
      .u32(fields.version ?? 0)
      .digest(fields.prevHash.key)
      .digest(fields.merkleRoot.key)
      .u32(fields.timestamp)
      .u32(fields.index)
      .u64(fields.consensusData)
      .digest(fields.nextConsensus.key)
      .u8(1);
    writeWitness(writer, fields.witness);
    return LegacyBlockHeader.decode(new ByteReader(writer.finish(), 'header'));
  }

  get version(): number {
    return u32At(this.bytes, this.start + VERSION_AT);
  }

  get prevHash(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + PREV_HASH_AT);
  }

  get merkleRoot(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + MERKLE_ROOT_AT);
  }

  get timestamp(): number {
    return u32At(this.bytes, this.start + TIMESTAMP_AT);
  }

  get timeMs(): number {
    return this.timestamp * 1000;
  }

  get index(): number {
    return u32At(this.bytes, this.start + INDEX_AT);
  }

  /** 64 random bits of the speaker, called nonce in some nodes. */
  get consensusData(): bigint {
    return u64At(this.bytes, this.start + CONSENSUS_DATA_AT);
  }

  get nextConsensus(): UInt160 {
    return UInt160.fromBytes(this.bytes, this.start + NEXT_CONSENSUS_AT);
  }

  get witness(): Witness {
    return readWitness(new ByteReader(this.bytes, 'header', this.start + UNSIGNED_HEADER_SIZE + 1, this.end));
  }

  /** The bytes that {@link hash} and the signatures cover. A window, not a copy. */
  get unsigned(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + UNSIGNED_HEADER_SIZE);
  }

  get hash(): UInt256 {
    return (this.#hash ??= UInt256.fromDigest(hash256Range(this.bytes, this.start, this.start + UNSIGNED_HEADER_SIZE)));
  }

  /** `size` counts the header as an item of `headers`: one byte more than {@link raw}. */
  toJSON() {
    return {
      hash: this.hash.toJSON(),
      version: this.version,
      prevHash: this.prevHash.toJSON(),
      merkleRoot: this.merkleRoot.toJSON(),
      timestamp: this.timestamp,
      index: this.index,
      consensusData: this.consensusData.toString(16).padStart(16, '0'),
      nextConsensus: this.nextConsensus.toJSON(),
      nextConsensusAddress: legacyAddress(this.nextConsensus),
      witness: witnessToJSON(this.witness),
      size: this.end - this.start + 1,
    };
  }

  protected over(bytes: Uint8Array): this {
    return new LegacyBlockHeader(bytes, 0, bytes.length) as this;
  }
}

/** A header made by somebody else's class counts by its bytes. @internal @throws DecodeError */
export function asLegacyHeader(header: BlockHeader): LegacyBlockHeader {
  return header instanceof LegacyBlockHeader ? header : LegacyBlockHeader.decode(new ByteReader(header.raw, 'headers'));
}

function skipHeader(reader: ByteReader): void {
  if (reader.remaining < UNSIGNED_HEADER_SIZE) skipFieldByField(reader);
  else reader.skip(UNSIGNED_HEADER_SIZE, 'header');
  skipSingleWitness(reader);
}

/** For a header that is cut off: fails in the field where it ends. */
function skipFieldByField(reader: ByteReader): void {
  reader.skip(4, 'version');
  reader.skip(UInt256.SIZE, 'prevHash');
  reader.skip(UInt256.SIZE, 'merkleRoot');
  reader.skip(4, 'timestamp');
  reader.skip(4, 'index');
  reader.skip(8, 'consensusData');
  reader.skip(UInt160.SIZE, 'nextConsensus');
}
