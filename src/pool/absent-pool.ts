import { OptionsError } from '../config/options.error.js';
import type { Ban } from '../persistence/ban.js';
import type { Peer } from '../peer/peer.js';
import { PeerPool, type DialExplanation, type PoolStatus } from './peer-pool.js';

/**
 * The pool of a module with `pool: false`. It starts nothing, and says of every call what has to be done first.
 *
 * @internal
 */
export class AbsentPool extends PeerPool {
  override peers(): readonly Peer[] {
    throw absent();
  }

  override connect(): Promise<void> {
    return Promise.reject(absent());
  }

  override disconnect(): Promise<void> {
    return Promise.reject(absent());
  }

  override ban(): Promise<void> {
    return Promise.reject(absent());
  }

  override unban(): Promise<void> {
    return Promise.reject(absent());
  }

  override bans(): readonly Ban[] {
    throw absent();
  }

  override explain(): DialExplanation {
    throw absent();
  }

  override broadcast(): number {
    throw absent();
  }

  override requestFromAny<T>(): Promise<T> {
    return Promise.reject(absent());
  }

  override report(): void {
    throw absent();
  }

  override status(): PoolStatus {
    throw absent();
  }
}

function absent(): OptionsError {
  return new OptionsError('pool', false, 'an object, {} for every default: the module has no pool');
}
