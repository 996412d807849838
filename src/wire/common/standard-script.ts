import { ECDH } from 'node:crypto';
import { DecodeError } from '../primitives/decode.error.js';
import { hash160 } from '../primitives/hashing.js';
import { UInt160 } from '../primitives/uint160.js';

/** Bytes of a compressed point of the curve: which of its two Y it is, and X. */
export const KEY_SIZE = 33;

/** Bytes of a signature: r, then s, both big-endian. */
export const SIGNATURE_SIZE = 64;

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
 * The instructions of a virtual machine that its standard scripts are made of.
 *
 * @internal
 */
export interface ScriptInstructions {
  /** What pushes the 33 bytes behind it. */
  readonly pushKey: Uint8Array;
  /** What pushes the 64 bytes behind it. */
  readonly pushSignature: Uint8Array;
  /** What pushes a number from 1 to {@link maxKeys}; each has a first byte that says how long it is. */
  readonly pushNumber: (value: number) => Uint8Array;
  readonly checkSignature: Uint8Array;
  readonly checkMultisignature: Uint8Array;
  /** Most keys of one script. */
  readonly maxKeys: number;
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
 * How many of that many validators must sign a block: more than two thirds of them.
 *
 * @internal
 */
export function consensusQuorum(validators: number): number {
  return validators - Math.floor((validators - 1) / 3);
}

/**
 * The standard scripts of one virtual machine, both ways.
 *
 * @internal
 */
export class StandardScripts {
  readonly #instructions: ScriptInstructions;
  /** What pushes each number, at its place. */
  readonly #numbers: readonly Uint8Array[];

  constructor(instructions: ScriptInstructions) {
    this.#instructions = instructions;
    this.#numbers = Array.from({ length: instructions.maxKeys + 1 }, (_, value) =>
      value === 0 ? new Uint8Array(0) : instructions.pushNumber(value),
    );
  }

  /** @throws DecodeError naming `keys` */
  signatureScript(key: Uint8Array): Uint8Array {
    checkKey(key);
    const { pushKey, checkSignature } = this.#instructions;
    return Uint8Array.of(...pushKey, ...key, ...checkSignature);
  }

  /** @throws DecodeError naming `required` or `keys` */
  multisignatureScript(required: number, keys: readonly Uint8Array[]): Uint8Array {
    const { pushKey, checkMultisignature, maxKeys } = this.#instructions;
    if (keys.length < 1 || keys.length > maxKeys) refuse('keys', 'limit', `${keys.length} keys, not 1 to ${maxKeys}`);
    if (!Number.isInteger(required) || required < 1 || required > keys.length) {
      refuse('required', 'value', `${required} signatures out of ${keys.length}`);
    }
    keys.forEach(checkKey);
    const pushes = keys.toSorted(compareKeys).flatMap((key) => [...pushKey, ...key]);
    const [first, last] = [this.#numbers[required]!, this.#numbers[keys.length]!];
    return Uint8Array.of(...first, ...pushes, ...last, ...checkMultisignature);
  }

  /** What a verification script demands, or `undefined` when it is not of the standard kind. */
  parseVerificationScript(script: Uint8Array): StandardScript | undefined {
    const { pushKey, checkSignature, checkMultisignature } = this.#instructions;
    if (endsWith(script, checkSignature)) {
      const keys = readPushes(script.subarray(0, script.length - checkSignature.length), pushKey, KEY_SIZE);
      if (keys?.length === 1) return { kind: 'signature', required: 1, keys };
    }
    if (!endsWith(script, checkMultisignature)) return undefined;
    return this.#parsePushes(script.subarray(0, script.length - checkMultisignature.length));
  }

  /** @throws DecodeError naming `signatures` */
  invocationScript(signatures: readonly Uint8Array[]): Uint8Array {
    for (const { length } of signatures) {
      if (length !== SIGNATURE_SIZE) refuse('signatures', 'value', `${length} bytes, not ${SIGNATURE_SIZE}`);
    }
    const { pushSignature } = this.#instructions;
    return Uint8Array.from(signatures.flatMap((signature) => [...pushSignature, ...signature]));
  }

  /** The signatures that an invocation script pushes, or `undefined` when it does anything else. */
  parseInvocationScript(script: Uint8Array): readonly Uint8Array[] | undefined {
    return readPushes(script, this.#instructions.pushSignature, SIGNATURE_SIZE);
  }

  /** The part of a multi-signature script before its last instruction: a number, keys, how many keys. */
  #parsePushes(script: Uint8Array): StandardScript | undefined {
    const required = this.#numbers.findIndex((number, value) => value > 0 && startsWith(script, number));
    if (required < 1) return undefined;
    const pushes = script.subarray(this.#numbers[required]!.length);
    const itemSize = this.#instructions.pushKey.length + KEY_SIZE;
    const count = Math.floor(pushes.length / itemSize);
    const last = this.#numbers[count];
    if (count < required || last === undefined || !equal(pushes.subarray(count * itemSize), last)) return undefined;
    const keys = readPushes(pushes.subarray(0, count * itemSize), this.#instructions.pushKey, KEY_SIZE);
    return keys === undefined ? undefined : { kind: 'multisignature', required, keys };
  }
}

/** Cuts `script` into pushes of `size` bytes each, if it is nothing else. */
function readPushes(script: Uint8Array, push: Uint8Array, size: number): Uint8Array[] | undefined {
  const itemSize = push.length + size;
  if (script.length % itemSize !== 0) return undefined;
  const items: Uint8Array[] = [];
  for (let at = 0; at < script.length; at += itemSize) {
    if (!startsWith(script.subarray(at), push)) return undefined;
    items.push(script.subarray(at + push.length, at + itemSize));
  }
  return items;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return equal(bytes.subarray(0, start.length), start);
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return bytes.length >= end.length && equal(bytes.subarray(bytes.length - end.length), end);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
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
