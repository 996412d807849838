import * as codec from '../common/witness-codec.js';
import type { Witness } from '../common/witness.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import { MAX_INVOCATION_SCRIPT_SIZE, MAX_VERIFICATION_SCRIPT_SIZE } from './limits.js';

export { MIN_WITNESS_SIZE, witnessSize, witnessToJSON, writeWitness } from '../common/witness-codec.js';

const BOUNDS: codec.WitnessBounds = Object.freeze({
  invocation: MAX_INVOCATION_SCRIPT_SIZE,
  verification: MAX_VERIFICATION_SCRIPT_SIZE,
});

/** Steps over a witness. @internal */
export function skipWitness(reader: ByteReader): void {
  codec.skipWitness(reader, BOUNDS);
}

/** @internal */
export function readWitness(reader: ByteReader): Witness {
  return codec.readWitness(reader, BOUNDS);
}

/**
 * Steps over the one witness of an extensible payload and the count before it, a byte, which must be 1.
 *
 * @internal
 */
export function skipSingleWitness(reader: ByteReader): void {
  const countAt = reader.offset;
  codec.skipOnlyWitness(reader, BOUNDS, reader.u8('witnessCount'), countAt);
}

/**
 * The same for a header, whose list of witnesses is an array like any other: its count is a varint, of any form since no
 * hash covers it.
 *
 * @internal
 */
export function skipHeaderWitness(reader: ByteReader): void {
  const countAt = reader.offset;
  codec.skipOnlyWitness(reader, BOUNDS, reader.varint('witnessCount'), countAt);
}

/** The witness of a header that was checked. The reader stands at the count. @internal */
export function readHeaderWitness(reader: ByteReader): Witness {
  reader.varint('witnessCount');
  return readWitness(reader);
}
