/** What tests of applications need: time, network, chance, names and a remote node under their control. */
export { MemoryPeerStore } from '../persistence/memory-peer-store.js';
export { ConditionNotMetError } from './condition-not-met.error.js';
export { ConnectionResetError } from './connection-reset.error.js';
export { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.js';
export { MemoryResolver } from './memory-resolver.js';
export { ScriptError } from './script.error.js';
export type { ScriptedListener } from './scripted-listener.js';
export { ScriptedPeer, type ScriptedPeerOptions } from './scripted-peer.js';
export { SeededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';
