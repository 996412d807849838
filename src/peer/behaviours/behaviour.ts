import type { Abstract, InjectionToken, Provider, Type } from '@nestjs/common';
import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import type { Peer } from '../peer.js';
import type { HeightProvider } from './height-provider.js';
import type { PeerAdmission } from './peer-admission.js';

/**
 * Anything that can be plugged into a peer: a `CommandHandler` of any command, or what tells the height or admits peers.
 *
 * @publicApi
 */
export type Behaviour =
  { handle(peer: Peer, payload: PayloadOf<Command>, message: Message): unknown } | HeightProvider | PeerAdmission;

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
