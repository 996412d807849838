import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * What is to be banned is neither an IP address nor a subnet in CIDR form.
 *
 * @publicApi
 */
export class BanSubjectError extends NeoPeerError {
  readonly code = 'NEO_PEER_BAN_SUBJECT';

  constructor(
    /** As it was given. */
    readonly subject: string,
    options?: ErrorOptions,
  ) {
    const text = subject.length > 100 ? `${subject.slice(0, 100)}…` : subject;
    super(`${JSON.stringify(text)} is neither an IP address nor a subnet`, options);
  }
}
