import type { Abstract, InjectionToken, Provider, Type } from '@nestjs/common';
import type { Command } from '../../wire/messages.js';
import type { CommandHandler } from './command-handler.js';
import type { HeightProvider } from './height-provider.js';
import type { PeerAdmission } from './peer-admission.js';

/**
 * Anything that can be plugged into a peer.
 *
 * @publicApi
 */
export type Behaviour = CommandHandler<Command, unknown> | HeightProvider | PeerAdmission;

/**
 * How a behaviour comes to be: as Nest's own providers.
 *
 * @publicApi
 */
export type BehaviourSource<T> =
  | { readonly useClass: Type<T> }
  | { readonly useValue: T }
  | { readonly useExisting: InjectionToken<T> }
  | { readonly useFactory: (...deps: never[]) => T | Promise<T>; readonly inject?: InjectionToken[] };

/**
 * A provider for `behaviours` where a class alone won't do.
 *
 * @example
 * ```ts
 * PeerModule.forRoot({ network: 'legacy-mainnet', behaviours: [provideBehaviour(HeaderHandler, { useExisting: ChainService })] })
 * ```
 * @param token the abstract class of the behaviour, for example `HeaderHandler`
 * @publicApi
 */
export function provideBehaviour<T>(token: Abstract<T>, how: BehaviourSource<T>): Provider {
  return { provide: token, ...how } as Provider;
}
