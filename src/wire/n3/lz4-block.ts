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
    const literals = lengthOf(token >>> 4, bytes, at);
    at += extraBytes(literals) + literals;
    produced += literals;
    if (at >= end) return at === end && produced <= limit ? produced : undefined; // the last sequence has no match
    const offset = u16At(bytes, at);
    at += 2;
    if (at > end || offset === 0 || offset > produced) return undefined;
    const match = lengthOf(token & 0x0f, bytes, at);
    at += extraBytes(match);
    produced += match + MIN_MATCH;
    if (produced > limit) return undefined;
  }
  return undefined; // it has no token, or ends right after a match
}

/** The length that four bits begin and, if they are all set, bytes from `at` continue. A missing byte counts as the last. */
function lengthOf(nibble: number, bytes: Uint8Array, at: number): number {
  if (nibble < LONG) return nibble;
  let length = LONG;
  let next = at;
  while (bytes[next] === CONTINUED) {
    length += CONTINUED;
    next += 1;
  }
  return length + (bytes[next] ?? 0);
}

/** How many bytes beyond the four bits such a length took. */
function extraBytes(length: number): number {
  return length < LONG ? 0 : Math.floor((length - LONG) / CONTINUED) + 1;
}
