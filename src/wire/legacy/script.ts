import { toAddress } from '../common/address.js';
import { StandardScripts, type StandardScript } from '../common/standard-script.js';
import type { UInt160 } from '../primitives/uint160.js';

export { scriptHash, type StandardScript } from '../common/standard-script.js';

/**
 * The byte in front of an address's script hash. The same on MainNet, TestNet and private networks.
 *
 * @publicApi
 */
export const LEGACY_ADDRESS_VERSION = 0x17;

/** Most keys of a standard script: the largest number that one push opcode can name. */
export const MAX_SCRIPT_KEYS = 16;

/** The opcode that pushes 0; the numbers 1 to 16 follow from 0x51 on. */
const PUSH_NUMBER = 0x50;

/** Opcodes of the NEO 2.x virtual machine: PUSHBYTES33, PUSHBYTES64, CHECKSIG, CHECKMULTISIG. */
const scripts = new StandardScripts({
  pushKey: Uint8Array.of(0x21),
  pushSignature: Uint8Array.of(0x40),
  pushNumber: (value) => Uint8Array.of(PUSH_NUMBER + value),
  checkSignature: Uint8Array.of(0xac),
  checkMultisignature: Uint8Array.of(0xae),
  maxKeys: MAX_SCRIPT_KEYS,
});

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
  return scripts.signatureScript(key);
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
  return scripts.multisignatureScript(required, keys);
}

/**
 * What a verification script demands, or `undefined` when it is not of the standard kind: any other script may stand
 * in a transaction too. Doesn't check that the keys are in order, or points of the curve.
 *
 * @publicApi
 */
export function parseVerificationScript(script: Uint8Array): StandardScript | undefined {
  return scripts.parseVerificationScript(script);
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
  return scripts.invocationScript(signatures);
}

/**
 * The signatures that an invocation script pushes, or `undefined` when it does anything else.
 *
 * @publicApi
 */
export function parseInvocationScript(script: Uint8Array): readonly Uint8Array[] | undefined {
  return scripts.parseInvocationScript(script);
}
