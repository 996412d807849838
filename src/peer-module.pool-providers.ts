import type { FactoryProvider, Provider } from '@nestjs/common';
import type { ResolvedPeerOptions } from './config/resolved-options.js';
import { Clock } from './environment/clock.js';
import { RandomSource } from './environment/random-source.js';
import { Resolver } from './environment/resolver.js';
import { AddrHandler } from './peer/behaviours/announcement-handlers.js';
import { NoHandler } from './peer/behaviours/default-behaviours.js';
import { LocalConfig } from './peer/behaviours/local-config.js';
import { GetAddrHandler } from './peer/behaviours/request-handlers.js';
import { ConnectedPeerFactory } from './peer/connection/connected-peer-factory.js';
import { ConnectionKeeper } from './peer/connection/connection-keeper.js';
import { ConnectionPolicy, OpenPolicy } from './peer/connection/connection-policy.js';
import { PeerEventBus } from './peer/events/peer-event-bus.js';
import { PeerRecords } from './peer/records/peer-records.js';
import { RecordPersistence } from './peer/records/record-persistence.js';
import { SavedState } from './peer/records/saved-state.js';
import { StatisticsRegistry } from './peer/statistics/statistics-registry.js';
import { getPeerToken } from './peer/tokens.js';
import { PEER_OPTIONS } from './peer-module.options-providers.js';
import { AbsentPool } from './pool/absent-pool.js';
import { LearnAddresses } from './pool/gossip/learn-addresses.handler.js';
import { TellAddresses } from './pool/gossip/tell-addresses.handler.js';
import { NetworkPool } from './pool/network-pool.js';
import { PeerPool } from './pool/peer-pool.js';
import { PoolCore } from './pool/pool-core.js';
import { PoolKeeper } from './pool/pool-keeper.js';

/** The pool of a module, and what it puts in the place of others: all of it stands still with `pool: false`. */
export function poolProviders(name: string | undefined): Provider[] {
  return [coreProvider(name), ...partsOfCore, keeperProvider, poolProvider(name)];
}

/** What the pool handles unless the application does. */
export const poolBehaviours: readonly Provider[] = Object.freeze([
  {
    provide: AddrHandler,
    useFactory: (core: PoolCore | undefined) =>
      core === undefined ? new NoHandler() : new LearnAddresses(core.gossip),
    inject: [PoolCore],
  },
  {
    provide: GetAddrHandler,
    useFactory: (core: PoolCore | undefined) => (core === undefined ? new NoHandler() : new TellAddresses(core.gossip)),
    inject: [PoolCore],
  },
]);

function coreProvider(name: string | undefined): FactoryProvider<PoolCore | undefined> {
  return {
    provide: PoolCore,
    useFactory: (
      { pool }: ResolvedPeerOptions,
      clock: Clock,
      random: RandomSource,
      local: LocalConfig,
      events: PeerEventBus,
      records: PeerRecords,
      statistics: StatisticsRegistry,
    ) =>
      pool === false ? undefined : new PoolCore({ options: pool, clock, random, local, events, records, statistics }),
    inject: [
      PEER_OPTIONS,
      Clock,
      RandomSource,
      getPeerToken(LocalConfig, name),
      PeerEventBus,
      PeerRecords,
      StatisticsRegistry,
    ],
  };
}

const partsOfCore: readonly Provider[] = Object.freeze([
  {
    provide: ConnectionPolicy,
    useFactory: (core: PoolCore | undefined) => core?.policy ?? new OpenPolicy(),
    inject: [PoolCore],
  },
  { provide: SavedState, useFactory: (core: PoolCore | undefined) => core?.state, inject: [PoolCore] },
  { provide: ConnectionKeeper, useExisting: PoolKeeper },
]);

const keeperProvider: FactoryProvider<PoolKeeper | undefined> = {
  provide: PoolKeeper,
  useFactory: (
    core: PoolCore | undefined,
    clock: Clock,
    random: RandomSource,
    resolver: Resolver,
    factory: ConnectedPeerFactory,
    events: PeerEventBus,
    records: PeerRecords,
    persistence: RecordPersistence,
  ) => {
    if (core === undefined) return undefined;
    const readSeeds = () => persistence.readSeeds();
    return new PoolKeeper({ core, clock, random, resolver, factory, events, records, readSeeds });
  },
  inject: [PoolCore, Clock, RandomSource, Resolver, ConnectedPeerFactory, PeerEventBus, PeerRecords, RecordPersistence],
};

function poolProvider(name: string | undefined): FactoryProvider<PeerPool> {
  return {
    provide: getPeerToken(PeerPool, name),
    useFactory: (
      { timeouts: { requestMs } }: ResolvedPeerOptions,
      core: PoolCore | undefined,
      keeper: PoolKeeper | undefined,
      clock: Clock,
      events: PeerEventBus,
      records: PeerRecords,
    ) => {
      if (core === undefined || keeper === undefined) return new AbsentPool();
      return new NetworkPool({ core, keeper, clock, events, records, requestMs });
    },
    inject: [PEER_OPTIONS, PoolCore, PoolKeeper, Clock, PeerEventBus, PeerRecords],
  };
}
