import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * What a test waited for with `VirtualClock.until` didn't become true.
 *
 * @publicApi
 */
export class ConditionNotMetError extends NeoPeerError {
  readonly code = 'NEO_PEER_CONDITION_NOT_MET';

  constructor(
    /** Virtual milliseconds that were waited. */
    readonly limitMs: number,
    /** The condition's source text. */
    readonly condition: string,
  ) {
    super(`not true within ${limitMs} ms of virtual time: ${condition}`);
  }
}
