/**
 * The hashing that a row can't avoid, by the fastest chained form that node:crypto has. Views of what is hashed are made
 * beforehand: no implementation in JavaScript does less.
 */
import { hash } from 'node:crypto';

const scratch = Buffer.allocUnsafeSlow(32);
const pair = Buffer.allocUnsafeSlow(64);

/** SHA-256 of bytes, as latin1 text. */
export function once(bytes) {
  return hash('sha256', bytes, 'binary');
}

/** SHA-256 of SHA-256. */
export function twice(bytes) {
  scratch.latin1Write(hash('sha256', bytes, 'binary'), 0, 32);
  return hash('sha256', scratch, 'binary');
}

/** The root of a Merkle tree, level by level; an odd last node is paired with itself. */
export function merkleRoot(digests) {
  const level = digests.slice();
  while (level.length > 1) {
    const parents = (level.length + 1) >> 1;
    for (let i = 0; i < parents; i++) {
      const left = level[2 * i];
      pair.latin1Write(left, 0, 32);
      pair.latin1Write(level[2 * i + 1] ?? left, 32, 32);
      level[i] = twice(pair);
    }
    level.length = parents;
  }
  return level[0];
}
