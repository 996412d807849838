import type { Transaction } from '../common/transaction.js';
import type { Witness } from '../common/witness.js';
import { readArray } from '../primitives/array.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { u32At, u64At } from '../primitives/little-endian.js';
import { UInt160 } from '../primitives/uint160.js';
import { attributeToJSON, readAttribute, writeAttribute } from './attribute-codec.js';
import type { TransactionAttribute } from './attribute.js';
import { MAX_SCRIPT_SIZE } from './limits.js';
import { N3SignedView } from './n3-view.js';
import { readSigner, signerToJSON, writeSigner, type Signer } from './signer.js';
import {
  ATTRIBUTES,
  MARKS,
  NETWORK_FEE_AT,
  NONCE_AT,
  SCRIPT,
  SENDER_AT,
  SIGNERS_AT,
  skipTransaction,
  START,
  SYSTEM_FEE_AT,
  VALID_UNTIL_BLOCK_AT,
  WITNESSES,
} from './transaction-layout.js';
import { readWitness, witnessToJSON, writeWitness } from './witness.js';

/** What stands for a witness that isn't there yet. */
const NO_WITNESS: Witness = Object.freeze({ invocation: new Uint8Array(0), verification: new Uint8Array(0) });

/**
 * What a transaction is made from.
 *
 * @publicApi
 */
export interface N3TransactionFields {
  /** Default 0, the only version there is. */
  readonly version?: number;
  /** Tells transactions apart that are the same otherwise. 32 bits. */
  readonly nonce: number;
  /** Price of running the script, in datoshi (10^-8 GAS). */
  readonly systemFee: bigint;
  /** Price of size and witnesses, in datoshi (10^-8 GAS). */
  readonly networkFee: bigint;
  /** Last height at which a block may hold it. */
  readonly validUntilBlock: number;
  /** 1 to 16, each account once; the first is the sender. */
  readonly signers: readonly Signer[];
  /** At most 16 together with the signers. Default: none. */
  readonly attributes?: readonly TransactionAttribute[];
  /** 1 to 65,535 bytes. */
  readonly script: Uint8Array;
  /** One a signer, in their order. Default: empty ones, for a transaction that is yet to be signed. */
  readonly witnesses?: readonly Witness[];
}

/**
 * A NEO N3 transaction.
 *
 * @publicApi
 */
export class N3Transaction extends N3SignedView implements Transaction<'n3'> {
  /** Where the attributes begin, from the transaction's start. @internal */
  readonly attributesAt: number;
  readonly #scriptAt: number;
  #signers: readonly Signer[] | undefined;
  #attributes: readonly TransactionAttribute[] | undefined;

  /** Offsets are counted from `start`. */
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    attributesAt: number,
    scriptAt: number,
    unsignedLength: number,
  ) {
    super(bytes, start, end, unsignedLength);
    this.attributesAt = attributesAt;
    this.#scriptAt = scriptAt;
  }

  /** @throws DecodeError */
  static decode(reader: ByteReader): N3Transaction {
    const start = reader.offset;
    const marks = new Uint32Array(MARKS);
    skipTransaction(reader, marks, 0, start);
    return N3Transaction.ofMarks(reader.bytes, start, reader.offset, marks, 0);
  }

  /**
   * A view of a transaction that was stepped over before.
   *
   * @internal
   */
  static ofMarks(bytes: Uint8Array, start: number, end: number, marks: Uint32Array, at: number): N3Transaction {
    const first = marks[at + START]!;
    return new N3Transaction(
      bytes,
      start,
      end,
      marks[at + ATTRIBUTES]! - first,
      marks[at + SCRIPT]! - first,
      marks[at + WITNESSES]! - first,
    );
  }

  /** @throws DecodeError naming the field that breaks a rule; RangeError when a number doesn't fit its field */
  static from(fields: N3TransactionFields): N3Transaction {
    const { signers, attributes = [], witnesses = signers.map(() => NO_WITNESS) } = fields;
    const writer = new ByteWriter()
      .u8(fields.version ?? 0)
      .u32(fields.nonce)
      .i64(fields.systemFee)
      .i64(fields.networkFee)
      .u32(fields.validUntilBlock)
      .varint(signers.length);
    for (const signer of signers) writeSigner(writer, signer);
    writer.varint(attributes.length);
    for (const attribute of attributes) writeAttribute(writer, attribute);
    writer.varBytes(fields.script).varint(witnesses.length);
    for (const witness of witnesses) writeWitness(writer, witness);
    return N3Transaction.decode(new ByteReader(writer.finish(), 'transaction'));
  }

  get version(): number {
    return this.bytes[this.start]!;
  }

  get nonce(): number {
    return u32At(this.bytes, this.start + NONCE_AT);
  }

  /** Price of running the script, in datoshi (10^-8 GAS). */
  get systemFee(): bigint {
    return u64At(this.bytes, this.start + SYSTEM_FEE_AT);
  }

  /** Price of size and witnesses, in datoshi (10^-8 GAS). */
  get networkFee(): bigint {
    return u64At(this.bytes, this.start + NETWORK_FEE_AT);
  }

  /** Last height at which a block may hold it. */
  get validUntilBlock(): number {
    return u32At(this.bytes, this.start + VALID_UNTIL_BLOCK_AT);
  }

  /** The account that pays the fees: the first signer's. */
  get sender(): UInt160 {
    return UInt160.fromBytes(this.bytes, this.start + SENDER_AT);
  }

  get signers(): readonly Signer[] {
    return (this.#signers ??= readArray(this.#reader(SIGNERS_AT), readSigner));
  }

  get attributes(): readonly TransactionAttribute[] {
    return (this.#attributes ??= readArray(this.#reader(this.attributesAt), readAttribute));
  }

  /** What it runs. A window, not a copy. */
  get script(): Uint8Array {
    return this.#reader(this.#scriptAt).varBytes('script', MAX_SCRIPT_SIZE);
  }

  /** One a signer, in their order. Made anew each time. */
  get witnesses(): readonly Witness[] {
    return readArray(this.#reader(this.unsignedLength), readWitness);
  }

  get size(): number {
    return this.end - this.start;
  }

  toJSON() {
    return {
      hash: this.hash.toJSON(),
      version: this.version,
      nonce: this.nonce,
      sysfee: this.systemFee.toString(),
      netfee: this.networkFee.toString(),
      validuntilblock: this.validUntilBlock,
      signers: this.signers.map(signerToJSON),
      attributes: this.attributes.map(attributeToJSON),
      script: toHex(this.script),
      witnesses: this.witnesses.map(witnessToJSON),
      size: this.size,
    };
  }

  protected over(bytes: Uint8Array): this {
    const { attributesAt, unsignedLength } = this;
    return new N3Transaction(bytes, 0, bytes.length, attributesAt, this.#scriptAt, unsignedLength) as this;
  }

  #reader(at: number): ByteReader {
    return new ByteReader(this.bytes, 'transaction', this.start + at, this.end);
  }
}
