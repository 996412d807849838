import type { Sendable } from '../common/dialect.js';
import type { InventoryKind } from '../common/inventory.js';
import type { RemoteProfile } from '../common/remote-profile.js';
import type { N3Message } from './payloads.js';

type Grudge = 'dropsFilters' | 'dropsAlerts' | 'dropsExtensions';

/** Commands that some nodes close the connection for, and the profile's field that tells which nodes do. */
const grudges: Readonly<Partial<Record<N3Message['command'], Grudge>>> = Object.freeze({
  filterload: 'dropsFilters',
  filteradd: 'dropsFilters',
  reject: 'dropsAlerts',
  alert: 'dropsAlerts',
  getmptdata: 'dropsExtensions',
  mptdata: 'dropsExtensions',
});

/** Magics of the networks where neo-go takes notary requests (P2PSigExtensions): NeoFS MainNet and NeoFS TestNet. */
const NOTARY_NETWORKS: ReadonlySet<number> = new Set([91_414_437, 735_783_775]);

/** Whether a node of that profile on the network of that magic is known to close the connection when it is sent this. */
export function closesOn(profile: RemoteProfile, message: Sendable<N3Message>, magic: number): boolean {
  const { command } = message;
  if (command === 'inv' || command === 'getdata' || command === 'notfound') {
    return closesOnKind(profile, message.payload.kind, magic);
  }
  if (command === 'p2pnotaryrequest') return profile.dropsExtensions && !NOTARY_NETWORKS.has(magic);
  const grudge = grudges[command];
  return grudge !== undefined && profile[grudge];
}

function closesOnKind(profile: RemoteProfile, kind: InventoryKind, magic: number): boolean {
  if (kind !== 'notaryrequest') return false;
  return profile.dropsNotaryInventory || (profile.dropsExtensions && !NOTARY_NETWORKS.has(magic));
}
