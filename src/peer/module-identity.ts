/** What a module without a name is called where something has to be said, in log lines and job names. */
export const DEFAULT_PEER_NAME = 'default';

/**
 * Stands in every `PeerModule` of an application, so that one can be told from another. Has no state: one module object
 * may be imported by two applications.
 *
 * @internal
 */
export class PeerModuleIdentity {
  constructor(
    /** As given to `forRoot`; undefined is the default module. */
    readonly name: string | undefined,
  ) {}

  /** For humans. */
  get label(): string {
    return this.name ?? DEFAULT_PEER_NAME;
  }

  /** Whether a listener's `{ peer }` means this module. */
  answersTo(peer: string | undefined): boolean {
    return (peer ?? DEFAULT_PEER_NAME) === this.label;
  }
}
