import type { Ban } from '../persistence/ban.js';
import { printable } from './table.js';

/** When a change in the database shows. */
export const FROM_THEN_ON = "from the node's next start on";

/** A ban as JSON has it: times as ISO 8601 texts. What isn't there in most bans is only there where it is. */
export interface BanFacts {
  readonly subject: string;
  readonly reason: string;
  readonly author: Ban['author'];
  readonly since: string;
  readonly until: string;
  /** What was seen. */
  readonly evidence?: string;
  /** It is only recorded. */
  readonly dryRun?: true;
}

/** A ban for a program. */
export function banFacts({ subject, reason, author, sinceMs, untilMs, evidence, dryRun }: Ban): BanFacts {
  const facts = { subject, reason, author, since: timeText(sinceMs), until: timeText(untilMs) };
  return { ...facts, ...(evidence === undefined ? {} : { evidence }), ...(dryRun === true ? { dryRun } : {}) };
}

/** A ban for a human, behind a verb. */
export function banText({ subject, until, reason, evidence }: BanFacts): string {
  const seen = evidence === undefined ? '' : `, ${printable(evidence)}`;
  return `${subject} until ${until}: ${printable(reason)}${seen}`;
}

/** ISO 8601; what no date can hold is said so, since rows may be somebody else's. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}
