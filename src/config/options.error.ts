import { NeoPeerError } from '../wire/primitives/neo-peer.error.js';

/**
 * An option that can't be used.
 *
 * @publicApi
 */
export class OptionsError extends NeoPeerError {
  readonly code = 'NEO_PEER_OPTIONS';

  constructor(
    /** Where in the options, for example `timeouts.idleMs`; empty where they are no object at all. */
    readonly path: string,
    /** What was there. */
    readonly value: unknown,
    /** What may be there, for a human. */
    readonly allowed: string,
    options?: ErrorOptions,
  ) {
    super(`options${path === '' ? '' : `.${path}`}: ${describe(value)} given, allowed: ${allowed}`, options);
  }
}

/** Objects are named, not printed: there may be a password inside. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
