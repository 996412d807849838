import type { NetworkAddress } from '../../../wire/common/network-address.js';
import type { Message, Outgoing } from '../../../wire/messages.js';
import type { AdversarySession } from './adversary-session.js';

/**
 * What an adversary does with its connections. One conduct is for all connections of an adversary.
 *
 * @publicApi
 */
export abstract class Conduct {
  /** A connection stands; nothing was said yet. */
  abstract connected(session: AdversarySession): void;
  /** A message came that could be decoded. */
  received(_session: AdversarySession, _message: Message): void {}
}

/**
 * Does what a node that keeps no chain has to: shakes hands, answers pings, and tells addresses if it is given some. A base for
 * conducts that begin well.
 *
 * @publicApi
 */
export class PoliteConduct extends Conduct {
  readonly #tells: (session: AdversarySession) => readonly NetworkAddress[];
  /** Messages by the lists they were made of: those who flood tell the same again and again. */
  readonly #messages = new WeakMap<readonly NetworkAddress[], Outgoing>();

  /** @param tells the addresses for somebody who asks; an empty list: silence. Default: silence */
  constructor(tells: (session: AdversarySession) => readonly NetworkAddress[] = () => []) {
    super();
    this.#tells = tells;
  }

  override connected(session: AdversarySession): void {
    session.send(session.version({ height: this.height(session) }));
  }

  override received(session: AdversarySession, message: Message): void {
    const { dialect } = session;
    if (message.command === 'version') session.send(dialect.verack());
    else if (message.command === 'verack') this.ready(session);
    else if (message.command === 'ping') session.send(dialect.pong(message, this.height(session), session.nowMs));
    else if (message.command === 'getaddr') this.tell(session);
  }

  /** Tells addresses, whether or not it was asked. */
  protected tell(session: AdversarySession): void {
    const addresses = this.#tells(session);
    if (addresses.length === 0) return;
    const message = this.#messages.get(addresses) ?? session.dialect.addresses(addresses);
    this.#messages.set(addresses, message);
    session.send(message);
  }

  /** The handshake is over. */
  protected ready(_session: AdversarySession): void {}

  /** The height it claims. */
  protected height(_session: AdversarySession): number {
    return 0;
  }
}
