export type { PingFields } from '../common/ping-view.js';
export { AddrPayload } from './addr.payload.js';
export { AttributeUsage, attributeUsageName, type AttributeUsageName, type TransactionAttribute } from './attribute.js';
export { LegacyBlockHeader, type LegacyHeaderFields } from './block-header.js';
export { LegacyBlock, type LegacyBlockFields } from './block.js';
export { ConsensusPayload, type ConsensusFields } from './consensus.payload.js';
export { EmptyPayload } from './empty.payload.js';
export { FilterAddPayload, FilterLoadPayload } from './filter.payloads.js';
export { genesisBlock, STANDBY_VALIDATORS } from './genesis.js';
export { HashRangePayload } from './hash-range.payload.js';
export { HeadersPayload } from './headers.payload.js';
export { InventoryPayload, InventoryType, type LegacyInventoryKind } from './inventory.payload.js';
export { matches } from './merkle-block-filter.js';
export type { ElementFilter } from '../common/element-filter.js';
export type { MerkleLeaf } from '../common/merkle-block-shapes.js';
export { MerkleBlockPayload, type MerkleBlockFields } from './merkle-block.payload.js';
export { OpaquePayload } from './opaque.payload.js';
export type { LegacyPayloads } from './payloads.js';
export { PingPayload } from './ping.payload.js';
export { GetRootsPayload, RootsPayload, type GetRootsFields } from './roots.payloads.js';
export {
  invocationScript,
  LEGACY_ADDRESS_VERSION,
  legacyAddress,
  multisignatureScript,
  parseInvocationScript,
  parseVerificationScript,
  scriptHash,
  signatureScript,
  type StandardScript,
} from './script.js';
export { StateRoot, type StateRootFields } from './state-root.js';
export { GOVERNING_TOKEN, UTILITY_TOKEN } from './transaction-asset.js';
export * from './transaction-data.js';
export type { TransactionInput } from './transaction-input.js';
export type { TransactionOutput } from './transaction-output.js';
export { TransactionType, transactionTypeName, type TransactionTypeName } from './transaction-type.js';
export { LegacyTransaction, type LegacyTransactionFields } from './transaction.js';
export { VersionPayload, type VersionFields } from './version.payload.js';
