import type { NetworkAddress } from '../../../wire/common/network-address.js';
import type { AdversarySession } from './adversary-session.js';

/**
 * Which addresses an adversary tells:
 * - `own`: its own hosts, all of which answer
 * - `own-group`: any of the /24s it is in, at most of which nobody is
 * - `unroutable`: private and reserved ones, and port 0
 * - `dead`: public ones anywhere, where nobody is
 *
 * @publicApi
 */
export const ToldAddresses = Object.freeze({
  own: 'own',
  'own-group': 'own-group',
  unroutable: 'unroutable',
  dead: 'dead',
} as const);

/** @publicApi */
export type ToldAddresses = keyof typeof ToldAddresses;

/** Beginnings of addresses where no node can be: private, loopback, link-local, benchmarking, documentation, multicast. */
const UNROUTABLE = Object.freeze(['10.0', '127.0', '169.254', '198.18', '192.168', '172.16', '224.0', '100.64']);

/** Every so many-th of the unroutable ones has a public host, and port 0. */
const PORTLESS_ONE_IN = 4;

/** Where the dead are: nobody of a simulated world is there. */
const DEAD = 33;
const DEAD_PORTLESS = `${DEAD}.0`;

/** So many different messages an adversary has; then it repeats itself. Enough to fill any book, and making them is slow. */
const BATCHES = 64;

/**
 * The addresses that one adversary tells, a message at a time.
 *
 * @internal
 */
export class AddressSupply {
  readonly #kind: ToldAddresses;
  readonly #batches: (readonly NetworkAddress[])[] = [];

  constructor(kind: ToldAddresses) {
    this.#kind = kind;
  }

  /** As many addresses as a message holds. The same list may come again. */
  next(session: AdversarySession): readonly NetworkAddress[] {
    if (this.#batches.length === BATCHES) return this.#batches[session.random.integer(BATCHES)]!;
    const batch = batchOf(this.#kind, session);
    this.#batches.push(batch);
    return batch;
  }
}

function batchOf(kind: ToldAddresses, session: AdversarySession): readonly NetworkAddress[] {
  const { addresses: most } = session.dialect.limits;
  const count = kind === 'own' ? Math.min(most, session.hosts.length) : most;
  return Array.from({ length: count }, () => oneOf(kind, session));
}

function oneOf(kind: ToldAddresses, session: AdversarySession): NetworkAddress {
  const { random, port, hosts } = session;
  const byte = (): number => random.integer(256);
  const ownHost = hosts[random.integer(hosts.length)]!;
  switch (kind) {
    case 'own':
      return told(ownHost, port, session);
    case 'own-group':
      return told(`${ownHost.split('.').slice(0, 3).join('.')}.${byte()}`, port, session);
    case 'unroutable': {
      const isPortless = random.integer(PORTLESS_ONE_IN) === 0;
      const beginning = isPortless ? DEAD_PORTLESS : UNROUTABLE[random.integer(UNROUTABLE.length)]!;
      return told(`${beginning}.${byte()}.${byte()}`, isPortless ? 0 : port, session);
    }
    case 'dead':
      return told(`${DEAD}.${byte()}.${byte()}.${byte()}`, port, session);
    default:
      return kind satisfies never;
  }
}

function told(host: string, port: number, { nowMs }: AdversarySession): NetworkAddress {
  return { host, port, timestamp: Math.floor(nowMs / 1000), services: 1n };
}
