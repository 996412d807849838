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
      return undefined;
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
