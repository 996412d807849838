/**
 * Whoever makes connections by itself: started when connections may be made, stopped before they end.
 *
 * @internal
 */
export abstract class ConnectionKeeper {
  /** Begins. What the store knows may still be coming in. */
  abstract start(): void;
  /** Makes no more connections; those that stand are ended by somebody else. */
  abstract stop(): void;
}
