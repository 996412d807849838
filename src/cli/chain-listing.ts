import type { ChainPart } from './chain-part.js';
import type { CommandContext } from './command-context.js';
import { IncompleteError } from './incomplete.error.js';
import { MissingBlockError } from './missing-block.error.js';
import type { Output } from './output.js';
import { ProgressDisplay } from './progress-display.js';

/** Items between two updates of the progress display. */
const SHOW_EVERY = 100;

/** A part of a chain that is printed, or written. */
export interface ChainListing<T> {
  readonly what: 'headers' | 'blocks';
  readonly part: ChainPart;
  readonly items: AsyncIterable<T>;
  /** Whether {@link put} prints lines, which are progress enough on a terminal. */
  readonly isPrinted: boolean;
  /** Whether progress is left out: with --json, stderr is for programs as well. */
  readonly isQuiet: boolean;
  /** Prints or writes one; undefined when the next may follow at once. */
  readonly put: (item: T) => Promise<void> | undefined;
}

/**
 * Puts out what comes, with progress on stderr, and says there what was taken on trust, or that there is nothing.
 *
 * @throws IncompleteError when fewer came than were wanted
 * @internal
 */
export async function listChain<T extends { readonly index: number }>(
  { what, part, items, isPrinted, isQuiet, put }: ChainListing<T>,
  { out, err, clock }: CommandContext,
): Promise<void> {
  const { peer, start, chain, count } = part;
  const isSeen = isPrinted && out.isTerminal && err.isTerminal;
  const progress = isQuiet || isSeen ? undefined : new ProgressDisplay(err, clock);
  let done = 0;
  const show = (index: number): void =>
    progress?.update(what, done, Math.min(count, done + Math.max(peer.height - index, 0)));
  let last = 0;
  try {
    for await (const item of items) {
      if (done === 0 && chain.trusted !== undefined) tellTrust(chain.trusted.index, err);
      const full = put(item);
      if (full !== undefined) await full;
      last = item.index;
      done++;
      if (done % SHOW_EVERY === 0) show(last);
    }
    if (done > 0) show(last);
    else err.post(`no ${what} ${start.text}: the node's height is ${peer.height}`);
  } catch (error) {
    if (count === Infinity || !(error instanceof MissingBlockError)) throw error;
    throw new IncompleteError(count, done, what, { cause: error });
  } finally {
    progress?.stop();
  }
  if (count < Infinity && done < count) throw new IncompleteError(count, done, what);
}

function tellTrust(index: number, err: Output): void {
  err.post(`header ${index} is taken on trust: the one before it, which names its signers, is not known`);
}
