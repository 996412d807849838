/** What tests of applications need: time, network, chance, names and a remote node under their control. */
export { MemoryPeerStore } from '../persistence/memory-peer-store.js';
export { ConditionNotMetError } from './condition-not-met.error.js';
export { ConnectionResetError } from './connection-reset.error.js';
export { MemoryNetwork } from './memory-network.js';
export { ConnectAnswer, type LinkConditions, type MemoryNetworkOptions } from './memory-network-options.js';
export { MemoryResolver } from './memory-resolver.js';
export { ScriptError } from './script.error.js';
export type { ScriptedListener } from './scripted-listener.js';
export { ScriptedPeer, type ScriptedPeerOptions } from './scripted-peer.js';
export { SeededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';

// A world of many nodes.
export { Adversary, type AdversaryOptions } from './simulator/adversaries/adversary.js';
export { AdversaryKind } from './simulator/adversaries/adversary-kind.js';
export { AdversarySession } from './simulator/adversaries/adversary-session.js';
export { Conduct, PoliteConduct } from './simulator/adversaries/conduct.js';
export { ToldAddresses } from './simulator/adversaries/told-addresses.js';
export { NodeStateError } from './simulator/node-state.error.js';
export { SimulatedNode, type KnownAddress } from './simulator/simulated-node.js';
export { Simulator } from './simulator/simulator.js';
export type { SimulatedPeerOptions, SimulatorOptions } from './simulator/simulator-options.js';
