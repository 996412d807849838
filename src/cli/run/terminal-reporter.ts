import type { Clock } from '../../environment/clock.js';
import type { Peer } from '../../peer/peer.js';
import type { PoolStatus } from '../../pool/peer-pool.js';
import type { Output } from '../output.js';
import { ProgressDisplay } from '../progress-display.js';
import { formatTable } from '../table.js';
import { eventText } from './event-text.js';
import { peerColumns } from './peer-columns.js';
import { poolText } from './pool-text.js';
import type { RunEvent } from './run-event.js';
import type { RunReporter } from './run-reporter.js';

/** Between two drawings of the table, milliseconds. */
const STATUS_EVERY_MS = 1000;
/** Width where the terminal doesn't tell its own, or says 0 as some do. */
const USUAL_WIDTH = 80;
/** What stands around the rows of the table: the pool above; below how many more there are, how to end, and the cursor. */
const LINES_AROUND = 4;

/** A bar while syncing, then a table of peers that is drawn anew every second below the lines of what happens. */
export class TerminalReporter implements RunReporter {
  readonly statusEveryMs: number | undefined = STATUS_EVERY_MS;
  readonly #progress: ProgressDisplay;
  /** The pool and the table on the screen, a line each. */
  #drawn: readonly string[] = [];

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
    this.makeWay();
    this.out.post(text);
  }

  status(peers: readonly Peer[], pool: PoolStatus): void {
    this.#erase();
    const now = this.clock.now();
    const table = formatTable(peerColumns(now), peers, this.#width);
    const more = table.length - this.#room;
    if (more > 0) table.splice(this.#room, more, `and ${more} more`);
    const lines = [poolText(pool, now).slice(0, this.#width), ...table, 'Ctrl-C ends.'];
    this.out.post(lines.join('\n'));
    this.#drawn = lines;
  }

  makeWay(): void {
    this.#progress.stop();
    this.#erase();
  }

  finish(): void {
    this.#progress.stop();
    this.#drawn = []; // the last table stays
  }

  get #width(): number {
    return this.out.stream.columns || USUAL_WIDTH;
  }

  /** Lines of a table that can be erased again: the cursor doesn't go above the top of the screen. */
  get #room(): number {
    return Math.max((this.out.stream.rows || Infinity) - LINES_AROUND, 1);
  }

  /** Moves the cursor to the first line of the table and clears what is below. */
  #erase(): void {
    // A terminal that became narrower has wrapped the lines.
    const rows = this.#drawn.reduce((sum, { length }) => sum + Math.max(Math.ceil(length / this.#width), 1), 0);
    if (rows > 0 && !this.out.closed.aborted) this.out.stream.write(`\u001b[${rows}A\u001b[0J`);
    this.#drawn = [];
  }
}
