import type { Ban } from '../../persistence/ban.js';

/** The last millisecond that a date can be (ECMAScript), in the year 275760. */
const LAST_MS = 8.64e15;

/**
 * Whether a new ban takes the place of one of the same subject. An operator's replaces any, and no automatic one replaces an
 * operator's. Of two automatic ones it is the one that is acted upon, then the one that ends later.
 *
 * @internal
 */
export function replaces(ban: Ban, there: Ban): boolean {
  if (ban.author === 'operator') return true;
  if (there.author === 'operator') return false;
  if (isDryRun(ban) !== isDryRun(there)) return isDryRun(there);
  return ban.untilMs > there.untilMs;
}

/**
 * Which of two bans of the same subject to keep when neither is newer: nobody is to be freed by that, so it is the one that
 * is acted upon, then the one that ends later, then the operator's.
 *
 * @internal
 */
export function outlasts(ban: Ban, other: Ban): boolean {
  if (isDryRun(ban) !== isDryRun(other)) return isDryRun(other);
  if (ban.untilMs !== other.untilMs) return ban.untilMs > other.untilMs;
  return ban.author === 'operator' && other.author !== 'operator';
}

/**
 * Whether a ban has an end that can be told: not infinity, nor what is no number or no date.
 *
 * @internal
 */
export function hasEnd(ban: Ban): boolean {
  return ban.untilMs <= LAST_MS;
}

/**
 * Whether a ban is only recorded.
 *
 * @internal
 */
export function isDryRun(ban: Ban): boolean {
  return ban.dryRun === true;
}
