import { weightOf } from '../../wire/message-weight.js';
import type { Message, Outgoing, PayloadOf } from '../../wire/messages.js';
import { DecodeError } from '../../wire/primitives/decode.error.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { AnnouncedHashes } from './announced-hashes.js';
import { PeerRequest } from './peer-request.js';

/** What came of one getdata. */
export interface ObjectsAnswer<T> {
  readonly found: ReadonlyMap<Digest, T>;
  /** Bytes of memory that all that came takes. */
  readonly bytes: number;
  /** It ended before all had come: the time ran out, or there was no room for more. */
  readonly isCut: boolean;
}

interface Identified {
  readonly hash: UInt256;
  verify?(): void;
}

/**
 * Answered by the objects, each in a message of its own, in any order, and by `notfound` for those that the remote lacks.
 *
 * A block whose transactions aren't those its header promises doesn't count as found, and neither is it waited for any
 * longer: its hash is missing from the answer. The peer stays, as with real nodes.
 *
 * It has room for so many bytes of memory, and ends with the object that goes beyond: no hash covers the witnesses of a block, so
 * whoever serves it can blow it up to the largest frame.
 *
 * @internal
 */
export class ObjectsRequest<T extends Identified> extends PeerRequest<ObjectsAnswer<T>> {
  readonly #objectIn: (message: Message) => T | undefined;
  readonly #announced: AnnouncedHashes;
  readonly #wanted: Set<Digest>;
  readonly #found = new Map<Digest, T>();
  readonly #room: number;
  readonly #unsound: ToldUnsound;
  #bytes = 0;

  /**
   * @param keys what is asked for, each once
   * @param objectIn the object a message carries, if it is of the kind asked for
   * @param room for how many bytes of memory there is room
   * @param unsound told why an object that was given doesn't count
   */
  constructor(
    message: Outgoing,
    keys: readonly Digest[],
    objectIn: (message: Message) => T | undefined,
    announced: AnnouncedHashes,
    room: number,
    unsound: ToldUnsound = () => undefined,
  ) {
    super(message);
    this.#wanted = new Set(keys);
    this.#objectIn = objectIn;
    this.#announced = announced;
    this.#room = room;
    this.#unsound = unsound;
  }

  accept(message: Message): boolean {
    if (message.command === 'notfound') return this.#lacks(message.payload);
    const object = this.#objectIn(message);
    if (object === undefined || !this.#wanted.delete(object.hash.key)) return false;
    if (isSound(object, this.#unsound)) this.#found.set(object.hash.key, object);
    this.#bytes += weightOf(message);
    if (this.#wanted.size === 0) this.#end(false);
    else if (this.#bytes >= this.#room) this.#end(true);
    return true;
  }

  couldBeMet(): boolean {
    return this.#announced.hasAny(this.#wanted);
  }

  override expire(timeoutMs: number): boolean {
    if (this.#found.size === 0) return super.expire(timeoutMs);
    this.#end(true);
    return false;
  }

  /** Takes note of what isn't there; a dialect's `notfound` may as well say nothing that can be read. */
  #lacks(payload: PayloadOf<'notfound'>): boolean {
    if (!('hashes' in payload)) return false;
    const { hashes } = payload;
    const before = this.#wanted.size;
    for (let i = 0; i < hashes.length; i++) this.#wanted.delete(hashes.keyAt(i));
    if (this.#wanted.size === before) return false;
    if (this.#wanted.size === 0) this.#end(false);
    return true;
  }

  #end(isCut: boolean): void {
    this.resolve({ found: this.#found, bytes: this.#bytes, isCut });
  }
}

/** Told why an object doesn't pass its own checks. */
export type ToldUnsound = (error: DecodeError) => void;

/** Whether a block passes its own checks; what has none passes. @param unsound told why it doesn't */
export function isSound(object: { verify?(): void }, unsound: ToldUnsound): boolean {
  if (object.verify === undefined) return true;
  try {
    object.verify();
    return true;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    unsound(error);
    return false;
  }
}
