export type { ElementFilter } from '../common/element-filter.js';
export type { MerkleLeaf } from '../common/merkle-block-shapes.js';
export type { PingFields } from '../common/ping-view.js';
export { AddrPayload, type N3Address } from './addr.payload.js';
export * from './attribute.js';
export { N3BlockHeader, type N3HeaderFields } from './block-header.js';
export { N3Block, type N3BlockFields } from './block.js';
export * from './consensus-message.js';
export { EmptyPayload } from './empty.payload.js';
export { ExtensiblePayload, type ExtensibleFields } from './extensible.payload.js';
export { FilterAddPayload, FilterLoadPayload } from './filter.payloads.js';
export { genesisBlock, STANDBY_VALIDATORS } from './genesis.js';
export { HashRangePayload, type HashRangeFields } from './hash-range.payload.js';
export { signedData } from './header-verification.js';
export { HeadersPayload } from './headers.payload.js';
export { IndexRangePayload, type IndexRangeFields } from './index-range.payload.js';
export { InventoryPayload, InventoryType, type N3InventoryKind } from './inventory.payload.js';
export { matches } from './merkle-block-filter.js';
export { MerkleBlockPayload, type MerkleBlockFields } from './merkle-block.payload.js';
export { GetMptDataPayload, MptDataPayload } from './mpt-data.payloads.js';
export { NotaryRequestPayload, type NotaryRequestFields } from './notary-request.payload.js';
export { OpaquePayload } from './opaque.payload.js';
export type { N3Payloads } from './payloads.js';
export { PingPayload } from './ping.payload.js';
export {
  consensusAddress,
  invocationScript,
  multisignatureScript,
  N3_ADDRESS_VERSION,
  n3Address,
  parseInvocationScript,
  parseVerificationScript,
  scriptHash,
  signatureScript,
  type StandardScript,
} from './script.js';
export { WitnessScope, witnessScopeNames, type Signer } from './signer.js';
export * from './state-message.js';
export { N3Transaction, type N3TransactionFields } from './transaction.js';
export { TrieNodes } from './trie-nodes.js';
export { VersionPayload, type VersionFields } from './version.payload.js';
export * from './witness-condition.js';
export { WitnessRuleAction, type WitnessRule } from './witness-rule.js';
