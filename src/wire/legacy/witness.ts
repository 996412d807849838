import type { Witness } from '../common/witness.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { MAX_WITNESS_SCRIPT_SIZE } from './limits.js';

/** Smallest witness: two empty scripts. */
export const MIN_WITNESS_SIZE = 2;

/**
 * Steps over a witness. Its lengths may be in any form, for no hash covers a witness.
 *
 * @internal
 */
export function skipWitness(reader: ByteReader): void {
  reader.skipVarBytes('invocation', MAX_WITNESS_SCRIPT_SIZE);
  reader.skipVarBytes('verification', MAX_WITNESS_SCRIPT_SIZE);
}

/** @internal */
export function readWitness(reader: ByteReader): Witness {
  return {
    invocation: reader.varBytes('invocation', MAX_WITNESS_SCRIPT_SIZE),
    verification: reader.varBytes('verification', MAX_WITNESS_SCRIPT_SIZE),
  };
}

/**
 * Steps over the one witness of a header or consensus payload and the count before it, which must be 1.
 *
 * @internal
 */
export function skipSingleWitness(reader: ByteReader): void {
  const count = reader.u8('witnessCount');
  if (count !== 1) reader.fail('witnessCount', 'value', `${count} witnesses where there must be 1`, reader.offset - 1);
  reader.enter('witness');
  skipWitness(reader);
  reader.leave();
}

/** @internal */
export function writeWitness(writer: ByteWriter, witness: Witness): void {
  writer.varBytes(witness.invocation).varBytes(witness.verification);
}

/** Both scripts as hex. @internal */
export function witnessToJSON(witness: Witness): { invocation: string; verification: string } {
  return { invocation: toHex(witness.invocation), verification: toHex(witness.verification) };
}
