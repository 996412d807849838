import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { Message } from '../../wire/messages.js';
import { PeerRequest } from './peer-request.js';

/**
 * Answered by the next `addr`, even an empty one.
 *
 * @internal
 */
export class AddressesRequest extends PeerRequest<readonly NetworkAddress[]> {
  accept(message: Message): boolean {
    if (message.command !== 'addr' || !this.isSent) return false;
    this.resolve(message.payload.addresses);
    return true;
  }

  /** Nodes that know nobody are silent. */
  couldBeMet(): boolean {
    return false;
  }
}
