import type { InjectionToken, ModuleMetadata, Provider, Type } from '@nestjs/common';
import type { PeerOptions, PeerOptionsFactory } from './config/options.js';
import type { Behaviour } from './peer/behaviours/behaviour.js';

/**
 * What `PeerModule` must know before anything is injected, so it stands beside the options and outside factories.
 *
 * @publicApi
 */
export interface PeerModuleExtras {
  /**
   * Tells modules of one application apart, 1 to 50 letters, digits, `-`, `_` and `.`. What a named module exports is
   * found with `InjectPeer(PeerFactory, name)`. @default none: the classes themselves are the tokens
   */
  name?: string;
  /** Makes the exports visible everywhere without importing the module. @default false */
  isGlobal?: boolean;
  /** Modules whose exports the options factory and the behaviours need. @default none */
  imports?: ModuleMetadata['imports'];
  /** Providers beside ours, for the options factory and the behaviours to inject. @default none */
  extraProviders?: Provider[];
  /** What the peer does: classes that extend a behaviour, or `provideBehaviour(…)`. @default none */
  behaviours?: readonly (Type<Behaviour> | Exclude<Provider, Type>)[];
  /**
   * Whether the application's global guards, interceptors, pipes and filters stand around handlers too. They are called
   * with context type `peer`; see `peerContext`. @default true
   */
  globalEnhancers?: boolean;
}

/**
 * Options that have to be made first. Exactly one of `useFactory`, `useClass` and `useExisting`.
 *
 * @publicApi
 */
export interface PeerModuleAsyncOptions extends PeerModuleExtras {
  /** Makes the options from what `inject` names. */
  useFactory?: (...deps: never[]) => PeerOptions | Promise<PeerOptions>;
  /** What `useFactory` gets. @default nothing */
  inject?: InjectionToken[];
  /** A class of which one is made to make the options. */
  useClass?: Type<PeerOptionsFactory>;
  /** Something provided elsewhere that makes the options. */
  useExisting?: InjectionToken<PeerOptionsFactory>;
}
