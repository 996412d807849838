import type { Peer } from '../peer.js';

/**
 * Decides who may stay, after the remote's version came and before our verack goes out. The default admits everyone.
 *
 * @publicApi
 */
export abstract class PeerAdmission {
  /** False ends the connection with `refused`; throwing ends it with `behaviour-error`. */
  abstract admit(peer: Peer): boolean | Promise<boolean>;
}
