import { Inject, type Abstract, type InjectionToken } from '@nestjs/common';
import { DEFAULT_PEER_NAME } from './module-identity.js';

/**
 * The token under which a module's `PeerFactory`, `PeerEvents`, `PeerStatistics`, `PeerStore`, `HeaderVerifier` or
 * `LocalConfig` is provided: the class itself for the module without a name.
 *
 * @param name as given to `PeerModule.forRoot`
 * @publicApi
 */
export function getPeerToken<T>(type: Abstract<T>, name: string = DEFAULT_PEER_NAME): InjectionToken<T> {
  return name === DEFAULT_PEER_NAME ? type : `neo-peer:${name}:${type.name}`;
}

/**
 * Injects something of a named module.
 *
 * @example
 * ```ts
 * constructor(@InjectPeer(PeerFactory, 'testnet') private readonly factory: PeerFactory) {}
 * ```
 * @publicApi
 */
export function InjectPeer(type: Abstract<unknown>, name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getPeerToken(type, name));
}
