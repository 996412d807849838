import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** Counts whole messages where they are decoded and written, once each. */
export interface TrafficRecorder {
  received(command: Command | 'unknown', bytes: number): void;
  sent(command: Command, bytes: number): void;
}

/** Gives every peer its recorder, once, when it is created. */
export abstract class TrafficStatistics {
  abstract recorderOf(peer: Peer): TrafficRecorder;
}
