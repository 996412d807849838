import * as codec from '../common/witness-codec.js';
import type { Witness } from '../common/witness.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import { MAX_WITNESS_SCRIPT_SIZE } from './limits.js';

export { MIN_WITNESS_SIZE, witnessSize, witnessToJSON, writeWitness } from '../common/witness-codec.js';

const BOUNDS: codec.WitnessBounds = Object.freeze({
  invocation: MAX_WITNESS_SCRIPT_SIZE,
  verification: MAX_WITNESS_SCRIPT_SIZE,
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
 * Steps over the one witness of a header or consensus payload and the count before it, a byte, which must be 1.
 *
 * @internal
 */
export function skipSingleWitness(reader: ByteReader): void {
  const countAt = reader.offset;
  codec.skipOnlyWitness(reader, BOUNDS, reader.u8('witnessCount'), countAt);
}
