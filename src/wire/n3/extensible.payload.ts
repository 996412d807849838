import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { u32At } from '../primitives/little-endian.js';
import { UInt160 } from '../primitives/uint160.js';
import { isUtf8, utf8 } from '../primitives/utf8.js';
import { MAX_CATEGORY_SIZE, MAX_EXTENSIBLE_DATA_SIZE } from './limits.js';
import { N3SignedView } from './n3-view.js';
import { readWitness, skipSingleWitness, witnessToJSON, writeWitness } from './witness.js';

/** Where the category's text begins: its length is one byte, for it is at most 32. */
const CATEGORY_AT = 1;

/** What stands behind the category, counted from its end. */
const VALID_BLOCK_END_AT = 4;
const SENDER_AT = 8;
const DATA_AT = 28;

/**
 * What an extensible payload is made from.
 *
 * @publicApi
 */
export interface ExtensibleFields {
  /** At most 32 bytes of UTF-8. */
  readonly category: string;
  readonly validBlockStart: number;
  /** Above `validBlockStart`. */
  readonly validBlockEnd: number;
  readonly sender: UInt160;
  readonly data: Uint8Array;
  readonly witness: Witness;
}

/**
 * A message between those who run a service of the network (consensus, state roots), relayed by everybody else, to whom
 * {@link data} means nothing.
 *
 * @publicApi
 */
export class ExtensiblePayload extends N3SignedView {
  /** @throws DecodeError */
  static decode(reader: ByteReader): ExtensiblePayload {
    const start = reader.offset;
    if (!isUtf8(reader.varBytes('category', MAX_CATEGORY_SIZE, true))) {
      reader.fail('category', 'value', 'it is not UTF-8', start);
    }
    const validBlockStart = reader.u32('validBlockStart');
    const validBlockEnd = reader.u32('validBlockEnd');
    if (validBlockStart >= validBlockEnd) {
      const detail = `${validBlockEnd} is not above the start, ${validBlockStart}`;
      reader.fail('validBlockEnd', 'value', detail, reader.offset - 4);
    }
    reader.skip(UInt160.SIZE, 'sender');
    reader.skipVarBytes('data', MAX_EXTENSIBLE_DATA_SIZE, true);
    const unsignedLength = reader.offset - start;
    skipSingleWitness(reader);
    return new ExtensiblePayload(reader.bytes, start, reader.offset, unsignedLength);
  }

  /** @throws DecodeError naming the field that breaks a rule; RangeError when a number doesn't fit its field */
  static from(fields: ExtensibleFields): ExtensiblePayload {
    const writer = new ByteWriter()
      .varString(fields.category)
      .u32(fields.validBlockStart)
      .u32(fields.validBlockEnd)
      .digest(fields.sender.key)
      .varBytes(fields.data)
      .u8(1);
    writeWitness(writer, fields.witness);
    return ExtensiblePayload.decode(new ByteReader(writer.finish(), 'extensible'));
  }

  /** The service it belongs to: `dBFT`, `StateService`. Tells what {@link data} is. */
  get category(): string {
    return utf8(this.bytes.subarray(this.start + CATEGORY_AT, this.#categoryEnd));
  }

  /** First height at which it is of use. */
  get validBlockStart(): number {
    return u32At(this.bytes, this.#categoryEnd);
  }

  /** First height at which it is of use no more. */
  get validBlockEnd(): number {
    return u32At(this.bytes, this.#categoryEnd + VALID_BLOCK_END_AT);
  }

  /** The account whose witness it carries. */
  get sender(): UInt160 {
    return UInt160.fromBytes(this.bytes, this.#categoryEnd + SENDER_AT);
  }

  /** The message: {@link decodeConsensusMessage} and {@link decodeStateMessage} read those of the two known categories. */
  get data(): Uint8Array {
    return new ByteReader(this.bytes, 'extensible', this.#categoryEnd + DATA_AT, this.end).varBytes(
      'data',
      MAX_EXTENSIBLE_DATA_SIZE,
    );
  }

  get witness(): Witness {
    return readWitness(new ByteReader(this.bytes, 'extensible', this.start + this.unsignedLength + 1, this.end));
  }

  toJSON() {
    return {
      hash: this.hash.toJSON(),
      category: this.category,
      validBlockStart: this.validBlockStart,
      validBlockEnd: this.validBlockEnd,
      sender: this.sender.toJSON(),
      data: toHex(this.data),
      witness: witnessToJSON(this.witness),
    };
  }

  protected over(bytes: Uint8Array): this {
    return new ExtensiblePayload(bytes, 0, bytes.length, this.unsignedLength) as this;
  }

  get #categoryEnd(): number {
    return this.start + CATEGORY_AT + this.bytes[this.start]!;
  }
}
