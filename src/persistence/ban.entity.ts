import { EntitySchema } from 'typeorm';
import type { BanAuthor } from './ban.js';
import { remoteText, wholeNumber } from './column-transformers.js';

/**
 * A ban as a row. Keyed by `network` and `subject`; see `Ban` for the fields.
 *
 * @publicApi
 */
export interface BanRow {
  /** `NetworkDefinition.name`, or empty: of every network. */
  readonly network: string;
  readonly subject: string;
  readonly reason: string;
  readonly evidence: string | null;
  readonly author: BanAuthor;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** 1 = true. Not a boolean column: databases disagree about those. */
  readonly dryRun: 0 | 1;
}

/**
 * The table of {@link BanRow}; see `PeerRecordEntity` for the choice of types.
 *
 * @publicApi
 */
export const BanEntity = new EntitySchema<BanRow>({
  name: 'Ban',
  tableName: 'ban',
  columns: {
    network: { name: 'network', type: 'varchar', primary: true },
    subject: { name: 'subject', type: 'varchar', primary: true },
    reason: { name: 'reason', type: 'varchar', transformer: remoteText },
    evidence: { name: 'evidence', type: 'varchar', nullable: true, transformer: remoteText },
    author: { name: 'author', type: 'varchar' },
    sinceMs: { name: 'since_ms', type: 'bigint', transformer: wholeNumber },
    untilMs: { name: 'until_ms', type: 'bigint', transformer: wholeNumber },
    dryRun: { name: 'dry_run', type: 'integer' },
  },
});
