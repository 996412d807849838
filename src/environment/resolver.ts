import type { CallOptions } from './call-options.js';

/**
 * Turns host names into IP addresses.
 *
 * @publicApi
 */
export abstract class Resolver {
  /**
   * The IP addresses of a name, in the order to try them; never empty. An IP address is its own answer.
   *
   * @throws DialError when the name has none
   * @throws AbortedError when the signal is aborted
   */
  abstract resolve(host: string, options?: CallOptions): Promise<readonly string[]>;
}
