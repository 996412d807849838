import type { BlockHeader } from '../common/block-header.js';
import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { sha256Range } from '../primitives/hashing.js';
import { u32At, u64At } from '../primitives/little-endian.js';
import { UInt160 } from '../primitives/uint160.js';
import { UInt256 } from '../primitives/uint256.js';
import { N3View } from './n3-view.js';
import { n3Address } from './script.js';
import {
  MIN_WITNESS_SIZE,
  readHeaderWitness,
  skipHeaderWitness,
  witnessSize,
  witnessToJSON,
  writeWitness,
} from './witness.js';

/** Where each field begins, in bytes; all of them have a fixed size. */
const PREV_HASH_AT = 4;
const MERKLE_ROOT_AT = 36;
const TIMESTAMP_AT = 68;
const NONCE_AT = 76;
const INDEX_AT = 84;
const PRIMARY_INDEX_AT = 88;
const NEXT_CONSENSUS_AT = 89;

/** Bytes that a header's hash covers: everything before the witness. */
export const UNSIGNED_HEADER_SIZE = 109;

/** Smallest header: a witness count and a witness without scripts. */
export const MIN_HEADER_SIZE = UNSIGNED_HEADER_SIZE + 1 + MIN_WITNESS_SIZE;

/** The one version there is: the C# node closes the connection over any other. */
const VERSION = 0;

/** Latest time that a `Date` can hold, milliseconds since 1970. */
const LATEST_TIME_MS = 8.64e15;

/**
 * What a header is made from.
 *
 * @publicApi
 */
export interface N3HeaderFields {
  /** Default 0, the only version there is. */
  readonly version?: number;
  readonly prevHash: UInt256;
  readonly merkleRoot: UInt256;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** 64 random bits of the speaker. */
  readonly nonce: bigint;
  readonly index: number;
  /** Which of the validators proposed the block, counted from 0 in the order of their keys. */
  readonly primaryIndex: number;
  readonly nextConsensus: UInt160;
  readonly witness: Witness;
}

/**
 * A NEO N3 block header, witness included.
 *
 * @publicApi
 */
export class N3BlockHeader extends N3View implements BlockHeader {
  #hash: UInt256 | undefined;

  /** Reads a header as it stands at the beginning of a block and in a `headers` message. @throws DecodeError */
  static decode(reader: ByteReader): N3BlockHeader {
    const start = reader.offset;
    const version = reader.u32('version');
    if (version !== VERSION) reader.fail('version', 'value', `${version}, but there is only ${VERSION}`, start);
    if (reader.remaining < UNSIGNED_HEADER_SIZE - PREV_HASH_AT) skipFieldByField(reader);
    else reader.skip(UNSIGNED_HEADER_SIZE - PREV_HASH_AT, 'header');
    skipHeaderWitness(reader);
    return new N3BlockHeader(reader.bytes, start, reader.offset);
  }

  /** @throws DecodeError for another version or too long a script; RangeError when a number doesn't fit its field */
  static from(fields: N3HeaderFields): N3BlockHeader {
    const writer = new ByteWriter(UNSIGNED_HEADER_SIZE + 1 + witnessSize(fields.witness))
      .u32(fields.version ?? VERSION)
      .digest(fields.prevHash.key)
      .digest(fields.merkleRoot.key)
      .u64(BigInt(fields.timestamp))
      .u64(fields.nonce)
      .u32(fields.index)
      .u8(fields.primaryIndex)
      .digest(fields.nextConsensus.key)
      .varint(1);
    writeWitness(writer, fields.witness);
    return N3BlockHeader.decode(new ByteReader(writer.finish(), 'header'));
  }

  /** Always 0, the only version there is. */
  get version(): number {
    return u32At(this.bytes, this.start);
  }

  get prevHash(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + PREV_HASH_AT);
  }

  get merkleRoot(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + MERKLE_ROOT_AT);
  }

  /** Milliseconds since 1970. The field is 64 bits wide: above 2^53, where no real time is, this is the nearest number. */
  get timestamp(): number {
    return Number(u64At(this.bytes, this.start + TIMESTAMP_AT));
  }

  /** {@link timestamp}, or the latest time that a `Date` can hold if that is earlier. */
  get timeMs(): number {
    return Math.min(this.timestamp, LATEST_TIME_MS);
  }

  /** 64 random bits of the speaker. */
  get nonce(): bigint {
    return u64At(this.bytes, this.start + NONCE_AT);
  }

  get index(): number {
    return u32At(this.bytes, this.start + INDEX_AT);
  }

  /** Which of the validators proposed the block, counted from 0 in the order of their keys. */
  get primaryIndex(): number {
    return this.bytes[this.start + PRIMARY_INDEX_AT]!;
  }

  get nextConsensus(): UInt160 {
    return UInt160.fromBytes(this.bytes, this.start + NEXT_CONSENSUS_AT);
  }

  get witness(): Witness {
    return readHeaderWitness(new ByteReader(this.bytes, 'header', this.start + UNSIGNED_HEADER_SIZE, this.end));
  }

  /** The bytes that {@link hash} covers. A window, not a copy. */
  get unsigned(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + UNSIGNED_HEADER_SIZE);
  }

  get hash(): UInt256 {
    return (this.#hash ??= UInt256.fromDigest(sha256Range(this.bytes, this.start, this.start + UNSIGNED_HEADER_SIZE)));
  }

  toJSON() {
    return {
      version: this.version,
      prevHash: this.prevHash.toJSON(),
      merkleRoot: this.merkleRoot.toJSON(),
      timestamp: this.timestamp,
      nonce: `0x${this.nonce.toString(16).padStart(16, '0')}`,
      index: this.index,
      primaryIndex: this.primaryIndex,
      nextConsensus: this.nextConsensus.toJSON(),
      nextConsensusAddress: n3Address(this.nextConsensus),
      witness: witnessToJSON(this.witness),
      hash: this.hash.toJSON(),
      size: this.end - this.start,
    };
  }

  protected over(bytes: Uint8Array): this {
    return new N3BlockHeader(bytes, 0, bytes.length) as this;
  }
}

/** A header made by somebody else's class counts by its bytes. @internal @throws DecodeError */
export function asN3Header(header: BlockHeader): N3BlockHeader {
  return header instanceof N3BlockHeader ? header : N3BlockHeader.decode(new ByteReader(header.raw, 'headers'));
}

/** For a header that is cut off: fails in the field where it ends. */
function skipFieldByField(reader: ByteReader): void {
  reader.skip(UInt256.SIZE, 'prevHash');
  reader.skip(UInt256.SIZE, 'merkleRoot');
  reader.skip(8, 'timestamp');
  reader.skip(8, 'nonce');
  reader.skip(4, 'index');
  reader.skip(1, 'primaryIndex');
  reader.skip(UInt160.SIZE, 'nextConsensus');
}
