import { GetAddrHandler } from '../../peer/behaviours/request-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { Gossip } from './gossip.js';

/**
 * The pool's answer to `getaddr`, out of its address book.
 *
 * @internal
 */
export class TellAddresses extends GetAddrHandler {
  constructor(private readonly gossip: Gossip) {
    super();
  }

  handle(peer: Peer): readonly NetworkAddress[] {
    return this.gossip.tell(peer);
  }
}
