import type { Dialect } from '../../wire/common/dialect.js';
import type { InventoryKind } from '../../wire/common/inventory.js';
import type { Message, Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import { EmptyMessageError } from '../errors/empty-message.error.js';
import { UnsupportedByDialectError } from '../errors/unsupported-by-dialect.error.js';
import type { Parcel } from './outbox.js';

/**
 * Makes frames of messages, and keeps what real nodes punish off the wire, whoever sends it: hashes that stand twice in an
 * inv or getdata are left out, more than one of them may hold become several, and an empty addr, inv or getdata is
 * refused.
 *
 * @internal
 */
export class MessageEncoder {
  readonly #dialect: Dialect<Message>;
  readonly #magic: number;

  constructor(dialect: Dialect<Message>, magic: number) {
    this.#dialect = dialect;
    this.#magic = magic;
  }

  /**
   * @throws EmptyMessageError
   * @throws DecodeError when the payload is larger than a frame may be
   */
  encode(message: Outgoing): Parcel {
    const messages = this.#presentable(message);
    const frames = messages.map((each) => this.#dialect.encode(each, this.#magic));
    return { command: message.command, frames, bytes: frames.reduce((sum, { length }) => sum + length, 0) };
  }

  #presentable(message: Outgoing): readonly Outgoing[] {
    if (message.command === 'inv') {
      return this.#split(message, (kind, hashes) => this.#dialect.inventory(kind, hashes));
    }
    if (message.command === 'getdata') {
      return this.#split(message, (kind, hashes) => this.#dialect.requestObjects(kind, hashes));
    }
    if (message.command === 'addr' && message.payload.addresses.length === 0) throw new EmptyMessageError('addr');
    return [message];
  }

  #split(
    message: Outgoing<'inv' | 'getdata'>,
    make: (kind: InventoryKind, hashes: HashList) => Outgoing | undefined,
  ): readonly Outgoing[] {
    const { kind, hashes } = message.payload;
    if (hashes.length === 0) throw new EmptyMessageError(message.command);
    if (hashes.length === 1) return [message];
    const keys = new Set<Digest>();
    for (let i = 0; i < hashes.length; i++) keys.add(hashes.keyAt(i));
    const most = this.#dialect.limits.inventoryHashes;
    if (keys.size === hashes.length && keys.size <= most) return [message];
    const unique = [...keys];
    return Array.from({ length: Math.ceil(unique.length / most) }, (_, i) => {
      const part = make(kind, HashList.ofKeys(unique.slice(i * most, (i + 1) * most)));
      if (part === undefined) throw new UnsupportedByDialectError(this.#dialect.name, `${message.command} of ${kind}`);
      return part;
    });
  }
}
