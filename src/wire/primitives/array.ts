import type { ByteReader } from './byte-reader.js';

/**
 * Steps over an array and checks each item, which errors name by its index.
 *
 * @param max most items
 * @param itemSize the smallest size of one item, in bytes
 * @param canonical whether the count must be in its shortest form, because it is inside something hashed
 * @returns how many there are
 *
 * @internal
 */
export function skipArray(
  reader: ByteReader,
  field: string,
  max: number,
  itemSize: number,
  skipItem: (reader: ByteReader) => unknown,
  canonical: boolean,
): number {
  const count = reader.count(field, max, itemSize, canonical);
  if (count === 0) return 0;
  reader.enter(field);
  for (let i = 0; i < count; i++) {
    reader.at(i);
    skipItem(reader);
  }
  reader.leave();
  return count;
}

/**
 * Reads an array whose layout was checked before.
 *
 * @internal
 */
export function readArray<T>(reader: ByteReader, readItem: (reader: ByteReader) => T): readonly T[] {
  return Array.from({ length: reader.varint('count') }, () => readItem(reader));
}
