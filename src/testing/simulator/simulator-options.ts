import type { LoggerService, LogLevel } from '@nestjs/common';
import type { NetworkDefinition, PeerOptions } from '../../config/options.js';
import type { PeerModuleExtras } from '../../peer-module.options.js';
import type { DialectName } from '../../wire/common/dialect-name.js';
import type { MemoryNetworkOptions } from '../memory-network-options.js';

/**
 * What a node of a `Simulator` may be told: all that `PeerModule` takes, but who and where it is. The pool is on unless it is
 * turned off, it listens at its own address unless it is told not to, and it keeps everything in memory.
 *
 * @publicApi
 */
export type SimulatedPeerOptions = Omit<PeerOptions & PeerModuleExtras, 'network' | 'name' | 'isGlobal'>;

/**
 * Options of a `Simulator`. What lies between hosts is by default as between continents: 20 to 100 ms, 5 ms of jitter, no loss.
 *
 * @publicApi
 */
export interface SimulatorOptions extends Omit<MemoryNetworkOptions, 'seed' | 'clock'> {
  /** Everything that happens follows from it. Any whole number; its lowest 32 bits count. */
  readonly seed: number;
  /** How many nodes there are to begin with. */
  readonly nodes: number;
  /** Their protocol, or their network, whose seeds are then those of {@link seeds}. @default 'n3' */
  readonly network?: DialectName | NetworkDefinition;
  /** How many nodes, the first ones, everybody knows; or where else to begin, as `host:port`. @default 1 */
  readonly seeds?: number | readonly string[];
  /** Options of every node, or of each. @default those of `PeerModule`, with `pool: {}` */
  readonly peer?: SimulatedPeerOptions | ((index: number) => SimulatedPeerOptions);
  /** Where each node is: an IP address of its own. @default each in a /24 of its own */
  readonly hostOf?: (index: number) => string;
  /** What comes of dialling a host where never anybody was. @default 'silent' */
  readonly unknownHosts?: 'refused' | 'silent';
  /**
   * Nest's logger, which is one for all applications of a process: it stays as it is set here, as with Nest's own testing
   * module. @default false
   */
  readonly logger?: LoggerService | LogLevel[] | false;
}
