import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { u16At, u32At } from '../primitives/little-endian.js';
import { UInt256 } from '../primitives/uint256.js';
import { LegacySignedView } from './legacy-view.js';
import { MAX_CONSENSUS_DATA_SIZE } from './limits.js';
import { readWitness, skipSingleWitness, witnessToJSON, writeWitness } from './witness.js';

const PREV_HASH_AT = 4;
const BLOCK_INDEX_AT = 36;
const VALIDATOR_INDEX_AT = 40;
const TIMESTAMP_AT = 42;
const DATA_AT = 46;

/**
 * What a consensus payload is made from.
 *
 * @publicApi
 */
export interface ConsensusFields {
  /** Default 0, the only version there is. */
  readonly version?: number;
  readonly prevHash: UInt256;
  readonly blockIndex: number;
  readonly validatorIndex: number;
  /** Default 0, as newer nodes write. */
  readonly timestamp?: number;
  readonly data: Uint8Array;
  readonly witness: Witness;
}

/**
 * A message between consensus nodes, relayed by everybody else, to whom {@link data} means nothing.
 *
 * @publicApi
 */
export class ConsensusPayload extends LegacySignedView {
  /** @throws DecodeError */
  static decode(reader: ByteReader): ConsensusPayload {
    const start = reader.offset;
    reader.skip(4, 'version');
    reader.skip(UInt256.SIZE, 'prevHash');
    reader.skip(4, 'blockIndex');
    reader.skip(2, 'validatorIndex');
    reader.skip(4, 'timestamp');
    reader.skipVarBytes('data', MAX_CONSENSUS_DATA_SIZE, true);
    const unsignedLength = reader.offset - start;
    skipSingleWitness(reader);
    return new ConsensusPayload(reader.bytes, start, reader.offset, unsignedLength);
  }

  /** @throws DecodeError when a script is too long; RangeError when a number doesn't fit its field */
  static from(fields: ConsensusFields): ConsensusPayload {
    const writer = new ByteWriter()
      .u32(fields.version ?? 0)
      .digest(fields.prevHash.key)
      .u32(fields.blockIndex)
      .u16(fields.validatorIndex)
      .u32(fields.timestamp ?? 0)
      .varBytes(fields.data)
      .u8(1);
    writeWitness(writer, fields.witness);
    return ConsensusPayload.decode(new ByteReader(writer.finish(), 'consensus'));
  }

  get version(): number {
    return u32At(this.bytes, this.start);
  }

  get prevHash(): UInt256 {
    return UInt256.fromBytes(this.bytes, this.start + PREV_HASH_AT);
  }

  /** Height of the block that is being agreed on. */
  get blockIndex(): number {
    return u32At(this.bytes, this.start + BLOCK_INDEX_AT);
  }

  /** Which of the validators speaks, counted from 0 in the order of their keys. */
  get validatorIndex(): number {
    return u16At(this.bytes, this.start + VALIDATOR_INDEX_AT);
  }

  /** Seconds since 1970 from old nodes, 0 from newer ones. */
  get timestamp(): number {
    return u32At(this.bytes, this.start + TIMESTAMP_AT);
  }

  /** The message; its first byte tells the kind (legacy consensus 00, 20, 21, 30, 40, 41). Opaque here. */
  get data(): Uint8Array {
    return new ByteReader(this.bytes, 'consensus', this.start + DATA_AT, this.end).varBytes(
      'data',
      MAX_CONSENSUS_DATA_SIZE,
    );
  }

  get witness(): Witness {
    return readWitness(new ByteReader(this.bytes, 'consensus', this.start + this.unsignedLength + 1, this.end));
  }

  toJSON() {
    return {
      hash: this.hash.toJSON(),
      version: this.version,
      prevHash: this.prevHash.toJSON(),
      blockIndex: this.blockIndex,
      validatorIndex: this.validatorIndex,
      timestamp: this.timestamp,
      data: toHex(this.data),
      witness: witnessToJSON(this.witness),
      unsignedLength: this.unsignedLength,
      size: this.end - this.start,
    };
  }

  protected over(bytes: Uint8Array): this {
    return new ConsensusPayload(bytes, 0, bytes.length, this.unsignedLength) as this;
  }
}
