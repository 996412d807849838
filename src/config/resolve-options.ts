import { DEFAULTS, POOL_DEFAULTS } from './defaults.js';
import { networkOf } from './networks.js';
import { checkOptions } from './options-check.js';
import type { NetworkDefinition, PeerOptions } from './options.js';
import { peerOptionsSchema } from './options.schema.js';
import type { PoolOptions, ResolvedPoolOptions } from './pool-options.js';
import type { ResolvedPeerOptions } from './resolved-options.js';

export type { ResolvedPeerOptions, ResolvedPersistenceOptions } from './resolved-options.js';

/**
 * Checks options and fills in what is missing.
 *
 * @param given anything: options often come from JSON or the environment, where types promise nothing
 * @throws OptionsError for the first thing that is wrong
 * @internal
 */
export function resolveOptions(given: unknown): ResolvedPeerOptions {
  checkOptions(peerOptionsSchema, given);
  const options = withoutUndefined(given as PeerOptions);
  return Object.freeze({
    ...DEFAULTS,
    nonce: undefined,
    announcePort: undefined,
    ...options,
    network: typeof options.network === 'string' ? networkOf(options.network) : frozenNetwork(options.network),
    timeouts: Object.freeze({ ...DEFAULTS.timeouts, ...withoutUndefined(options.timeouts ?? {}) }),
    limits: Object.freeze({ ...DEFAULTS.limits, ...withoutUndefined(options.limits ?? {}) }),
    persistence: Object.freeze({
      ...DEFAULTS.persistence,
      seedFile: undefined,
      ...withoutUndefined(options.persistence ?? {}),
    }),
    pool: resolvedPool(options.pool ?? false),
  });
}

/** Rates that are given stand beside those that aren't. */
function resolvedPool(options: false | PoolOptions): false | ResolvedPoolOptions {
  if (options === false) return false;
  const { rates, ...given } = withoutUndefined(options);
  return Object.freeze({
    ...POOL_DEFAULTS,
    ...given,
    rates: Object.freeze({ ...POOL_DEFAULTS.rates, ...withoutUndefined(rates ?? {}) }),
  });
}

function frozenNetwork(network: NetworkDefinition): Readonly<NetworkDefinition> {
  return Object.freeze({ ...network, seeds: Object.freeze([...network.seeds]) });
}

/** An option set to undefined is one not given, as with `process.env` lookups. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
