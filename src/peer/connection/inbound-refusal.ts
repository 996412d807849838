/**
 * Why an incoming connection was turned away before it became a peer: a closed set, in the event `refusedInbound` and in the
 * pool's counters.
 *
 * @publicApi
 */
export const InboundRefusal = Object.freeze({
  /** The module is stopping. */
  shutdown: 'shutdown',
  /** Its address is banned. */
  banned: 'banned',
  /** `maxInbound` are there, and none of them has to go for this one. */
  full: 'full',
  /** `maxPerAddress` are there from its address. */
  'address-limit': 'address-limit',
  /** `maxPerGroup` are there from its group. */
  'group-limit': 'group-limit',
  /** Connections come faster than `acceptPerSecond`. */
  rate: 'rate',
} as const);

/** @publicApi */
export type InboundRefusal = keyof typeof InboundRefusal;
