import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * A `HeightProvider` or `PeerAdmission` threw (what it threw is in `cause`), or gave what can't be used.
 *
 * @publicApi
 */
export class BehaviourFailedError extends NeoPeerError {
  readonly code = 'NEO_PEER_BEHAVIOUR_FAILED';

  constructor(
    readonly behaviour: 'HeightProvider' | 'PeerAdmission',
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${behaviour} ${detail}`, options);
  }
}
