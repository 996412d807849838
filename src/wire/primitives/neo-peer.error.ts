/**
 * The root of every error this library throws. Subclasses carry a stable {@link code} and the facts as fields, so that
 * nobody has to compare texts; the original error, where there is one, is in `cause`.
 *
 * @publicApi
 */
export abstract class NeoPeerError extends Error {
  /** Stable, machine-readable name of the error: the class name in capitals without `Error`, prefixed `NEO_PEER_`. */
  abstract readonly code: `NEO_PEER_${string}`;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
