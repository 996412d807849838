import { hash } from 'node:crypto';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { latin1, writeLatin1 } from './latin1.js';

/**
 * A hash as a string of one character per byte (latin1): the cheapest form a digest can have in JavaScript, and at
 * the same time the key of every map by hash. 32 characters for SHA-256, 20 for RIPEMD-160, in wire order.
 *
 * @internal
 */
export type Digest = string;

/** Holds the first digest while the second is made. Nothing reads it before writing it, so no state can be seen. */
const scratch = Buffer.allocUnsafeSlow(32);

/** Holds two digests side by side while they are hashed into one, under the same rule. */
const pair = Buffer.allocUnsafeSlow(64);

/** SHA-256. */
export function sha256(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'binary');
}

/** SHA-256 of the bytes from `start` to `end`. */
export function sha256Range(bytes: Uint8Array, start: number, end: number): Digest {
  return sha256(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start));
}

/** SHA-256 twice: hashes of headers, transactions and frames' payloads in NEO Legacy. */
export function hash256(bytes: Uint8Array): Digest {
  writeLatin1(scratch, sha256(bytes), 0);
  return sha256(scratch);
}

/** {@link hash256} of the bytes from `start` to `end`. */
export function hash256Range(bytes: Uint8Array, start: number, end: number): Digest {
  writeLatin1(scratch, sha256Range(bytes, start, end), 0);
  return sha256(scratch);
}

/** {@link hash256} of two digests of 32 bytes, one behind the other: a node of a Merkle tree. */
export function hash256Pair(left: Digest, right: Digest): Digest {
  writeLatin1(pair, left, 0);
  writeLatin1(pair, right, 32);
  return hash256(pair);
}

/** RIPEMD-160 of SHA-256: the hash of a script. */
export function hash160(bytes: Uint8Array): Digest {
  writeLatin1(scratch, sha256(bytes), 0);
  return latin1(ripemd160(scratch));
}

/** The first four bytes of {@link hash256}, as the little-endian number that a frame carries. */
export function checksum(payload: Uint8Array): number {
  const digest = hash256(payload);
  return (
    (digest.charCodeAt(0) |
      (digest.charCodeAt(1) << 8) |
      (digest.charCodeAt(2) << 16) |
      (digest.charCodeAt(3) << 24)) >>>
    0
  );
}
