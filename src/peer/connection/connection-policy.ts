import type { Endpoint } from '../../environment/connection.js';
import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { RemoteFacts } from '../../wire/common/node-facts.js';
import type { Command } from '../../wire/messages.js';
import type { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';
import type { Peer } from '../peer.js';
import type { InboundRefusal } from './inbound-refusal.js';

/** Something a remote answered that can't be true: a block that isn't what its hash says, headers that don't follow. */
export type FalseAnswer = 'block' | 'headers';

/** How fast the requests of one peer are answered. */
export interface RequestMeter {
  /**
   * Takes note of a request that came.
   *
   * @returns milliseconds until it may be answered, 0 for at once; undefined when it is one too many and gets no answer
   */
  arrived(command: Command): number | undefined;
}

/**
 * Decides about connections, where the room above has an opinion: without a pool everyone may come, stay, and ask as much as
 * there is. Its methods don't throw.
 *
 * @internal
 */
export abstract class ConnectionPolicy {
  /** Asked when somebody has connected. @returns why it is turned away, if it is */
  abstract refusal(remote: Endpoint): Exclude<InboundRefusal, 'shutdown'> | undefined;
  /** Asked when a peer's version has come, before `PeerAdmission`. @returns why it has to go, if it has to */
  abstract objection(peer: Peer, facts: RemoteFacts): DisconnectReason | undefined;
  /** Asked once for each peer, when it is made. @returns undefined where there is no limit */
  abstract meterOf(peer: Peer): RequestMeter | undefined;
  /** Told when a peer has answered one of our requests with something that can't be true. */
  abstract answeredFalsely(peer: Peer, what: FalseAnswer, evidence: NeoPeerError): void;
}

/**
 * No opinion.
 *
 * @internal
 */
export class OpenPolicy extends ConnectionPolicy {
  refusal(): undefined {}
  objection(): undefined {}
  meterOf(): undefined {}
  answeredFalsely(): void {}
}
