import { skipArray } from '../primitives/array.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import { latin1 } from '../primitives/latin1.js';
import { UInt256 } from '../primitives/uint256.js';
import { MIN_ATTRIBUTE_SIZE, skipAttribute } from './attribute.js';
import { MAX_ATTRIBUTES, MAX_WITNESSES } from './limits.js';
import { UTILITY_TOKEN } from './transaction-asset.js';
import { transactionDataCodec } from './transaction-data-codec.js';
import { skipInputs } from './transaction-input.js';
import { OUTPUT_SIZE, skipOutputs } from './transaction-output.js';
import { TransactionType } from './transaction-type.js';
import { MIN_WITNESS_SIZE, skipWitness } from './witness.js';

/** Smallest transaction: type, version and four empty arrays (a Contract). */
export const MIN_TRANSACTION_SIZE = 6;

/** Where the data of the type begins: after the type and the version. */
export const DATA_AT = 2;

/**
 * Where a transaction and its arrays begin, packed: these many numbers each, counted in bytes from wherever the caller
 * says. A block of 65,536 transactions needs one array for all.
 */
export const MARKS = 5;
export const START = 0;
export const ATTRIBUTES = 1;
export const INPUTS = 2;
export const OUTPUTS = 3;
export const WITNESSES = 4;

/**
 * Steps over one transaction, checks everything that the protocol says about its layout, and notes where its parts begin.
 *
 * @param marks receives {@link MARKS} numbers
 * @param at where in `marks`
 * @param base what the numbers are counted from, an offset of the reader
 *
 * @internal
 */
export function skipTransaction(reader: ByteReader, marks: Uint32Array, at: number, base: number): void {
  marks[at + START] = reader.offset - base;
  const type = skipData(reader);
  marks[at + ATTRIBUTES] = reader.offset - base;
  skipArray(reader, 'attributes', MAX_ATTRIBUTES, MIN_ATTRIBUTE_SIZE, skipAttribute, true);
  const inputsAt = reader.offset;
  marks[at + INPUTS] = inputsAt - base;
  const inputs = skipInputs(reader, 'inputs');
  marks[at + OUTPUTS] = reader.offset - base;
  const outputs = skipOutputs(reader);
  if (type === TransactionType.Miner) checkMiner(reader, inputs, inputsAt, outputs);
  marks[at + WITNESSES] = reader.offset - base;
  skipArray(reader, 'witnesses', MAX_WITNESSES, MIN_WITNESS_SIZE, skipWitness, false);
}

/** Type, version and the data of the type; returns the type. */
function skipData(reader: ByteReader): number {
  const type = reader.u8('type');
  const codec = transactionDataCodec(type);
  if (codec === undefined) {
    return reader.fail('type', 'value', `0x${type.toString(16)} is no transaction type`, reader.offset - 1);
  }
  const version = reader.u8('version');
  if (version > codec.maxVersion) {
    reader.fail('version', 'value', `${version}, but this type has at most ${codec.maxVersion}`, reader.offset - 1);
  }
  codec.skip(reader, version);
  return type;
}

/** A Miner spends nothing and pays out fees, which are in the utility token. Called behind the outputs. */
function checkMiner(reader: ByteReader, inputs: number, inputsAt: number, outputs: number): void {
  if (inputs > 0) reader.fail('inputs', 'value', 'a Miner has none', inputsAt);
  for (let i = 0; i < outputs; i++) {
    const at = reader.offset - (outputs - i) * OUTPUT_SIZE;
    if (latin1(reader.bytes, at, at + UInt256.SIZE) !== UTILITY_TOKEN.key) {
      reader.enter('outputs');
      reader.at(i);
      reader.fail('assetId', 'value', 'a Miner pays out nothing but the utility token', at);
    }
  }
}
