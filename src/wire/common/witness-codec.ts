import type { ByteReader } from '../primitives/byte-reader.js';
import { varBytesSize, type ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import type { Witness } from './witness.js';

/** Smallest witness: two empty scripts. */
export const MIN_WITNESS_SIZE = 2;

/**
 * How long the scripts of a dialect's witnesses may be, in bytes.
 *
 * @internal
 */
export interface WitnessBounds {
  readonly invocation: number;
  readonly verification: number;
}

/**
 * Steps over a witness. Its lengths may be in any form, for no hash covers a witness.
 *
 * @internal
 */
export function skipWitness(reader: ByteReader, bounds: WitnessBounds): void {
  reader.skipVarBytes('invocation', bounds.invocation);
  reader.skipVarBytes('verification', bounds.verification);
}

/** @internal */
export function readWitness(reader: ByteReader, bounds: WitnessBounds): Witness {
  return {
    invocation: reader.varBytes('invocation', bounds.invocation),
    verification: reader.varBytes('verification', bounds.verification),
  };
}

/**
 * Steps over the one witness of a thing that has no more, behind the count that was just read and must be 1.
 *
 * @param countAt where the count begins
 *
 * @internal
 */
export function skipOnlyWitness(reader: ByteReader, bounds: WitnessBounds, count: number, countAt: number): void {
  if (count !== 1) reader.fail('witnessCount', 'value', `${count} witnesses where there must be 1`, countAt);
  reader.skipVarBytes('witness.invocation', bounds.invocation);
  reader.skipVarBytes('witness.verification', bounds.verification);
}

/** Bytes of a witness on the wire. @internal */
export function witnessSize({ invocation, verification }: Witness): number {
  return varBytesSize(invocation) + varBytesSize(verification);
}

/** @internal */
export function writeWitness(writer: ByteWriter, witness: Witness): void {
  writer.varBytes(witness.invocation).varBytes(witness.verification);
}

/** Both scripts as hex. @internal */
export function witnessToJSON(witness: Witness): { invocation: string; verification: string } {
  return { invocation: toHex(witness.invocation), verification: toHex(witness.verification) };
}
