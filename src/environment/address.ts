import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { Endpoint } from './connection.js';

/** The largest TCP port. */
export const MAX_PORT = 65535;

const BRACKETED = /^\[([^\]]+)\]:(\d{1,5})$/;
/** No control characters either: neither resolvers nor Postgres take U+0000. */
const PLAIN = /^([^\s\p{Cc}:/@[\]]+):(\d{1,5})$/u;

/** Longest name DNS can hold, RFC 1035. */
const MAX_HOST_LENGTH = 253;

/**
 * Reads `host:port`, IPv6 addresses in brackets (`[::1]:10333`), or checks the two apart. IPv4 written as IPv6 becomes
 * plain IPv4.
 *
 * @returns undefined if it isn't an address that can be dialled: bad form, empty host, or a port not in 1..65535
 * @internal
 */
export function parseAddress(address: string | Endpoint): Endpoint | undefined {
  if (typeof address !== 'string') return checked(address.host, address.port);
  const bracketed = BRACKETED.exec(address);
  if (bracketed) return isIPv6(bracketed[1]!) ? checked(bracketed[1]!, Number(bracketed[2])) : undefined;
  const plain = PLAIN.exec(address);
  return plain ? checked(plain[1]!, Number(plain[2])) : undefined;
}

function checked(host: string, port: number): Endpoint | undefined {
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) return undefined;
  if (isIP(host) === 0 && (host.length > MAX_HOST_LENGTH || !PLAIN.test(`${host}:1`))) return undefined;
  return { host: plainHost(host), port };
}

/**
 * `host:port`, with brackets around IPv6: what {@link parseAddress} reads.
 *
 * @internal
 */
export function formatAddress(endpoint: Endpoint): string {
  return isIPv6(endpoint.host) ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}

/**
 * Turns IPv4 written as IPv6 (`::ffff:10.0.0.1`, as dual-stack sockets report it) into plain IPv4; leaves all else.
 *
 * @internal
 */
export function plainHost(host: string): string {
  if (!host.toLowerCase().startsWith('::ffff:')) return host;
  const rest = host.slice('::ffff:'.length);
  return isIPv4(rest) ? rest : host;
}
