import { decodeBase58Check, encodeBase58Check } from '../primitives/base58check.js';
import { DecodeError } from '../primitives/decode.error.js';
import { UInt160 } from '../primitives/uint160.js';

/**
 * The address text that stands for a script hash.
 *
 * @param version the byte in front, which a network's addresses share: 0x17 in NEO 2.x (MainNet and TestNet alike)
 *
 * @publicApi
 */
export function toAddress(scriptHash: UInt160, version: number): string {
  return encodeBase58Check(Uint8Array.of(version, ...scriptHash.bytes));
}

/**
 * The script hash that an address text stands for.
 *
 * @param version the byte that must be in front
 * @throws DecodeError naming `text`, `checksum`, `size` or `version`
 *
 * @publicApi
 */
export function fromAddress(address: string, version: number): UInt160 {
  const bytes = decodeBase58Check(address);
  if (bytes.length !== 1 + UInt160.SIZE) {
    refuse(
      'size',
      bytes.length < 1 + UInt160.SIZE ? 'truncated' : 'limit',
      `${bytes.length} bytes, not ${1 + UInt160.SIZE}`,
    );
  }
  if (bytes[0] !== version) refuse('version', 'value', `version byte ${bytes[0]}, not ${version}`);
  return UInt160.fromBytes(bytes, 1);
}

function refuse(field: string, problem: 'truncated' | 'limit' | 'value', detail: string): never {
  throw new DecodeError({ command: 'address', field, offset: 0, problem, detail });
}
