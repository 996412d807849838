import type { Clock } from '../../environment/clock.js';
import type { Peer } from '../../peer/peer.js';
import type { Output } from '../output.js';
import { ProgressDisplay } from '../progress-display.js';
import { formatTable } from '../table.js';
import { eventText } from './event-text.js';
import { peerColumns } from './peer-columns.js';
import type { RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/** Between two drawings of the table, milliseconds. */
const STATUS_EVERY_MS = 1000;
/** Width where the terminal doesn't tell its own, or says 0 as some do. */
const USUAL_WIDTH = 80;

/** A bar while syncing, then a table of peers that is drawn anew every second below the lines of what happens. */
export class TerminalReporter implements RunReporter {
  readonly statusEveryMs: number | undefined = STATUS_EVERY_MS;
  readonly #progress: ProgressDisplay;
  /** Lines of the table on the screen. */
  #drawn = 0;

  constructor(
    private readonly out: Output,
    private readonly clock: Clock,
  ) {
    this.#progress = new ProgressDisplay(out, clock);
  }

  report(event: RunEvent): void {
    if (event.event === 'progress') return this.#progress.update(event.phase, event.done, event.total);
    const text = eventText(event);
    if (text === undefined) return;
    this.#progress.stop();
    this.#erase();
    this.out.post(text);
  }

  status(peers: readonly Peer[]): void {
    this.#erase();
    const lines = formatTable(peerColumns(this.clock.now()), peers, this.out.stream.columns || USUAL_WIDTH);
    lines.push('Ctrl-C ends.');
    this.out.post(lines.join('\n'));
    this.#drawn = lines.length;
  }

  finish(): void {
    this.#progress.stop();
    this.#drawn = 0; // the last table stays
  }

  /** Moves the cursor to the first line of the table and clears what is below. */
  #erase(): void {
    if (this.#drawn > 0 && !this.out.closed.aborted) this.out.stream.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}
