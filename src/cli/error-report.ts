import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';
import { printable } from './table.js';

/** What a human or a program is told of an error: one line, no stack. */
interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}

/** The code of an error that is neither ours nor the system's. */
const INTERNAL = 'NEO_PEER_INTERNAL';

/**
 * An error as one line.
 *
 * @param asJson as `{"error":{"code","message",…}}` with the error's facts, else as text
 * @internal
 */
export function describeError(error: unknown, asJson: boolean): string {
  const report = reportOf(error);
  if (!asJson) return `error: ${report.code}: ${report.message}`;
  return JSON.stringify({ error: report }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { code: INTERNAL, message: oneLine(String(error)) };
  const message = oneLine(error.message) || error.name;
  if (!(error instanceof NeoPeerError)) {
    const { code } = error as NodeJS.ErrnoException;
    return { code: typeof code === 'string' ? code : INTERNAL, message };
  }
  const { name: _name, code: _code, ...facts } = Object.fromEntries(Object.entries(error));
  return { code: error.code, message, ...facts };
}

function oneLine(text: string): string {
  return printable(text.trim().replace(/\s*\n\s*/g, ' '));
}
