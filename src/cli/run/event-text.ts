import { banText } from '../ban-facts.js';
import { printable } from '../table.js';
import type { RunEvent, SummaryEvent } from './run-event.js';

/** An event for a human; undefined for what is shown in another way. */
export function eventText(event: RunEvent): string | undefined {
  switch (event.event) {
    case 'listening':
      return `listening on ${event.address}${event.replaces === undefined ? '' : ` (${event.replaces} was taken)`}`;
    case 'ready':
      return `ready ${event.address} ${event.direction}, height ${event.height}, ${printable(event.userAgent ?? '')}`;
    case 'disconnected':
      return `disconnected ${event.address}: ${event.reason} (by ${event.by})`;
    case 'synced':
      return `synced ${event.headers} headers and ${event.blocks} blocks up to ${event.height} ${event.hash} in ${seconds(event.ms)}`;
    case 'block':
      return `block ${event.index} ${event.hash} ${event.size} bytes, ${event.transactions} transactions, from ${event.address}`;
    case 'storeFailed':
      return `the database can't be used: ${event.message}`;
    case 'storeRecovered':
      return 'the database can be used again';
    case 'summary':
      return summaryText(event);
    case 'connected':
    case 'progress':
    case 'pool':
    case 'refusedInbound':
      return undefined;
    case 'starved':
    case 'healed':
    case 'banned':
    case 'unbanned':
    case 'banBrake':
    case 'evicted':
      return poolEventText(event);
    default:
      return event satisfies never;
  }
}

/** What the pool tells. */
type Told = 'starved' | 'healed' | 'banned' | 'unbanned' | 'banBrake' | 'evicted';

function poolEventText(event: Extract<RunEvent, { readonly event: Told }>): string {
  switch (event.event) {
    case 'starved':
      return 'starved: no peer can be reached; every source of addresses is tried again and again';
    case 'healed':
      return 'healed: a peer can be reached again';
    case 'banned':
      return `${event.dryRun === true ? 'would be banned (dry run)' : 'banned'} ${banText(event)} (${event.author})`;
    case 'unbanned':
      return `unbanned ${event.subject}`;
    case 'banBrake':
      return `automatic bans are frozen: ${Math.round(event.share * 100)} % of all peers, or of those that we chose, would be banned, so the fault may be ours`;
    case 'evicted':
      return `evicted ${event.address} for a newcomer`;
    default:
      return event satisfies never;
  }
}

function summaryText({
  network,
  peers,
  headers,
  blocks,
  transactions,
  bytes,
  syncMs,
  ms,
  database,
}: SummaryEvent): string {
  const synced =
    syncMs === null
      ? ''
      : `, ${headers} headers and ${blocks} blocks (${transactions} transactions, ${bytes} bytes) in ${seconds(syncMs)}`;
  return `${network}: ${peers} peers${synced}; ran ${seconds(ms)}; saved to ${database}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
