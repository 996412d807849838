import type { Sendable } from '../common/dialect.js';
import type { InventoryKind } from '../common/inventory.js';
import type { RemoteProfile } from '../common/remote-profile.js';
import type { LegacyMessage } from './payloads.js';

type Grudge = 'dropsPings' | 'dropsFilters' | 'dropsStateRoots';

/** Commands that some nodes close the connection for, and the profile's field that tells which nodes do. */
const grudges: Readonly<Partial<Record<LegacyMessage['command'], Grudge>>> = Object.freeze({
  ping: 'dropsPings',
  filterload: 'dropsFilters',
  filteradd: 'dropsFilters',
  filterclear: 'dropsFilters',
  getroots: 'dropsStateRoots',
  roots: 'dropsStateRoots',
  stateroot: 'dropsStateRoots',
});

/** Whether a node of that profile is known to close the connection when it is sent this. */
export function closesOn(profile: RemoteProfile, message: Sendable<LegacyMessage>): boolean {
  const { command } = message;
  if (command === 'inv' || command === 'getdata') return closesOnKind(profile, command, message.payload.kind);
  const grudge = grudges[command];
  return grudge !== undefined && profile[grudge];
}

function closesOnKind(profile: RemoteProfile, command: 'inv' | 'getdata', kind: InventoryKind): boolean {
  if (kind === 'stateroot') return profile.dropsStateRoots;
  return kind === 'consensus' && command === 'inv' && profile.dropsConsensus;
}
