import type { ByteReader } from '../primitives/byte-reader.js';
import { ANY_COUNT } from './limits.js';

/** Reads the count of a request: i16, "as many as allowed" or 1 to `max`. */
export function readCount(reader: ByteReader, max: number): number {
  const start = reader.offset;
  const count = reader.i16('count');
  if (count < 1 && count !== ANY_COUNT) reader.fail('count', 'value', `${count} is neither -1 nor over 0`, start);
  if (count > max) reader.fail('count', 'limit', `${count} is over the limit of ${max}`, start);
  return count;
}

/** How many items a count asks for where an answer may have at most `max`. */
export function countedItems(count: number, max: number): number {
  return count === ANY_COUNT ? max : Math.min(count, max);
}
