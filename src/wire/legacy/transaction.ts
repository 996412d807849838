import type { Transaction } from '../common/transaction.js';
import type { Witness } from '../common/witness.js';
import { readArray } from '../primitives/array.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { attributeToJSON, readAttribute, writeAttribute, type TransactionAttribute } from './attribute.js';
import { LegacySignedView } from './legacy-view.js';
import type { TransactionData } from './transaction-data.js';
import { transactionDataCodec } from './transaction-data-codec.js';
import { inputToJSON, readInputs, writeInputs, type TransactionInput } from './transaction-input.js';
import {
  ATTRIBUTES,
  DATA_AT,
  INPUTS,
  MARKS,
  OUTPUTS,
  skipTransaction,
  START,
  WITNESSES,
} from './transaction-layout.js';
import { outputToJSON, readOutputs, writeOutputs, type TransactionOutput } from './transaction-output.js';
import { transactionTypeName, TransactionType, type TransactionTypeName } from './transaction-type.js';
import { readWitness, witnessToJSON, writeWitness } from './witness.js';

/**
 * What a transaction is made from.
 *
 * @publicApi
 */
export interface LegacyTransactionFields {
  /** Default: 1 if the data has a field that only version 1 has, else 0. */
  readonly version?: number;
  /** Tells the type, and what only this type has. */
  readonly data: TransactionData;
  readonly attributes?: readonly TransactionAttribute[];
  readonly inputs?: readonly TransactionInput[];
  readonly outputs?: readonly TransactionOutput[];
  readonly witnesses?: readonly Witness[];
}

/**
 * A NEO 2.x transaction of any of the nine types. `data.type` tells which, and narrows `data`.
 *
 * @publicApi
 */
export class LegacyTransaction extends LegacySignedView implements Transaction {
  readonly #attributesAt: number;
  readonly #inputsAt: number;
  readonly #outputsAt: number;
  #data: TransactionData | undefined;
  #attributes: readonly TransactionAttribute[] | undefined;
  #inputs: readonly TransactionInput[] | undefined;
  #outputs: readonly TransactionOutput[] | undefined;

  /** Offsets are counted from `start`. */
  private constructor(bytes: Uint8Array, start: number, end: number, parts: readonly [number, number, number, number]) {
    super(bytes, start, end, parts[3]);
    [this.#attributesAt, this.#inputsAt, this.#outputsAt] = parts;
  }

  /** @throws DecodeError */
  static decode(reader: ByteReader): LegacyTransaction {
    const start = reader.offset;
    const marks = new Uint32Array(MARKS);
    skipTransaction(reader, marks, 0, start);
    return LegacyTransaction.ofMarks(reader.bytes, start, reader.offset, marks, 0);
  }

  /**
   * A view of a transaction that was stepped over before.
   *
   * @internal
   */
  static ofMarks(bytes: Uint8Array, start: number, end: number, marks: Uint32Array, at: number): LegacyTransaction {
    const first = marks[at + START]!;
    return new LegacyTransaction(bytes, start, end, [
      marks[at + ATTRIBUTES]! - first,
      marks[at + INPUTS]! - first,
      marks[at + OUTPUTS]! - first,
      marks[at + WITNESSES]! - first,
    ]);
  }

  /** @throws DecodeError naming the field that breaks a rule; RangeError when a number doesn't fit its field */
  static from(fields: LegacyTransactionFields): LegacyTransaction {
    const { data, attributes = [], inputs = [], outputs = [], witnesses = [] } = fields;
    const version = fields.version ?? leastVersion(data);
    const writer = new ByteWriter().u8(data.type).u8(version);
    transactionDataCodec(data.type)?.write(writer, data, version);
    writer.varint(attributes.length);
    for (const attribute of attributes) writeAttribute(writer, attribute);
    writeInputs(writer, inputs);
    writeOutputs(writer, outputs);
    writer.varint(witnesses.length);
    for (const witness of witnesses) writeWitness(writer, witness);
    return LegacyTransaction.decode(new ByteReader(writer.finish(), 'transaction'));
  }

  get type(): TransactionType {
    return this.bytes[this.start] as TransactionType;
  }

  /** `MinerTransaction` and so on. */
  get typeName(): TransactionTypeName {
    return transactionTypeName(this.type);
  }

  get version(): number {
    return this.bytes[this.start + 1]!;
  }

  /** What only this type has. */
  get data(): TransactionData {
    return (this.#data ??= transactionDataCodec(this.type)!.read(this.#reader(DATA_AT), this.version));
  }

  get attributes(): readonly TransactionAttribute[] {
    return (this.#attributes ??= readArray(this.#reader(this.#attributesAt), readAttribute));
  }

  get inputs(): readonly TransactionInput[] {
    return (this.#inputs ??= readInputs(this.#reader(this.#inputsAt), 'inputs'));
  }

  get outputs(): readonly TransactionOutput[] {
    return (this.#outputs ??= readOutputs(this.#reader(this.#outputsAt)));
  }

  /** Made anew each time: two bytes on the wire are enough for one, so a block that kept all of them would be a burden. */
  get witnesses(): readonly Witness[] {
    return readArray(this.#reader(this.unsignedLength), readWitness);
  }

  get size(): number {
    return this.end - this.start;
  }

  toJSON() {
    return {
      hash: this.hash.toJSON(),
      type: this.type,
      typeName: this.typeName,
      version: this.version,
      exclusive: transactionDataCodec(this.type)!.toJSON(this.data),
      attributes: this.attributes.map(attributeToJSON),
      inputs: this.inputs.map(inputToJSON),
      outputs: this.outputs.map(outputToJSON),
      witnesses: this.witnesses.map(witnessToJSON),
      unsignedLength: this.unsignedLength,
      size: this.size,
    };
  }

  protected over(bytes: Uint8Array): this {
    const parts = [this.#attributesAt, this.#inputsAt, this.#outputsAt, this.unsignedLength] as const;
    return new LegacyTransaction(bytes, 0, bytes.length, parts) as this;
  }

  #reader(at: number): ByteReader {
    return new ByteReader(this.bytes, 'transaction', this.start + at, this.end);
  }
}

function leastVersion(data: TransactionData): 0 | 1 {
  if (data.type === TransactionType.Invocation) return data.gas === undefined ? 0 : 1;
  return data.type === TransactionType.Publish && data.needStorage !== undefined ? 1 : 0;
}
