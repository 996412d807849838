import { SingleBar } from 'cli-progress';
import type { Clock } from '../environment/clock.js';
import type { Output } from './output.js';

/** Between two plain lines of progress, milliseconds: sparse enough for a log. */
const LINE_EVERY_MS = 5_000;

/**
 * Shows how far something is: a bar on a terminal, a line now and then otherwise.
 *
 * @internal
 */
export class ProgressDisplay {
  readonly #output: Output;
  readonly #clock: Clock;
  #bar: SingleBar | undefined;
  #label: string | undefined;
  #shownAt = -Infinity;
  #finished = false;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
  }

  /** @param label another one than last time begins another bar */
  update(label: string, done: number, total: number): void {
    if (this.#output.closed.aborted) return;
    if (label !== this.#label) this.stop();
    this.#label = label;
    if (this.#output.isTerminal) this.#draw(label, done, total);
    else this.#print(label, done, total);
  }

  /** Leaves the last state where it is; more lines may follow. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#label = undefined;
    this.#shownAt = -Infinity;
    this.#finished = false;
  }

  #draw(label: string, done: number, total: number): void {
    if (this.#bar === undefined) {
      this.#bar = new SingleBar({
        stream: this.#output.stream,
        format: `${label.padEnd(8)} [{bar}] {percentage}% {value}/{total}`,
        barCompleteChar: '=',
        barIncompleteChar: ' ',
        gracefulExit: false, // signals are the program's affair
      });
      this.#bar.start(total, done);
    } else {
      this.#bar.setTotal(total);
      this.#bar.update(done);
    }
  }

  #print(label: string, done: number, total: number): void {
    const now = this.#clock.monotonic();
    const finished = done >= total;
    if (finished ? this.#finished : now - this.#shownAt < LINE_EVERY_MS) return;
    this.#shownAt = now;
    this.#finished = finished;
    this.#output.post(`${label} ${done}/${total}`);
  }
}
