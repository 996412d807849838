import { AddrHandler } from '../../peer/behaviours/announcement-handlers.js';
import type { Peer } from '../../peer/peer.js';
import type { PayloadOf } from '../../wire/messages.js';
import type { Gossip } from './gossip.js';

/**
 * The pool's handler of `addr`: feeds its address book.
 *
 * @internal
 */
export class LearnAddresses extends AddrHandler {
  constructor(private readonly gossip: Gossip) {
    super();
  }

  handle(peer: Peer, { addresses }: PayloadOf<'addr'>): void {
    this.gossip.hear(peer, addresses);
  }
}
