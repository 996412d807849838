import type { Message, Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import type { RangeRequest } from './headers-request.js';
import { PeerRequest } from './peer-request.js';

/**
 * Answered by the next inventory of blocks, whatever is in it: nothing in an inventory says what it answers. Each hash
 * stands once, up to `stop` and `count`.
 *
 * @internal
 */
export class BlockHashesRequest extends PeerRequest<HashList> {
  readonly #range: RangeRequest;
  readonly #remoteHeight: () => number;

  constructor(message: Outgoing, range: RangeRequest, remoteHeight: () => number) {
    super(message);
    this.#range = range;
    this.#remoteHeight = remoteHeight;
  }

  accept(message: Message): boolean {
    if (message.command !== 'inv' || message.payload.kind !== 'block' || !this.isSent) return false;
    this.resolve(this.#wanted(message.payload.hashes));
    return true;
  }

  couldBeMet(): boolean {
    const { firstIndex } = this.#range;
    return firstIndex !== undefined && firstIndex <= this.#remoteHeight();
  }

  #wanted(hashes: HashList): HashList {
    const { stop, count = hashes.length } = this.#range;
    const keys = new Set<Digest>();
    for (let i = 0; i < hashes.length && keys.size < count; i++) {
      const key = hashes.keyAt(i);
      if (key === stop?.key) break;
      keys.add(key);
    }
    return keys.size === hashes.length ? hashes : HashList.ofKeys([...keys]);
  }
}
