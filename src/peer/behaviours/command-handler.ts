import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/**
 * The contract of every behaviour that is told of a command: one abstract class a command extends it and is its token.
 *
 * Messages of one peer are handled one at a time, in order. A handler may await requests to its own peer. What it
 * throws is counted and logged, and goes through exception filters; the peer lives on.
 *
 * @publicApi
 */
export abstract class CommandHandler<C extends Command, Answer = void> {
  abstract handle(peer: Peer, payload: PayloadOf<C>, message: Message<C>): Answer | Promise<Answer>;
}
