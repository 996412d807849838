import * as z from 'zod';

/** Timers hold at most a signed 32-bit number of milliseconds (almost 25 days). */
export const LONGEST_MS = 2 ** 31 - 1;

/** A whole number in a range; the error says the range and the unit. */
export function integer(min: number, max: number, unit?: string) {
  const error = `a whole number from ${min} to ${max}${unit === undefined ? '' : ` (${unit})`}`;
  return z.number({ error }).refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

/** A time that a timer can hold, in milliseconds, and not 0. */
export const milliseconds = integer(1, LONGEST_MS, 'milliseconds');

/** A string for which `allows` is true. */
export function text(error: string, allows: (value: string) => boolean) {
  return z.string({ error }).refine(allows, { error });
}

/** One of these strings. */
export function choice<const T extends readonly [string, ...string[]]>(...values: T) {
  return z.enum(values, { error: values.map((value) => `'${value}'`).join(', ') });
}

/** An object with these keys and no others; the error names the keys there are. */
export function strictObject<T extends z.core.$ZodShape>(shape: T) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `no such option; there are ${keys}` : `an object with ${keys}`,
  });
}

/**
 * One schema or another, picked by looking at the value: unlike a union it keeps the path of what is wrong inside.
 */
export function choose<T extends z.ZodType>(pick: (value: unknown) => T) {
  return z.unknown().transform((value, context): z.output<T> => {
    const result = pick(value).safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}
