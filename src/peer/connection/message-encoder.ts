import type { Dialect } from '../../wire/common/dialect.js';
import type { Inventory, InventoryKind } from '../../wire/common/inventory.js';
import type { Command, Message, Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import { EmptyMessageError } from '../errors/empty-message.error.js';
import { UnsupportedByDialectError } from '../errors/unsupported-by-dialect.error.js';
import type { Parcel } from './outbox-content.js';

/** Makes the message that carries these hashes; undefined where the dialect has no words for it. */
type Carry = (kind: InventoryKind, hashes: HashList) => Outgoing | undefined;

/**
 * Makes frames of messages, and keeps what real nodes punish off the wire, whoever sends it: hashes that stand twice in an
 * inv, getdata or notfound are left out, more than one of them may hold become several, and lists with nothing in them
 * are refused, as are messages of another dialect.
 *
 * @internal
 */
export class MessageEncoder {
  readonly #dialect: Dialect<Message>;
  readonly #magic: number;
  /** The commands that are lists of hashes. */
  readonly #carriers: ReadonlyMap<Command, Carry>;

  constructor(dialect: Dialect<Message>, magic: number) {
    this.#dialect = dialect;
    this.#magic = magic;
    this.#carriers = new Map<Command, Carry>([
      ['inv', (kind, hashes) => dialect.inventory(kind, hashes)],
      ['getdata', (kind, hashes) => dialect.requestObjects(kind, hashes)],
      ['notfound', (kind, hashes) => dialect.notFound(kind, hashes)],
    ]);
  }

  /** @throws UnsupportedByDialectError for a message that isn't of this dialect, or whose payload isn't */
  check({ dialect, command, payload }: Outgoing): void {
    const { name } = this.#dialect;
    if (dialect !== name) throw new UnsupportedByDialectError(name, `${command} of ${dialect}`);
    if (payload.dialect !== name) {
      throw new UnsupportedByDialectError(name, `${command} with a payload of ${payload.dialect}`);
    }
  }

  /**
   * @param compress whether payloads may be compressed where the dialect sees fit
   * @throws EmptyMessageError
   * @throws DecodeError when the payload is larger than a frame may be
   */
  encode(message: Outgoing, compress: boolean): Parcel {
    const frames = this.#presentable(message).map((each) => this.#dialect.encode(each, this.#magic, { compress }));
    return { command: message.command, frames, bytes: frames.reduce((sum, { length }) => sum + length, 0) };
  }

  #presentable(message: Outgoing): readonly Outgoing[] {
    if (message.command === 'addr' && message.payload.addresses.length === 0) throw new EmptyMessageError('addr');
    const carry = this.#carriers.get(message.command);
    if (carry === undefined || !('hashes' in message.payload)) return [message];
    return this.#split(message, message.payload as Inventory, carry);
  }

  #split(message: Outgoing, { kind, hashes }: Inventory, carry: Carry): readonly Outgoing[] {
    if (hashes.length === 0) throw new EmptyMessageError(message.command);
    if (hashes.length === 1) return [message];
    const keys = new Set<Digest>();
    for (let i = 0; i < hashes.length; i++) keys.add(hashes.keyAt(i));
    const most = this.#dialect.limits.inventoryHashes;
    if (keys.size === hashes.length && keys.size <= most) return [message];
    const unique = [...keys];
    return Array.from({ length: Math.ceil(unique.length / most) }, (_, i) => {
      const part = carry(kind, HashList.ofKeys(unique.slice(i * most, (i + 1) * most)));
      if (part === undefined) throw new UnsupportedByDialectError(this.#dialect.name, `${message.command} of ${kind}`);
      return part;
    });
  }
}
