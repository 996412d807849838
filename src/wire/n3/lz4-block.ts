import { u16At } from '../primitives/little-endian.js';

/** The value of a length's four bits that says: more bytes follow. */
const LONG = 15;

/** A byte of a long length that says: one more follows. */
const CONTINUED = 255;

/** Bytes that the shortest match copies. */
const MIN_MATCH = 4;

/**
 * Checks an LZ4 block without decompressing it, which takes no memory whatever it claims.
 *
 * @param start where the block begins in `bytes`; it ends with them
 * @param limit most bytes that it may become
 * @returns how many bytes it becomes; undefined when it isn't well-formed, or becomes more than `limit`
 */
export function decompressedSize(bytes: Uint8Array, start: number, limit: number): number | undefined {
  const end = bytes.length;
  let at = start;
  let produced = 0;
  while (at < end) {
    const token = bytes[at]!;
    at += 1;
    let literals = token >>> 4;
    if (literals === LONG) {
      const first = at;
      at = endOfLength(bytes, at);
      literals += longPart(bytes, first, at);
    }
    at += literals;
    produced += literals;
    if (at >= end) return at === end && produced <= limit ? produced : undefined; // the last sequence has no match
    const offset = u16At(bytes, at);
    at += 2;
    if (at > end || offset === 0 || offset > produced) return undefined;
    let match = token & 0x0f;
    if (match === LONG) {
      const first = at;
      at = endOfLength(bytes, at);
      match += longPart(bytes, first, at);
    }
    produced += match + MIN_MATCH;
    if (produced > limit) return undefined;
  }
  return undefined; // it has no token, or ends right after a match
}

/** Behind the bytes that continue a length whose four bits are all set. A missing byte counts as the last. */
function endOfLength(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === CONTINUED) at += 1;
  return at + 1;
}

/** What those bytes add to it. */
function longPart(bytes: Uint8Array, start: number, end: number): number {
  return (end - 1 - start) * CONTINUED + (bytes[end - 1] ?? 0);
}
