import { formatAddress } from '../../environment/address.js';
import type { Peer } from '../../peer/peer.js';
import type { Column } from '../table.js';
import { durationText } from './duration-text.js';

/** The live table of peers. */
export function peerColumns(nowMs: number): readonly Column<Peer>[] {
  return [
    { title: 'address', text: (peer) => formatAddress(peer.remoteAddress) },
    { title: 'way', text: (peer) => (peer.direction === 'inbound' ? 'in' : 'out') },
    { title: 'height', align: 'right', text: (peer) => String(peer.height) },
    {
      title: 'ping ms',
      align: 'right',
      text: ({ latencyMs }) => (latencyMs === undefined ? '-' : latencyMs.toFixed(1)),
    },
    { title: 'in', align: 'right', text: ({ traffic }) => `${traffic.in.messages} / ${bytes(traffic.in.bytes)}` },
    { title: 'out', align: 'right', text: ({ traffic }) => `${traffic.out.messages} / ${bytes(traffic.out.bytes)}` },
    { title: 'up', align: 'right', text: (peer) => durationText(nowMs - peer.createdAtMs) },
    { title: 'user agent', text: (peer) => peer.version?.userAgent ?? '' },
  ];
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
