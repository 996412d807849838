import type { PoolStatus } from '../../src/pool/peer-pool.js';

/** Nobody was refused. */
export const NO_REFUSALS: PoolStatus['refused'] = {
  shutdown: 0,
  banned: 0,
  full: 0,
  'address-limit': 0,
  'group-limit': 0,
  rate: 0,
};

/** The status of a pool in which all is well. */
export function poolStatus(given: Partial<PoolStatus> = {}): PoolStatus {
  return {
    outbound: { wanted: 8, ready: 6, dialling: 0 },
    kept: { wanted: 0, ready: 0 },
    inbound: { connected: 0, allowed: 0 },
    groups: 6,
    book: { known: 412, tried: 37 },
    bans: 2,
    starvedSinceMs: undefined,
    bansFrozenUntilMs: undefined,
    refused: NO_REFUSALS,
    evicted: 0,
    ...given,
  };
}
