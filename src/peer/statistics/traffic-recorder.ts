import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** Counts whole messages of one peer, each once: when it was decoded, and when it goes to the connection. */
export interface TrafficRecorder {
  /** The numbers as they are now. */
  readonly traffic: Peer['traffic'];
  received(command: Command | 'unknown', bytes: number): void;
  sent(command: Command, bytes: number): void;
}

/** Gives every peer its recorder, once, when it is created. */
export abstract class TrafficStatistics {
  abstract recorderOf(peer: Peer): TrafficRecorder;
}
