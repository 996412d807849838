import { DecodeError } from './decode.error.js';
import { hash256 } from './hashing.js';

/** The digits, without those that look alike (0 O I l). */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const ZERO = ALPHABET.charAt(0);
const CHECKSUM_SIZE = 4;

/** Longest text that is looked at: the work grows with its square, and the longest thing written so (a key) has 58. */
const MAX_TEXT_LENGTH = 128;

/** The bytes and the first four of their double SHA-256, in base 58: how addresses are written. */
export function encodeBase58Check(bytes: Uint8Array): string {
  const checked = Buffer.concat([bytes, checksumOf(bytes)]);
  const zeros = checked.findIndex((byte) => byte !== 0);
  let number = BigInt(`0x${checked.toString('hex')}`);
  let text = '';
  while (number > 0n) {
    text = ALPHABET.charAt(Number(number % 58n)) + text;
    number /= 58n;
  }
  return ZERO.repeat(Math.max(zeros, 0)) + text;
}

/**
 * The bytes of such a text, without the checksum.
 *
 * @throws DecodeError naming `text` (not base 58, or of the wrong size) or `checksum`
 */
export function decodeBase58Check(text: string): Uint8Array {
  if (text.length > MAX_TEXT_LENGTH)
    refuse('text', 'limit', `${text.length} characters, at most ${MAX_TEXT_LENGTH}`, 0);
  let number = 0n;
  for (let i = 0; i < text.length; i++) {
    const digit = ALPHABET.indexOf(text.charAt(i));
    if (digit < 0) refuse('text', 'value', `${JSON.stringify(text.charAt(i))} is not a base-58 digit`, i);
    number = number * 58n + BigInt(digit);
  }
  let zeros = 0;
  while (text.charAt(zeros) === ZERO) zeros++;
  const hex = number === 0n ? '' : number.toString(16);
  const checked = Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
  const size = checked.length - CHECKSUM_SIZE;
  if (size < 0) refuse('text', 'truncated', `${checked.length} bytes don't hold a checksum`, 0);
  const bytes = checked.subarray(0, size);
  if (!checksumOf(bytes).equals(checked.subarray(size)))
    refuse('checksum', 'checksum', 'is not that of the bytes', size);
  return bytes;
}

function checksumOf(bytes: Uint8Array): Buffer {
  return Buffer.from(hash256(bytes).slice(0, CHECKSUM_SIZE), 'latin1');
}

function refuse(
  field: string,
  problem: 'value' | 'limit' | 'truncated' | 'checksum',
  detail: string,
  offset: number,
): never {
  throw new DecodeError({ command: 'base58check', field, offset, problem, detail });
}
