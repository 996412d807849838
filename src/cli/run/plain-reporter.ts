import type { Clock } from '../../environment/clock.js';
import type { Peer } from '../../peer/peer.js';
import type { PoolStatus } from '../../pool/peer-pool.js';
import type { Output } from '../output.js';
import { ProgressDisplay } from '../progress-display.js';
import { eventText } from './event-text.js';
import { poolText } from './pool-text.js';
import type { RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/** Between two lines on the peers there are, milliseconds. */
const STATUS_EVERY_MS = 60_000;

/** A line an event, for logs. */
export class PlainReporter implements RunReporter {
  readonly statusEveryMs: number | undefined = STATUS_EVERY_MS;
  readonly #progress: ProgressDisplay;

  constructor(
    private readonly out: Output,
    private readonly clock: Clock,
  ) {
    this.#progress = new ProgressDisplay(out, clock);
  }

  report(event: RunEvent): void {
    if (event.event === 'progress') this.#progress.update(event.phase, event.done, event.total);
    const text = eventText(event);
    if (text !== undefined) this.out.post(text);
  }

  status(peers: readonly Peer[], pool: PoolStatus): void {
    const best = peers.reduce((highest, { height }) => Math.max(highest, height), 0);
    this.out.post(`${peers.length} peers, height ${best}; ${poolText(pool, this.clock.now())}`);
  }

  makeWay(): void {}

  finish(): void {
    this.#progress.stop();
  }
}
