import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { OptionsError } from './config/options.error.js';
import type { PeerOptions, PeerOptionsFactory } from './config/options.js';
import { resolveOptions } from './config/resolve-options.js';
import type { ResolvedPeerOptions, ResolvedPersistenceOptions } from './config/resolved-options.js';
import type { PeerModuleAsyncOptions } from './peer-module.options.js';

/** The checked options of a module, within it. */
export const PEER_OPTIONS: InjectionToken<ResolvedPeerOptions> = 'neo-peer:options';

/** The part of them that persistence needs. */
export const PERSISTENCE_OPTIONS: InjectionToken<ResolvedPersistenceOptions> = 'neo-peer:persistence-options';

/** Gives {@link PERSISTENCE_OPTIONS}. */
export const persistenceOptionsProvider: FactoryProvider<ResolvedPersistenceOptions> = {
  provide: PERSISTENCE_OPTIONS,
  useFactory: (options: ResolvedPeerOptions) => options.persistence,
  inject: [PEER_OPTIONS],
};

/** Options that are there already. They are checked at start, like the others. */
export function givenOptionsProvider(options: object): Provider {
  return { provide: PEER_OPTIONS, useFactory: () => resolveOptions(options) };
}

/** Fails at start, where the application can catch it, and not while its classes are being defined. */
export function refusedOptionsProvider(error: OptionsError): Provider {
  return {
    provide: PEER_OPTIONS,
    useFactory: () => {
      throw error;
    },
  };
}

/**
 * Options that have to be made.
 *
 * @throws OptionsError unless there is exactly one way to make them
 */
export function asyncOptionsProviders({
  useFactory,
  inject = [],
  useClass,
  useExisting,
}: PeerModuleAsyncOptions): Provider[] {
  const ways = [useFactory, useClass, useExisting].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new OptionsError('', `${ways.length} of them`, 'exactly one of useFactory, useClass and useExisting');
  if (useFactory !== undefined) {
    const make = useFactory as (...deps: unknown[]) => PeerOptions | Promise<PeerOptions>;
    return [
      { provide: PEER_OPTIONS, useFactory: async (...deps: unknown[]) => resolveOptions(await make(...deps)), inject },
    ];
  }
  const fromFactory: Provider = {
    provide: PEER_OPTIONS,
    useFactory: async (factory: PeerOptionsFactory) => resolveOptions(await factory.createPeerOptions()),
    inject: [(useClass ?? useExisting)!],
  };
  return useClass === undefined ? [fromFactory] : [useClass, fromFactory];
}
