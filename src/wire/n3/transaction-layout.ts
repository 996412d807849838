import { skipArray } from '../primitives/array.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import { latin1 } from '../primitives/latin1.js';
import { u32At } from '../primitives/little-endian.js';
import { UInt160 } from '../primitives/uint160.js';
import { MIN_ATTRIBUTE_SIZE, skipAttribute } from './attribute-codec.js';
import { AttributeType } from './attribute.js';
import { MAX_ATTRIBUTES, MAX_SCRIPT_SIZE, MAX_SIGNERS } from './limits.js';
import { MIN_SIGNER_SIZE, skipSigner } from './signer.js';
import { MIN_WITNESS_SIZE, skipWitness } from './witness.js';

/** Where the fields of fixed size stand, counted from the transaction's start. */
export const NONCE_AT = 1;
export const SYSTEM_FEE_AT = 5;
export const NETWORK_FEE_AT = 13;
export const VALID_UNTIL_BLOCK_AT = 21;
export const SIGNERS_AT = 25;
/** The first signer is the sender, and begins with its account. Its count is one byte, for there are at most 16. */
export const SENDER_AT = 26;

/** Smallest transaction: one signer without scopes, no attributes, a script of one byte, an empty witness. */
export const MIN_TRANSACTION_SIZE = SIGNERS_AT + 1 + MIN_SIGNER_SIZE + 1 + 2 + 1 + MIN_WITNESS_SIZE;

/**
 * Where a transaction and its parts begin, packed: these many numbers each, counted in bytes from wherever the caller
 * says. A block of 65,535 transactions needs one array for all.
 */
export const MARKS = 4;
export const START = 0;
export const ATTRIBUTES = 1;
export const SCRIPT = 2;
export const WITNESSES = 3;

/** The upper half of a fee above which the sum of two may not fit 63 bits: less than half of the largest. */
const SAFE_UPPER_HALF = 0x3fffffff;

const MAX_FEE = 2n ** 63n - 1n;

/**
 * Steps over one transaction, checks everything that the protocol says about its layout, and notes where its parts begin.
 * Its size is bounded by that of its parts alone: both nodes decode one over the limit for relaying too.
 *
 * @param marks receives {@link MARKS} numbers
 * @param at where in `marks`
 * @param base what the numbers are counted from, an offset of the reader
 *
 * @internal
 */
export function skipTransaction(reader: ByteReader, marks: Uint32Array, at: number, base: number): void {
  marks[at + START] = reader.offset - base;
  skipFixedFields(reader);
  const signers = skipSigners(reader);
  marks[at + ATTRIBUTES] = reader.offset - base;
  skipAttributes(reader, MAX_ATTRIBUTES - signers);
  marks[at + SCRIPT] = reader.offset - base;
  const scriptAt = reader.offset;
  if (reader.skipVarBytes('script', MAX_SCRIPT_SIZE, true) === 0) {
    reader.fail('script', 'value', 'a transaction has a script', scriptAt);
  }
  marks[at + WITNESSES] = reader.offset - base;
  skipWitnesses(reader, signers);
}

/** What stands before the signers. */
function skipFixedFields(reader: ByteReader): void {
  const { bytes, offset: start } = reader;
  const isWhole = reader.remaining >= SIGNERS_AT;
  if (isWhole && bytes[start] === 0 && areSmall(bytes, start)) reader.offset = start + SIGNERS_AT;
  else skipFieldByField(reader);
}

/** Whether both fees are so small that nothing can be wrong with them: by their upper halves, so that no bigint is made. */
function areSmall(bytes: Uint8Array, start: number): boolean {
  return (
    u32At(bytes, start + SYSTEM_FEE_AT + 4) <= SAFE_UPPER_HALF &&
    u32At(bytes, start + NETWORK_FEE_AT + 4) <= SAFE_UPPER_HALF
  );
}

/** For a transaction that is cut off, of another version or with fees that hardly anybody can pay: fails in the field that is wrong. */
function skipFieldByField(reader: ByteReader): void {
  const version = reader.u8('version');
  if (version !== 0) reader.fail('version', 'value', `${version}, but there is only 0`, reader.offset - 1);
  reader.skip(4, 'nonce');
  const systemFee = readFee(reader, 'systemFee');
  const networkFee = readFee(reader, 'networkFee');
  const sum = systemFee + networkFee;
  if (sum > MAX_FEE) {
    reader.fail('networkFee', 'value', `with the system fee it makes ${sum}, over 63 bits`, reader.offset - 8);
  }
  reader.skip(4, 'validUntilBlock');
}

function readFee(reader: ByteReader, field: string): bigint {
  const fee = reader.i64(field);
  if (fee < 0n) reader.fail(field, 'value', 'it is negative', reader.offset - 8);
  return fee;
}

/** At least one signer, none of them twice; returns how many. */
function skipSigners(reader: ByteReader): number {
  const start = reader.offset;
  const count = reader.count('signers', MAX_SIGNERS, MIN_SIGNER_SIZE, true);
  if (count === 0) reader.fail('signers', 'value', 'a transaction has at least one', start);
  const accounts: string[] = [];
  reader.enter('signers');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    const at = reader.offset;
    skipSigner(reader);
    if (count === 1) break; // Nearly every transaction: nothing to compare with.
    const account = latin1(reader.bytes, at, at + UInt160.SIZE);
    if (accounts.includes(account)) reader.fail('account', 'value', 'it signs twice', at);
    accounts.push(account);
  }
  reader.leave();
  return count;
}

/** Attributes, of which only Conflicts may stand there more than once. */
function skipAttributes(reader: ByteReader, max: number): void {
  const count = reader.count('attributes', max, MIN_ATTRIBUTE_SIZE, true);
  if (count === 0) return;
  const types: number[] = [];
  reader.enter('attributes');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    const at = reader.offset;
    const type = skipAttribute(reader);
    if (type === AttributeType.Conflicts) continue;
    if (types.includes(type)) reader.fail('type', 'value', 'this attribute may not stand there twice', at);
    types.push(type);
  }
  reader.leave();
}

/** As many witnesses as signers. No hash covers them, so their count and lengths may be in any form. */
function skipWitnesses(reader: ByteReader, signers: number): void {
  const start = reader.offset;
  const count = skipArray(reader, 'witnesses', MAX_SIGNERS, MIN_WITNESS_SIZE, skipWitness, false);
  if (count !== signers) reader.fail('witnesses', 'value', `${count} witnesses for ${signers} signers`, start);
}
