import type { Clock } from '../../environment/clock.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { BookRecord } from './book-record.js';

/**
 * What an address book is made of.
 *
 * @internal
 */
export interface AddressBookParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** The network group of a host, as text. */
  readonly group: (host: string) => string;
  /** The most rows, at least 2. */
  readonly maximum: number;
  /** Decides who stands where; at least 16 bytes. Keep it: with another one everybody stands elsewhere. */
  readonly secret: Uint8Array;
  /** Is told of each address that went, once, when all is done; not of those that `remove` took out. */
  readonly dropped: (record: BookRecord) => void;
  /** Seeds and addresses that the user named are dropped for nobody and never expire. Default: none. */
  readonly isProtected?: (record: BookRecord) => boolean;
}
