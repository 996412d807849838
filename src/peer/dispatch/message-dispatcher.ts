import type { Message } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** Where a peer's messages go when their turn has come: behaviours and listeners. */
export abstract class MessageDispatcher {
  /**
   * Hands one message to whoever handles its command. Never throws and never rejects.
   *
   * @returns undefined when it is done already (nobody listens), else a promise of the end
   */
  abstract dispatch(peer: Peer, message: Message): Promise<void> | undefined;
}
