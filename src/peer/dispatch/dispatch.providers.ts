import type { FactoryProvider } from '@nestjs/common';
import {
  ApplicationConfig,
  DiscoveryService,
  ExternalContextCreator,
  MetadataScanner,
  ModulesContainer,
} from '@nestjs/core';
import { Clock } from '../../environment/clock.js';
import { PeerModuleIdentity } from '../module-identity.js';
import { StatisticsRegistry } from '../statistics/statistics-registry.js';
import { CommandDispatcher } from './command-dispatcher.js';
import { FailureLog } from './failure-log.js';
import { HandlerContext } from './handler-context.js';
import { HandlerExplorer } from './handler-explorer.js';

/**
 * The dispatcher of a module. The module imports Nest's `DiscoveryModule`, and provides its identity, every behaviour,
 * `Clock` and `StatisticsRegistry`.
 *
 * @internal
 */
export function dispatcherProvider(globalEnhancers: boolean): FactoryProvider<CommandDispatcher> {
  return {
    provide: CommandDispatcher,
    useFactory: (
      identity: PeerModuleIdentity,
      modules: ModulesContainer,
      discovery: DiscoveryService,
      scanner: MetadataScanner,
      creator: ExternalContextCreator,
      config: ApplicationConfig,
      statistics: StatisticsRegistry,
      clock: Clock,
    ) =>
      new CommandDispatcher({
        explorer: new HandlerExplorer(identity, modules, discovery, scanner),
        context: new HandlerContext(creator, config, modules, globalEnhancers),
        statistics,
        clock,
        log: new FailureLog(`PeerModule(${identity.label})`, clock),
      }),
    inject: [
      PeerModuleIdentity,
      ModulesContainer,
      DiscoveryService,
      MetadataScanner,
      ExternalContextCreator,
      ApplicationConfig,
      StatisticsRegistry,
      Clock,
    ],
  };
}
