import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Digest } from '../primitives/hashing.js';
import { latin1 } from '../primitives/latin1.js';
import { KEY_SIZE } from './standard-script.js';

/**
 * Keys kept unless said otherwise: every network has 7 validators or fewer at a time, and 21 candidates to replace them, so
 * this holds those of several networks.
 */
const DEFAULT_CAPACITY = 128;

/** What stands before a compressed point in the DER form of a P-256 public key (SubjectPublicKeyInfo, RFC 5480). */
const DER_PREFIX = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');

/**
 * The keys of validators, made ready for checking signatures. That takes longer than the check itself, and the same few
 * keys sign every header, so the newest are kept.
 *
 * @publicApi
 */
export class PublicKeys {
  /** In the order in which they came; undefined for what is no point of the curve, so that it is tried but once. */
  readonly #keys = new Map<Digest, KeyObject | undefined>();
  readonly #capacity: number;

  /** @param capacity most keys kept; for one more the oldest goes */
  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  /** How many are kept. */
  get size(): number {
    return this.#keys.size;
  }

  /**
   * Whether a signature (ECDSA on P-256 over the SHA-256 of the data) is that key's. High and low s are both good.
   *
   * @param key a compressed point, 33 bytes; nothing is signed with what is no point of the curve
   * @param signature 64 bytes: r, then s, both big-endian
   */
  verify(key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
    const ready = key.length === KEY_SIZE ? this.#ready(key) : undefined;
    return ready !== undefined && verify('sha256', data, { key: ready, dsaEncoding: 'ieee-p1363' }, signature);
  }

  #ready(key: Uint8Array): KeyObject | undefined {
    const name = latin1(key);
    if (this.#keys.has(name)) return this.#keys.get(name);
    const oldest = this.#keys.size < this.#capacity ? undefined : this.#keys.keys().next().value;
    if (oldest !== undefined) this.#keys.delete(oldest);
    const made = makeKey(key);
    this.#keys.set(name, made);
    return made;
  }
}

function makeKey(point: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([DER_PREFIX, point]), format: 'der', type: 'spki' });
  } catch {
    return undefined; // OpenSSL's errors differ from version to version, and all mean: not a point of the curve
  }
}
