import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * A message waited for room in the outbox until its time ran out.
 *
 * @publicApi
 */
export class MailboxFullError extends NeoPeerError {
  readonly code = 'NEO_PEER_MAILBOX_FULL';

  constructor(
    readonly timeoutMs: number,
    options?: ErrorOptions,
  ) {
    super(`the outbox was full for ${timeoutMs} ms; raise limits.outboxMessages, send less, or wait longer`, options);
  }
}
