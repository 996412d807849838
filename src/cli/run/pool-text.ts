import type { PoolStatus } from '../../pool/peer-pool.js';
import { durationText } from './duration-text.js';

/** How the pool is doing, in one line; what is wrong comes first, so that a narrow terminal doesn't cut it off. */
export function poolText(status: PoolStatus, nowMs: number): string {
  const { outbound, kept, inbound, groups, book, bans, evicted } = status;
  const parts = [
    ...troubleTexts(status, nowMs),
    ...(outbound.wanted > 0 ? [`outbound ${outbound.ready}/${outbound.wanted}${diallingText(outbound.dialling)}`] : []),
    ...(kept.wanted > 0 ? [`kept ${kept.ready}/${kept.wanted}`] : []),
    ...(inbound.allowed > 0 ? [`inbound ${inbound.connected}/${inbound.allowed}`] : []),
    counted(groups, 'group'),
    `book ${book.known} (${book.tried} tried)`,
    counted(bans, 'ban'),
    ...refusedTexts(status),
    ...(evicted > 0 ? [`evicted ${evicted}`] : []),
  ];
  return parts.join(', ');
}

function troubleTexts({ starvedSinceMs, bansFrozenUntilMs }: PoolStatus, nowMs: number): string[] {
  const texts: string[] = [];
  if (starvedSinceMs !== undefined) texts.push(`STARVED for ${durationText(nowMs - starvedSinceMs)}`);
  if (bansFrozenUntilMs !== undefined) {
    texts.push(`automatic bans FROZEN for ${durationText(bansFrozenUntilMs - nowMs)}`);
  }
  return texts;
}

function diallingText(count: number): string {
  return count > 0 ? ` (${count} dialling)` : '';
}

/** Refusals in all, then by reason, the most frequent first. */
function refusedTexts({ refused }: PoolStatus): string[] {
  const counts = Object.entries(refused)
    .filter(([, count]) => count > 0)
    .toSorted((a, b) => b[1] - a[1]);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return [`refused ${total} (${counts.map(([reason, count]) => `${reason} ${count}`).join(', ')})`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
