import type { ByteReader } from '../primitives/byte-reader.js';
import { AddrPayload } from './addr.payload.js';
import { N3Block } from './block.js';
import { EmptyPayload } from './empty.payload.js';
import { ExtensiblePayload } from './extensible.payload.js';
import { FilterAddPayload, FilterLoadPayload } from './filter.payloads.js';
import { HashRangePayload } from './hash-range.payload.js';
import { HeadersPayload } from './headers.payload.js';
import { IndexRangePayload } from './index-range.payload.js';
import { InventoryPayload } from './inventory.payload.js';
import { MerkleBlockPayload } from './merkle-block.payload.js';
import { GetMptDataPayload, MptDataPayload } from './mpt-data.payloads.js';
import { NotaryRequestPayload } from './notary-request.payload.js';
import { OpaquePayload } from './opaque.payload.js';
import { PingPayload } from './ping.payload.js';
import { N3Transaction } from './transaction.js';
import { VersionPayload } from './version.payload.js';

/**
 * Every command of NEO N3 by its common name, with its payload.
 *
 * @publicApi
 */
export interface N3Payloads {
  version: VersionPayload;
  verack: EmptyPayload;
  getaddr: EmptyPayload;
  addr: AddrPayload;
  ping: PingPayload;
  pong: PingPayload;
  getheaders: IndexRangePayload;
  headers: HeadersPayload;
  getblocks: HashRangePayload;
  mempool: EmptyPayload;
  inv: InventoryPayload;
  getdata: InventoryPayload;
  getblockbyindex: IndexRangePayload;
  notfound: InventoryPayload;
  transaction: N3Transaction;
  block: N3Block;
  extensible: ExtensiblePayload;
  reject: OpaquePayload;
  filterload: FilterLoadPayload;
  filteradd: FilterAddPayload;
  filterclear: EmptyPayload;
  merkleblock: MerkleBlockPayload;
  alert: OpaquePayload;
  p2pnotaryrequest: NotaryRequestPayload;
  getmptdata: GetMptDataPayload;
  mptdata: MptDataPayload;
}

/** The common name of a command. */
export type N3Command = keyof N3Payloads;

/** A received message: `command` tells what `payload` is. */
export type N3Message = {
  [K in N3Command]: {
    readonly dialect: 'n3';
    readonly command: K;
    readonly payload: N3Payloads[K];
    readonly size: number;
  };
}[N3Command];

/** A payload class, as far as the codec needs it. */
export interface PayloadDecoder<P> {
  /** @throws DecodeError */
  decode(reader: ByteReader): P;
}

/** What the codec needs to know of a command. */
export interface CommandCodec<K extends N3Command = N3Command> {
  readonly name: K;
  /** The command byte of its frames. */
  readonly byte: number;
  readonly payload: PayloadDecoder<N3Payloads[K]>;
}

/** The one table of commands. */
const codecs: { readonly [K in N3Command]: CommandCodec<K> } = Object.freeze({
  version: codec('version', 0x00, VersionPayload),
  verack: codec('verack', 0x01, EmptyPayload),
  getaddr: codec('getaddr', 0x10, EmptyPayload),
  addr: codec('addr', 0x11, AddrPayload),
  ping: codec('ping', 0x18, PingPayload),
  pong: codec('pong', 0x19, PingPayload),
  getheaders: codec('getheaders', 0x20, IndexRangePayload),
  headers: codec('headers', 0x21, HeadersPayload),
  getblocks: codec('getblocks', 0x24, HashRangePayload),
  mempool: codec('mempool', 0x25, EmptyPayload),
  inv: codec('inv', 0x27, InventoryPayload),
  getdata: codec('getdata', 0x28, InventoryPayload),
  getblockbyindex: codec('getblockbyindex', 0x29, IndexRangePayload),
  notfound: codec('notfound', 0x2a, InventoryPayload),
  transaction: codec('transaction', 0x2b, N3Transaction),
  block: codec('block', 0x2c, N3Block),
  extensible: codec('extensible', 0x2e, ExtensiblePayload),
  reject: codec('reject', 0x2f, OpaquePayload),
  filterload: codec('filterload', 0x30, FilterLoadPayload),
  filteradd: codec('filteradd', 0x31, FilterAddPayload),
  filterclear: codec('filterclear', 0x32, EmptyPayload),
  merkleblock: codec('merkleblock', 0x38, MerkleBlockPayload),
  alert: codec('alert', 0x40, OpaquePayload),
  p2pnotaryrequest: codec('p2pnotaryrequest', 0x50, NotaryRequestPayload),
  getmptdata: codec('getmptdata', 0x51, GetMptDataPayload),
  mptdata: codec('mptdata', 0x52, MptDataPayload),
});

/** By command byte; an array, because that is what a byte is looked up in fastest. */
const byByte: readonly (CommandCodec | undefined)[] = Object.freeze(
  Array.from({ length: 256 }, (_, byte) => Object.values<CommandCodec>(codecs).find((entry) => entry.byte === byte)),
);

/** The common name of every command. */
export const n3Commands: readonly N3Command[] = Object.freeze(
  Object.values<CommandCodec>(codecs).map(({ name }) => name),
);

/** The codec of a command by its common name. */
export function codecOf<K extends N3Command>(command: K): CommandCodec<K> {
  return codecs[command];
}

/** The codec of the command whose frames carry this byte. */
export function findCommand(byte: number): CommandCodec | undefined {
  return byByte[byte];
}

/** The command of that name; `tx` is understood, as in Legacy. */
export function commandNamed(name: string): N3Command | undefined {
  if (name === 'tx') return 'transaction';
  return Object.hasOwn(codecs, name) ? (name as N3Command) : undefined;
}

function codec<K extends N3Command>(name: K, byte: number, payload: PayloadDecoder<N3Payloads[K]>): CommandCodec<K> {
  return Object.freeze({ name, byte, payload });
}
