import type * as z from 'zod';
import { OptionsError } from './options.error.js';

/**
 * Refuses what a schema refuses.
 *
 * @throws OptionsError for the first thing that is wrong
 * @internal
 */
export function checkOptions(schema: z.ZodType, given: unknown): void {
  const parsed = schema.safeParse(given);
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknownKey];
  throw new OptionsError(pathText(path), valueAt(given, path), issue.message);
}

/** `seeds[2]`, `timeouts.idleMs`; empty for the options as a whole. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return `${text}${text === '' ? '' : '.'}${String(key)}`;
  }, '');
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);
}
