/**
 * A verdict on an address or subnet, with an end.
 *
 * @publicApi
 */
export interface Ban {
  /** IP address or CIDR (`10.0.0.0/8`), in canonical text. */
  readonly subject: string;
  /** A kind of misbehaviour, or an operator's words. */
  readonly reason: string;
  /** What was seen, for humans. */
  readonly evidence?: string;
  readonly author: BanAuthor;
  /** When it began, milliseconds since 1970. */
  readonly sinceMs: number;
  /** When it ends, milliseconds since 1970. There is no ban without an end. */
  readonly untilMs: number;
  /** Recorded, but not acted upon. @default false */
  readonly dryRun?: boolean;
}

/**
 * Who banned: the pool by itself, or a person.
 *
 * @publicApi
 */
export type BanAuthor = 'automatic' | 'operator';
