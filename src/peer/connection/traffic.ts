import type { Command } from '../../wire/messages.js';
import type { Peer } from '../peer.js';
import type { TrafficRecorder } from '../statistics/traffic-recorder.js';

/**
 * Counts whole messages of one peer, each once: when it was decoded, and when it goes to the connection.
 *
 * @internal
 */
export class Traffic {
  readonly #recorder: TrafficRecorder;
  readonly #in = { messages: 0, bytes: 0 };
  readonly #out = { messages: 0, bytes: 0 };

  constructor(recorder: TrafficRecorder) {
    this.#recorder = recorder;
  }

  /** The numbers as they are now. */
  get totals(): Peer['traffic'] {
    return { in: { ...this.#in }, out: { ...this.#out } };
  }

  received(command: Command | 'unknown', bytes: number): void {
    this.#in.messages++;
    this.#in.bytes += bytes;
    this.#recorder.received(command, bytes);
  }

  sent(command: Command, bytes: number): void {
    this.#out.messages++;
    this.#out.bytes += bytes;
    this.#recorder.sent(command, bytes);
  }
}
