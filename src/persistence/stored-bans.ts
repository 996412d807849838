import type { BanRow } from './ban.entity.js';
import type { Ban, BanAuthor } from './ban.js';

const AUTHORS: Readonly<Record<BanAuthor, true>> = Object.freeze({ automatic: true, operator: true });

/**
 * A ban as it is kept.
 *
 * @internal
 */
export function banRow(network: string, ban: Ban): BanRow {
  const { subject, reason, evidence, author, sinceMs, untilMs, dryRun } = ban;
  return { network, subject, reason, evidence: evidence ?? null, author, sinceMs, untilMs, dryRun: dryRun ? 1 : 0 };
}

/**
 * The ban of a row.
 *
 * @internal
 */
export function banOf({ subject, reason, evidence, author, sinceMs, untilMs, dryRun }: BanRow): Ban {
  const ban = { subject, reason, author, sinceMs, untilMs };
  return { ...ban, ...(evidence === null ? {} : { evidence }), ...(dryRun === 1 ? { dryRun: true } : {}) };
}

/**
 * The ban of a row as it came from the database, or undefined if it can't be one of ours: it is damaged, somebody else wrote
 * it, or a newer version did.
 *
 * @internal
 */
export function checkedBan(row: BanRow): Ban | undefined {
  const { subject, reason, evidence, author, sinceMs, untilMs, dryRun } = row;
  const sound =
    typeof subject === 'string' && // SQLite keeps bytes in any column
    subject !== '' &&
    typeof reason === 'string' &&
    (evidence === null || typeof evidence === 'string') &&
    Object.hasOwn(AUTHORS, author) &&
    Number.isFinite(sinceMs) &&
    Number.isFinite(untilMs) &&
    (dryRun === 0 || dryRun === 1);
  return sound ? banOf(row) : undefined;
}
