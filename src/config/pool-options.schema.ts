import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { parseAddress } from '../environment/address.js';
import { dialectOf, type Command } from '../wire/messages.js';
import { choice, integer, LONGEST_MS, milliseconds, strictObject, text } from './schema-rules.js';

/** Every connection is a socket; systems have room for so many at most. */
const MOST_CONNECTIONS = 1_000_000;
/** About 500 MB of memory. */
const MOST_ROWS = 1_000_000;
/** The least that the buckets of the address book are made for. */
const LEAST_ROWS = 50;
/** More is as good as no limit. */
const HIGHEST_RATE = 1_000_000;

const connections = integer(0, MOST_CONNECTIONS, 'connections');
const flag = z.boolean({ error: 'true or false' });

const COMMANDS = [...new Set([...dialectOf('legacy').commands, ...dialectOf('n3').commands])] as [
  Command,
  ...Command[],
];

/** A number above 0; one below 1 is less often than once a second. */
function perSecond() {
  const error = `a number above 0, at most ${HIGHEST_RATE} (a second)`;
  return z.number({ error }).refine((value) => value > 0 && value <= HIGHEST_RATE, { error });
}

const rate = strictObject({ perSecond: perSecond(), burst: integer(1, HIGHEST_RATE) });

const share = (() => {
  const error = 'a number above 0, at most 1';
  return z.number({ error }).refine((value) => value > 0 && value <= 1, { error });
})();

const address = z
  .union([z.string(), z.looseObject({ host: z.string(), port: z.number() })], {
    error: '"host:port" or { host, port }, with a port from 1 to 65535',
  })
  .refine((given) => parseAddress(given) !== undefined, {
    error: '"host:port" or { host, port }, with a port from 1 to 65535',
  });

const subnet = text(
  'an IP address or a CIDR like 10.0.0.0/8',
  (value) => ipaddr.isValid(value) || ipaddr.isValidCIDR(value),
);

/**
 * What `PoolOptions` may hold.
 *
 * @internal
 */
export const poolOptionsSchema = strictObject({
  outbound: connections,
  maxInbound: connections,
  maxPerAddress: integer(1, MOST_CONNECTIONS, 'connections'),
  maxPerGroup: integer(1, MOST_CONNECTIONS, 'connections'),
  acceptPerSecond: perSecond(),
  dialsPerSecond: perSecond(),
  dialTimeoutMs: milliseconds,
  feelerMs: integer(0, LONGEST_MS, 'milliseconds'),
  exempt: z.array(subnet, { error: 'a list of IP addresses and CIDRs' }),
  static: z.array(address, { error: 'a list of addresses' }),
  bookRows: integer(LEAST_ROWS, MOST_ROWS, 'rows'),
  gossip: rate,
  banScore: integer(1, MOST_CONNECTIONS, 'points'),
  banMs: milliseconds,
  dryRun: flag,
  brake: strictObject({ share, windowMs: milliseconds }),
  rates: z.partialRecord(choice(...COMMANDS), rate, {
    error: `an object whose keys are commands: ${COMMANDS.join(', ')}`,
  }),
}).partial();
