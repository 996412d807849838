import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OptionsError } from './config/options.error.js';
import { checkOptions } from './config/options-check.js';
import type { PeerOptions } from './config/options.js';
import { peerModuleExtrasSchema } from './config/peer-module-extras.schema.js';
import { behaviourProviders } from './peer/behaviours/behaviour-providers.js';
import { DEFAULT_PEER_NAME } from './peer/module-identity.js';
import { saveScheduleModule } from './peer/records/save-task.js';
import { poolBehaviours } from './peer-module.pool-providers.js';
import { coreProviders, exportedTokens } from './peer-module.providers.js';
import type { PeerModuleAsyncOptions, PeerModuleExtras } from './peer-module.options.js';
import {
  asyncOptionsProviders,
  givenOptionsProvider,
  refusedOptionsProvider,
} from './peer-module.options-providers.js';

export type { PeerModuleAsyncOptions, PeerModuleExtras } from './peer-module.options.js';

/**
 * Makes the application a peer of a NEO network. Inject `PeerFactory` to dial and listen, `PeerEvents` and
 * `PeerStatistics` to watch; give `behaviours`, or put `@OnCommand(…)` on methods of any provider, to handle messages.
 *
 * @publicApi
 */
@Module({})
export class PeerModule {
  /**
   * A module with these options. They are checked when the application starts.
   *
   * @throws nothing: what is wrong makes the start fail, with `OptionsError`
   */
  static forRoot(options: PeerOptions & PeerModuleExtras): DynamicModule {
    const { name, isGlobal, imports, extraProviders, behaviours, globalEnhancers, ...peerOptions } = options;
    const extras = withoutUndefined({ name, isGlobal, imports, extraProviders, behaviours, globalEnhancers });
    return assemble(extras, () => [givenOptionsProvider(peerOptions)]);
  }

  /**
   * A module whose options are made first: by `useFactory` with what `inject` names, by a class, or by something that
   * is provided already. What must be known before anything is injected (`name`, `behaviours`, …) stands beside that.
   *
   * @throws nothing: what is wrong makes the start fail, with `OptionsError`
   */
  static forRootAsync(options: PeerModuleAsyncOptions): DynamicModule {
    const { useFactory: _factory, inject: _inject, useClass: _class, useExisting: _existing, ...extras } = options;
    return assemble(withoutUndefined(extras), () => asyncOptionsProviders(options));
  }
}

function assemble(extras: PeerModuleExtras, optionsProviders: () => Provider[]): DynamicModule {
  try {
    checkOptions(peerModuleExtrasSchema, extras);
    return dynamicModule(extras, [
      ...optionsProviders(),
      ...behaviourProviders(extras.behaviours ?? [], poolBehaviours),
    ]);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    const name = typeof extras.name === 'string' ? extras.name : DEFAULT_PEER_NAME;
    return dynamicModule({ name, isGlobal: extras.isGlobal === true }, [
      refusedOptionsProvider(error),
      ...behaviourProviders([], poolBehaviours),
    ]);
  }
}

function dynamicModule(extras: PeerModuleExtras, own: Provider[]): DynamicModule {
  const { isGlobal = false, imports = [], extraProviders = [], globalEnhancers = true } = extras;
  const name = extras.name === DEFAULT_PEER_NAME ? undefined : extras.name;
  return {
    module: PeerModule,
    global: isGlobal,
    imports: [DiscoveryModule, saveScheduleModule(), ...imports],
    providers: [uniqueProvider(), ...coreProviders(name, globalEnhancers), ...own, ...extraProviders],
    exports: exportedTokens(name),
  };
}

/** Nest may take two modules that look the same for one; two modules of one name shall be refused, not merged. */
function uniqueProvider(): Provider {
  return { provide: 'neo-peer:unique', useValue: randomUUID() };
}

function withoutUndefined(extras: {
  [K in keyof PeerModuleExtras]: PeerModuleExtras[K] | undefined;
}): PeerModuleExtras {
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== undefined));
}
