import { NeoPeerError } from './neo-peer.error.js';

/**
 * What was wrong with the bytes:
 * - `truncated`: they end before the field does
 * - `limit`: a length or count is over what the protocol allows
 * - `value`: the field holds something undefined, non-canonical or contradictory
 * - `checksum`: the frame's checksum is not that of its payload
 * - `magic`: the frame belongs to another network
 * - `trailing`: bytes are left over where the caller said they are one whole thing
 *
 * @publicApi
 */
export type DecodeProblem = 'truncated' | 'limit' | 'value' | 'checksum' | 'magic' | 'trailing';

/** The facts of a {@link DecodeError}. */
export interface DecodeFacts {
  readonly command: string;
  readonly field: string;
  readonly offset: number;
  readonly problem: DecodeProblem;
  /** What was found and what is allowed, for a human. */
  readonly detail: string;
}

/**
 * Bytes (or a text form of bytes) that do not follow the protocol.
 *
 * @publicApi
 */
export class DecodeError extends NeoPeerError {
  readonly code = 'NEO_PEER_DECODE';
  /** The command whose payload was being read; `frame` for the frame around it, else the name of the thing decoded. */
  readonly command: string;
  /** Path of the field inside the payload, for example `transactions[3].outputs[1].value`. */
  readonly field: string;
  /** Where the field begins: bytes from the start of the payload (of the frame, where `command` is `frame`). */
  readonly offset: number;
  readonly problem: DecodeProblem;

  constructor(facts: DecodeFacts, options?: ErrorOptions) {
    super(`${facts.command}: ${facts.field} at offset ${facts.offset}: ${facts.detail} (${facts.problem})`, options);
    this.command = facts.command;
    this.field = facts.field;
    this.offset = facts.offset;
    this.problem = facts.problem;
  }
}
