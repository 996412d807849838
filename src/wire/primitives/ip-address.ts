import ipaddr from 'ipaddr.js';
import { DecodeError } from './decode.error.js';
import { u32At } from './little-endian.js';

/** Bytes of an address on the wire, IPv4 included. */
export const IP_ADDRESS_SIZE = 16;

/** `00 00 ff ff`: what stands before the four bytes of a mapped IPv4 address, read as a number. */
const MAPPED_MARK = 0xffff0000;

/** The text of the 16 bytes at `at`: dotted for a mapped IPv4 address, else IPv6 in its shortest form. */
export function mappedIpText(bytes: Uint8Array, at = 0): string {
  if (u32At(bytes, at) === 0 && u32At(bytes, at + 4) === 0 && u32At(bytes, at + 8) === MAPPED_MARK) {
    return dotted(bytes, at + 12);
  }
  return new ipaddr.IPv6(Array.from(bytes.subarray(at, at + IP_ADDRESS_SIZE))).toString();
}

/**
 * The same for bytes of NEO 2.x, where neo-python writes the four bytes of IPv4 first and twelve zeros after them. No real
 * IPv6 address there looks like that, so it is read as IPv4 too; all zero stays `::`.
 */
export function ipText(bytes: Uint8Array, at = 0): string {
  const ipv4First = u32At(bytes, at) !== 0 && u32At(bytes, at + 4) === 0 && u32At(bytes, at + 8) === 0;
  return ipv4First && u32At(bytes, at + 12) === 0 ? dotted(bytes, at) : mappedIpText(bytes, at);
}

/**
 * The 16 bytes of an address: IPv4 mapped into IPv6.
 *
 * @param text `1.2.3.4`, or IPv6 without brackets and without a zone
 * @throws DecodeError when it is anything else, host names included
 */
export function ipBytes(text: string): Uint8Array {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return Uint8Array.from(ipaddr.IPv4.parse(text).toIPv4MappedAddress().toByteArray());
  }
  if (ipaddr.IPv6.isValid(text) && !text.includes('%')) {
    return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
  }
  throw new DecodeError({
    command: 'ipaddress',
    field: 'text',
    offset: 0,
    problem: 'value',
    detail: `${JSON.stringify(text.slice(0, 80))} is not an IP address`,
  });
}

function dotted(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}
