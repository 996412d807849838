import type { Clock, Timer } from '../../environment/clock.js';
import type { RemoteProfile } from '../../wire/common/remote-profile.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import type { RangeRequest } from './headers-request.js';
import { PeerRequest } from './peer-request.js';

/**
 * How long an inventory that is hardly the answer waits for a better one, milliseconds. Nodes answer within a second or
 * two, or not at all.
 */
export const BETTER_ANSWER_MS = 3000;

/** What a {@link BlockHashesRequest} must know of its remote. */
export interface HashesRemote {
  /** The last height it has told. */
  readonly height: number;
  readonly profile: Pick<RemoteProfile, 'withholdsTip'>;
}

/**
 * Answered by the next inventory of blocks, whatever is in it: nothing in an inventory says what it answers. Each hash
 * stands once, up to `stop` and `count`.
 *
 * One hash alone may as well announce a new block. Where the remote's height says that more than one must follow, it is
 * the answer only if no other inventory comes within {@link BETTER_ANSWER_MS}.
 *
 * @internal
 */
export class BlockHashesRequest extends PeerRequest<HashList> {
  readonly #range: RangeRequest;
  readonly #remote: HashesRemote;
  readonly #clock: Clock;
  #doubtful: HashList | undefined;
  #patience: Timer | undefined;

  constructor(message: Outgoing, range: RangeRequest, remote: HashesRemote, clock: Clock) {
    super(message);
    this.#range = range;
    this.#remote = remote;
    this.#clock = clock;
  }

  accept(message: Message): boolean {
    if (message.command !== 'inv' || message.payload.kind !== 'block' || !this.isSent) return false;
    const { hashes } = message.payload;
    if (hashes.length !== 1 || !this.#hasMore()) {
      this.resolve(this.#wanted(hashes));
      return true;
    }
    this.#doubtful ??= hashes;
    this.#patience ??= this.#clock.setTimeout(() => this.#settleForLess(), BETTER_ANSWER_MS);
    return false;
  }

  override expire(timeoutMs: number): boolean {
    if (this.#doubtful === undefined) return super.expire(timeoutMs);
    this.#settleForLess();
    return false;
  }

  /** To be called when it has settled: no timer is left. */
  stopWaiting(): void {
    this.#patience?.cancel();
  }

  couldBeMet(): boolean {
    const { firstIndex } = this.#range;
    return firstIndex !== undefined && firstIndex <= this.#remote.height;
  }

  /** Whether more than one hash must follow, if the remote has told the truth. */
  #hasMore(): boolean {
    const { firstIndex, stop } = this.#range;
    const { height, profile } = this.#remote;
    const last = profile.withholdsTip ? height - 1 : height;
    const endsAtStop = stop !== undefined && 'stop' in this.message.payload;
    return firstIndex !== undefined && !endsAtStop && firstIndex < last;
  }

  #settleForLess(): void {
    this.resolve(this.#wanted(this.#doubtful!));
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
