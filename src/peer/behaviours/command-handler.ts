import type { DialectName } from '../../wire/common/dialect-name.js';
import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/**
 * The contract of every behaviour that is told of a command: one abstract class a command extends it and is its token.
 *
 * Messages of one peer are handled one at a time, in order. A handler may await requests to its own peer. What it
 * throws is counted and logged, and goes through exception filters; the peer lives on.
 *
 * A handler is given what any dialect has under that command, and refines it by `payload.dialect`. Write its parameters as
 * `PayloadOf<C>` and `Message<C>`: `D` only keeps one that takes the payload of a single dialect from compiling.
 *
 * @publicApi
 */
export abstract class CommandHandler<C extends Command, Answer = void> {
  abstract handle<D extends DialectName>(
    peer: Peer,
    payload: PayloadOf<C, D>,
    message: Message<C, D>,
  ): Answer | Promise<Answer>;
}
