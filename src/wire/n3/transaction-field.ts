import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError } from '../primitives/decode.error.js';

/** A compressed curve point in bytes: a prefix of 2 or 3, and x. */
export const POINT_SIZE = 33;

/**
 * Steps over a public key: a compressed point of secp256r1. Both nodes also read the uncompressed form (04), but hash the
 * compressed one, so that what holds it would have two hashes: it is refused as non-canonical. Infinity (00) they refuse
 * too. Whether the point lies on the curve is not checked.
 *
 * @internal
 */
export function skipPoint(reader: ByteReader, field: string): void {
  const start = reader.offset;
  reader.skip(POINT_SIZE, field);
  const prefix = reader.bytes[start];
  if (prefix !== 2 && prefix !== 3) {
    reader.fail(field, 'value', `a compressed point does not begin with ${prefix}`, start);
  }
}

/** A public key that was stepped over before. @internal */
export function readPoint(reader: ByteReader, field: string): Uint8Array {
  return reader.take(POINT_SIZE, field);
}

/** @internal */
export function writePoint(writer: ByteWriter, point: Uint8Array, field: string): void {
  if (point.length !== POINT_SIZE) refuse(field, `a compressed point of ${point.length} bytes`);
  writer.bytes(point);
}

/** Refuses a field that was to be encoded. @internal */
export function refuse(field: string, detail: string): never {
  throw new DecodeError({ command: 'transaction', field, offset: 0, problem: 'value', detail });
}
