import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * A `ScriptedPeer` waited for a message that did not come. What ended the connection, if there was an error, is in `cause`.
 *
 * @publicApi
 */
export class ScriptError extends NeoPeerError {
  readonly code = 'NEO_PEER_SCRIPT';

  constructor(
    /** The command it waited for. */
    readonly command: string,
    /** `closed`: the connection ended first. `timeout`: the time ran out. */
    readonly problem: 'closed' | 'timeout',
    /** The commands of all messages received so far, in order. */
    readonly received: readonly string[],
    options?: ErrorOptions,
  ) {
    const why = problem === 'closed' ? 'the connection closed' : 'the time ran out';
    super(`expected ${command}, but ${why}; received: ${received.join(', ') || 'nothing'}`, options);
  }
}
