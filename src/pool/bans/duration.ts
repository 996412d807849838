const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The longest duration that is read, in milliseconds: a hundred years of 365 days. More is a slip of the finger, and would run
 * into the end of what dates can hold.
 *
 * @internal
 */
export const MAX_DURATION_MS = 36_500 * DAY_MS;

/** From the largest down, as {@link PARTS} has them. */
const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

const PARTS = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/**
 * Reads how long something is to last: `30s`, `15m`, `24h`, `7d`, or several of them from the largest down, `1d12h`.
 *
 * @returns milliseconds; undefined for anything else, a plain number too, whose unit would be a guess, for nothing (`0s`) and
 *   for more than {@link MAX_DURATION_MS}
 * @internal
 */
export function parseDuration(text: string): number | undefined {
  const parts = PARTS.exec(text);
  if (parts === null) return undefined;
  const ms = UNITS.reduce((sum, [, unitMs], i) => sum + Number(parts[i + 1] ?? 0) * unitMs, 0);
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : undefined;
}

/**
 * Writes a duration as {@link parseDuration} reads it, in whole seconds. A second that has begun counts, so what is left of
 * something is `0s` only when it is over.
 *
 * @param ms milliseconds; negative ones are 0
 * @internal
 */
export function formatDuration(ms: number): string {
  let left = Math.max(0, Math.ceil(ms / SECOND_MS)) * SECOND_MS;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
