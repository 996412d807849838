import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { DecodeError, type DecodeProblem } from '../primitives/decode.error.js';
import type { TransactionData } from './transaction-data.js';

/**
 * How the data of one kind of transaction is checked, read, written and printed.
 *
 * @internal
 */
export interface TransactionDataCodec<D extends TransactionData> {
  /** Versions above this are refused. */
  readonly maxVersion: number;
  /** Steps over the data and checks all that {@link read} would. */
  skip(reader: ByteReader, version: number): void;
  read(reader: ByteReader, version: number): D;
  write(writer: ByteWriter, data: D, version: number): void;
  toJSON(data: D): object;
}

/** Bytes after the prefix of a compressed point. */
const POINT_X_SIZE = 32;

/**
 * A curve point in one of its canonical forms: compressed, or one zero byte for infinity. The C# node also reads the
 * uncompressed forms (04, 06, 07), but hashes the compressed one, so that these would have two hashes. Whether the point
 * lies on the curve is not checked.
 *
 * @internal
 */
export function readPoint(reader: ByteReader, field: string): Uint8Array {
  const start = reader.offset;
  const prefix = reader.u8(field);
  if (prefix > 3 || prefix === 1) reader.fail(field, 'value', `a point does not begin with ${prefix}`, start);
  const size = prefix === 0 ? 0 : POINT_X_SIZE;
  if (size > reader.remaining) reader.fail(field, 'truncated', `${size} bytes wanted, ${reader.remaining} left`, start);
  reader.skip(size, field);
  return reader.bytes.subarray(start, reader.offset);
}

/** @internal */
export function writePoint(writer: ByteWriter, point: Uint8Array, field: string): void {
  const size = point[0] === 0 ? 1 : 1 + POINT_X_SIZE;
  if (point.length !== size) refuse(field, 'value', `a point of ${point.length} bytes`);
  writer.bytes(point);
}

/** Refuses a field that was to be encoded. @internal */
export function refuse(field: string, problem: DecodeProblem, detail: string): never {
  throw new DecodeError({ command: 'transaction', field, offset: 0, problem, detail });
}
