import { toAddress } from '../common/address.js';
import {
  consensusQuorum,
  KEY_SIZE,
  scriptHash,
  SIGNATURE_SIZE,
  StandardScripts,
  type StandardScript,
} from '../common/standard-script.js';
import type { UInt160 } from '../primitives/uint160.js';

export { scriptHash, type StandardScript } from '../common/standard-script.js';

/**
 * The byte in front of an address's script hash. The same on every network.
 *
 * @publicApi
 */
export const N3_ADDRESS_VERSION = 0x35;

/** Most keys of a standard script: the largest number that the push of one byte can name, which is signed. */
export const MAX_SCRIPT_KEYS = 127;

/** The opcode that pushes 0; the numbers 1 to 16 follow from 0x11 on. */
const PUSH_NUMBER = 0x10;

/** Largest number with an opcode of its own. */
const LARGEST_OPCODE_NUMBER = 16;

/** The opcode that pushes the signed byte behind it. */
const PUSH_BYTE = 0x00;

/** Opcodes of the N3 virtual machine: PUSHDATA1 and a length, or SYSCALL and what it calls. */
const scripts = new StandardScripts({
  pushKey: Uint8Array.of(0x0c, KEY_SIZE),
  pushSignature: Uint8Array.of(0x0c, SIGNATURE_SIZE),
  pushNumber: (value) =>
    value <= LARGEST_OPCODE_NUMBER ? Uint8Array.of(PUSH_NUMBER + value) : Uint8Array.of(PUSH_BYTE, value),
  checkSignature: Uint8Array.of(0x41, 0x56, 0xe7, 0xb3, 0x27), // System.Crypto.CheckSig
  checkMultisignature: Uint8Array.of(0x41, 0x9e, 0xd0, 0xdc, 0x3a), // System.Crypto.CheckMultisig
  maxKeys: MAX_SCRIPT_KEYS,
});

/**
 * The address text of a script hash.
 *
 * @publicApi
 */
export function n3Address(account: UInt160): string {
  return toAddress(account, N3_ADDRESS_VERSION);
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
 * @param keys 1 to 127 compressed points, 33 bytes each
 * @throws DecodeError naming `required` or `keys`
 *
 * @publicApi
 */
export function multisignatureScript(required: number, keys: readonly Uint8Array[]): Uint8Array {
  return scripts.multisignatureScript(required, keys);
}

/**
 * The account in whose name these validators sign blocks: the script that wants the signatures of more than two thirds
 * of them.
 *
 * @param validators 1 to 127 compressed points, 33 bytes each
 * @throws DecodeError naming `keys`
 *
 * @publicApi
 */
export function consensusAddress(validators: readonly Uint8Array[]): UInt160 {
  return scriptHash(multisignatureScript(consensusQuorum(validators.length), validators));
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
