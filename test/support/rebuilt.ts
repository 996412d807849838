import type { View } from '../../src/wire/common/view.js';
import * as legacy from '../../src/wire/legacy/index.js';
import type { LegacyPayloads } from '../../src/wire/legacy/payloads.js';
import type { Message } from '../../src/wire/messages.js';
import * as n3 from '../../src/wire/n3/index.js';
import type { N3Payloads } from '../../src/wire/n3/payloads.js';

/** For each command, how its payload is made anew from the fields of one. */
type Rebuilders<P> = { readonly [K in keyof P]: (payload: P[K]) => View };

const n3Header = (header: n3.N3BlockHeader): n3.N3BlockHeader => n3.N3BlockHeader.from(header);
const n3Transaction = (transaction: n3.N3Transaction): n3.N3Transaction => n3.N3Transaction.from(transaction);
const n3Inventory = ({ kind, hashes }: n3.InventoryPayload): View =>
  n3.InventoryPayload.from({ kind, hashes: [...hashes] });

const N3: Rebuilders<N3Payloads> = {
  version: (payload) => n3.VersionPayload.from(payload),
  verack: () => n3.EmptyPayload.from(),
  getaddr: () => n3.EmptyPayload.from(),
  addr: ({ addresses }) => n3.AddrPayload.from({ addresses }),
  ping: (payload) => n3.PingPayload.from(payload),
  pong: (payload) => n3.PingPayload.from(payload),
  getheaders: (payload) => n3.IndexRangePayload.from(payload),
  headers: ({ headers }) => n3.HeadersPayload.from({ headers: headers.map(n3Header) }),
  getblocks: (payload) => n3.HashRangePayload.from(payload),
  mempool: () => n3.EmptyPayload.from(),
  inv: n3Inventory,
  getdata: n3Inventory,
  getblockbyindex: (payload) => n3.IndexRangePayload.from(payload),
  notfound: n3Inventory,
  transaction: n3Transaction,
  block: ({ header, transactions }) =>
    n3.N3Block.from({ header: n3Header(header), transactions: transactions.map(n3Transaction) }),
  extensible: (payload) => n3.ExtensiblePayload.from(payload),
  reject: (payload) => n3.OpaquePayload.from(payload),
  filterload: (payload) => n3.FilterLoadPayload.from(payload.toBloomFilter()),
  filteradd: (payload) => n3.FilterAddPayload.from(payload),
  filterclear: () => n3.EmptyPayload.from(),
  merkleblock: ({ header, transactionCount, hashes, flags }) =>
    n3.MerkleBlockPayload.from({ header: n3Header(header), transactionCount, hashes: [...hashes], flags }),
  alert: (payload) => n3.OpaquePayload.from(payload),
  p2pnotaryrequest: ({ main, fallback, witness }) =>
    n3.NotaryRequestPayload.from({ main: n3Transaction(main), fallback: n3Transaction(fallback), witness }),
  getmptdata: ({ hashes }) => n3.GetMptDataPayload.from({ hashes: [...hashes] }),
  mptdata: ({ nodes }) => n3.MptDataPayload.from({ nodes }),
};

const legacyHeader = (header: legacy.LegacyBlockHeader): legacy.LegacyBlockHeader =>
  legacy.LegacyBlockHeader.from(header);
const legacyTransaction = (transaction: legacy.LegacyTransaction): legacy.LegacyTransaction =>
  legacy.LegacyTransaction.from(transaction);
const legacyInventory = ({ kind, hashes }: legacy.InventoryPayload): View =>
  legacy.InventoryPayload.from({ kind, hashes: [...hashes] });
const legacyRange = ({ starts, stop }: legacy.HashRangePayload): View =>
  legacy.HashRangePayload.from({ starts: [...starts], stop });

const LEGACY: Rebuilders<LegacyPayloads> = {
  version: (payload) => legacy.VersionPayload.from(payload),
  verack: () => legacy.EmptyPayload.from(),
  getaddr: () => legacy.EmptyPayload.from(),
  addr: ({ addresses }) => legacy.AddrPayload.from({ addresses }),
  getheaders: legacyRange,
  headers: ({ headers }) => legacy.HeadersPayload.from({ headers: headers.map(legacyHeader) }),
  getblocks: legacyRange,
  inv: legacyInventory,
  getdata: legacyInventory,
  block: ({ header, transactions }) =>
    legacy.LegacyBlock.from({ header: legacyHeader(header), transactions: transactions.map(legacyTransaction) }),
  transaction: legacyTransaction,
  consensus: (payload) => legacy.ConsensusPayload.from(payload),
  mempool: () => legacy.EmptyPayload.from(),
  ping: (payload) => legacy.PingPayload.from(payload),
  pong: (payload) => legacy.PingPayload.from(payload),
  filterload: (payload) => legacy.FilterLoadPayload.from(payload.toBloomFilter()),
  filteradd: (payload) => legacy.FilterAddPayload.from(payload),
  filterclear: () => legacy.EmptyPayload.from(),
  merkleblock: ({ header, transactionCount, hashes, flags }) =>
    legacy.MerkleBlockPayload.from({ header: legacyHeader(header), transactionCount, hashes: [...hashes], flags }),
  getroots: (payload) => legacy.GetRootsPayload.from(payload),
  roots: ({ roots }) => legacy.RootsPayload.from({ roots: roots.map((root) => legacy.StateRoot.from(root)) }),
  stateroot: (payload) => legacy.StateRoot.from(payload),
  alert: (payload) => legacy.OpaquePayload.from(payload),
  notfound: (payload) => legacy.OpaquePayload.from(payload),
  reject: (payload) => legacy.OpaquePayload.from(payload),
};

/**
 * The payload of that message made anew by `from`, down to its headers and transactions, out of the fields that it shows. The
 * `raw` of what was received proves nothing, for it is the bytes received.
 */
export function rebuilt({ dialect, command, payload }: Pick<Message, 'dialect' | 'command' | 'payload'>): View {
  const rebuilders: object = dialect === 'n3' ? N3 : LEGACY;
  return (rebuilders as Readonly<Record<string, (payload: View) => View>>)[command]!(payload);
}
