import { ECDH } from 'node:crypto';
import { toAddress } from '../common/address.js';
import { DecodeError } from '../primitives/decode.error.js';
import { hash160 } from '../primitives/hashing.js';
import { UInt160 } from '../primitives/uint160.js';

/**
 * The byte in front of an address's script hash. The same on MainNet, TestNet and private networks.
 *
 * @publicApi
 */
export const LEGACY_ADDRESS_VERSION = 0x17;

/** Most keys of a standard script: the largest number that one push opcode can name. */
export const MAX_SCRIPT_KEYS = 16;

const KEY_SIZE = 33;
const SIGNATURE_SIZE = 64;

/** Opcodes of the NEO 2.x virtual machine that standard scripts are made of. */
const PUSH_33_BYTES = 0x21;
const PUSH_64_BYTES = 0x40;
const PUSH_NUMBER = 0x50;
const CHECK_SIGNATURE = 0xac;
const CHECK_MULTISIGNATURE = 0xae;

/**
 * What a verification script of the standard kind demands: `required` signatures out of those the `keys` can make.
 * With `kind` `signature` there is one key and one signature.
 *
 * @publicApi
 */
export interface StandardScript {
  readonly kind: 'signature' | 'multisignature';
  readonly required: number;
  /** Compressed points of 33 bytes, in the order of the script. */
  readonly keys: readonly Uint8Array[];
}

/**
 * The account that a verification script stands for.
 *
 * @publicApi
 */
export function scriptHash(verification: Uint8Array): UInt160 {
  return UInt160.fromDigest(hash160(verification));
}

/**
 * The address text of a script hash.
 *
 * @publicApi
 */
export function legacyAddress(account: UInt160): string {
  return toAddress(account, LEGACY_ADDRESS_VERSION);
}

/**
 * The verification script that one key's signature satisfies.
 *
 * @param key a compressed point, 33 bytes
 * @throws DecodeError when it is not
 *
 * @publicApi
 */
export function signatureScript(key: Uint8Array): Uint8Array {
  checkKey(key);
  return Uint8Array.of(PUSH_33_BYTES, ...key, CHECK_SIGNATURE);
}

/**
 * The verification script that the signatures of any `required` of these keys satisfy. The keys are sorted, so their
 * order makes no difference.
 *
 * @param keys 1 to 16 compressed points, 33 bytes each
 * @throws DecodeError naming `required` or `keys`
 *
 * @publicApi
 */
export function multisignatureScript(required: number, keys: readonly Uint8Array[]): Uint8Array {
  if (keys.length < 1 || keys.length > MAX_SCRIPT_KEYS)
    refuse('keys', 'limit', `${keys.length} keys, not 1 to ${MAX_SCRIPT_KEYS}`);
  if (!Number.isInteger(required) || required < 1 || required > keys.length) {
    refuse('required', 'value', `${required} signatures out of ${keys.length}`);
  }
  keys.forEach(checkKey);
  const pushes = keys.toSorted(compareKeys).flatMap((key) => [PUSH_33_BYTES, ...key]);
  return Uint8Array.of(PUSH_NUMBER + required, ...pushes, PUSH_NUMBER + keys.length, CHECK_MULTISIGNATURE);
}

/**
 * What a verification script demands, or `undefined` when it is not of the standard kind: any other script may stand
 * in a transaction too. Doesn't check that the keys are in order, or points of the curve.
 *
 * @publicApi
 */
export function parseVerificationScript(script: Uint8Array): StandardScript | undefined {
  const last = script[script.length - 1];
  if (last === CHECK_SIGNATURE && script.length === KEY_SIZE + 2 && script[0] === PUSH_33_BYTES) {
    return { kind: 'signature', required: 1, keys: [script.subarray(1, 1 + KEY_SIZE)] };
  }
  if (last !== CHECK_MULTISIGNATURE || script.length < 3) return undefined;
  const required = script[0]! - PUSH_NUMBER;
  const count = script[script.length - 2]! - PUSH_NUMBER;
  if (required < 1 || required > count || count > MAX_SCRIPT_KEYS) return undefined;
  const keys = readPushes(script.subarray(1, script.length - 2), PUSH_33_BYTES, KEY_SIZE);
  return keys?.length === count ? { kind: 'multisignature', required, keys } : undefined;
}

/**
 * The invocation script that pushes these signatures.
 *
 * @param signatures 64 bytes each (r, then s, both big-endian), in the order of their keys
 * @throws DecodeError naming `signatures`
 *
 * @publicApi
 */
export function invocationScript(signatures: readonly Uint8Array[]): Uint8Array {
  for (const signature of signatures) {
    if (signature.length !== SIGNATURE_SIZE)
      refuse('signatures', 'value', `${signature.length} bytes, not ${SIGNATURE_SIZE}`);
  }
  return Uint8Array.from(signatures.flatMap((signature) => [PUSH_64_BYTES, ...signature]));
}

/**
 * The signatures that an invocation script pushes, or `undefined` when it does anything else.
 *
 * @publicApi
 */
export function parseInvocationScript(script: Uint8Array): readonly Uint8Array[] | undefined {
  return readPushes(script, PUSH_64_BYTES, SIGNATURE_SIZE);
}

/** Cuts `script` into pushes of `size` bytes each, if it is nothing else. */
function readPushes(script: Uint8Array, opcode: number, size: number): Uint8Array[] | undefined {
  if (script.length % (size + 1) !== 0) return undefined;
  const items: Uint8Array[] = [];
  for (let at = 0; at < script.length; at += size + 1) {
    if (script[at] !== opcode) return undefined;
    items.push(script.subarray(at + 1, at + 1 + size));
  }
  return items;
}

/** By X, then by Y. Equal X with another prefix means a key and its negative: only then is Y worked out. */
function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const byX = Buffer.compare(a.subarray(1), b.subarray(1));
  return byX !== 0 || a[0] === b[0] ? byX : Buffer.compare(uncompressed(a), uncompressed(b));
}

function uncompressed(key: Uint8Array): Uint8Array {
  return ECDH.convertKey(key, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer;
}

function checkKey(key: Uint8Array): void {
  if (key.length !== KEY_SIZE || (key[0] !== 2 && key[0] !== 3)) {
    refuse('keys', 'value', `a compressed point has ${KEY_SIZE} bytes and begins with 2 or 3`);
  }
}

function refuse(field: string, problem: 'value' | 'limit', detail: string): never {
  throw new DecodeError({ command: 'script', field, offset: 0, problem, detail });
}
