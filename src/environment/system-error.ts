/**
 * The stable name Node gives a system's error, such as `ECONNREFUSED`; undefined where there is none. Looks at the field
 * alone: in a test runner's sandbox the system's errors are instances of another realm's `Error`.
 *
 * @internal
 */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
