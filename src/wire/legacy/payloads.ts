import type { ByteReader } from '../primitives/byte-reader.js';
import { AddrPayload } from './addr.payload.js';
import { LegacyBlock } from './block.js';
import { ConsensusPayload } from './consensus.payload.js';
import { EmptyPayload } from './empty.payload.js';
import { FilterAddPayload, FilterLoadPayload } from './filter.payloads.js';
import { commandField, type CommandField } from './frame.js';
import { HashRangePayload } from './hash-range.payload.js';
import { HeadersPayload } from './headers.payload.js';
import { InventoryPayload } from './inventory.payload.js';
import { MerkleBlockPayload } from './merkle-block.payload.js';
import { OpaquePayload } from './opaque.payload.js';
import { PingPayload } from './ping.payload.js';
import { GetRootsPayload, RootsPayload } from './roots.payloads.js';
import { StateRoot } from './state-root.js';
import { LegacyTransaction } from './transaction.js';
import { VersionPayload } from './version.payload.js';

/**
 * Every command of NEO 2.x by its common name, with its payload.
 *
 * @publicApi
 */
export interface LegacyPayloads {
  version: VersionPayload;
  verack: EmptyPayload;
  getaddr: EmptyPayload;
  addr: AddrPayload;
  getheaders: HashRangePayload;
  headers: HeadersPayload;
  getblocks: HashRangePayload;
  inv: InventoryPayload;
  getdata: InventoryPayload;
  block: LegacyBlock;
  transaction: LegacyTransaction;
  consensus: ConsensusPayload;
  mempool: EmptyPayload;
  ping: PingPayload;
  pong: PingPayload;
  filterload: FilterLoadPayload;
  filteradd: FilterAddPayload;
  filterclear: EmptyPayload;
  merkleblock: MerkleBlockPayload;
  getroots: GetRootsPayload;
  roots: RootsPayload;
  stateroot: StateRoot;
  alert: OpaquePayload;
  notfound: OpaquePayload;
  reject: OpaquePayload;
}

/** The common name of a command. */
export type LegacyCommand = keyof LegacyPayloads;

/** A received message: `command` tells what `payload` is. */
export type LegacyMessage = {
  [K in LegacyCommand]: {
    readonly dialect: 'legacy';
    readonly command: K;
    readonly payload: LegacyPayloads[K];
    readonly size: number;
  };
}[LegacyCommand];

/** A payload class, as far as the codec needs it. */
export interface PayloadDecoder<P> {
  /** @throws DecodeError */
  decode(reader: ByteReader): P;
}

/** What the codec needs to know of a command. */
export interface CommandCodec<K extends LegacyCommand = LegacyCommand> {
  readonly name: K;
  readonly wireName: string;
  /** The command field of its frames. */
  readonly field: CommandField;
  readonly payload: PayloadDecoder<LegacyPayloads[K]>;
}

/** The one table of commands. The wire calls a transaction `tx`; every other wire name is the common one. */
const codecs: { readonly [K in LegacyCommand]: CommandCodec<K> } = Object.freeze({
  version: codec('version', VersionPayload),
  verack: codec('verack', EmptyPayload),
  getaddr: codec('getaddr', EmptyPayload),
  addr: codec('addr', AddrPayload),
  getheaders: codec('getheaders', HashRangePayload),
  headers: codec('headers', HeadersPayload),
  getblocks: codec('getblocks', HashRangePayload),
  inv: codec('inv', InventoryPayload),
  getdata: codec('getdata', InventoryPayload),
  block: codec('block', LegacyBlock),
  transaction: codec('transaction', LegacyTransaction, 'tx'),
  consensus: codec('consensus', ConsensusPayload),
  mempool: codec('mempool', EmptyPayload),
  ping: codec('ping', PingPayload),
  pong: codec('pong', PingPayload),
  filterload: codec('filterload', FilterLoadPayload),
  filteradd: codec('filteradd', FilterAddPayload),
  filterclear: codec('filterclear', EmptyPayload),
  merkleblock: codec('merkleblock', MerkleBlockPayload),
  getroots: codec('getroots', GetRootsPayload),
  roots: codec('roots', RootsPayload),
  stateroot: codec('stateroot', StateRoot),
  alert: codec('alert', OpaquePayload),
  notfound: codec('notfound', OpaquePayload),
  reject: codec('reject', OpaquePayload),
});

const byField: ReadonlyMap<CommandField, CommandCodec> = new Map(
  Object.values<CommandCodec>(codecs).map((entry) => [entry.field, entry]),
);

const byName: ReadonlyMap<string, LegacyCommand> = new Map(
  Object.values<CommandCodec>(codecs).flatMap(({ name, wireName }) => [
    [name, name],
    [wireName, name],
  ]),
);

/** The common name of every command. */
export const legacyCommands: readonly LegacyCommand[] = Object.freeze(
  Object.values<CommandCodec>(codecs).map(({ name }) => name),
);

/** The codec of a command by its common name. */
export function codecOf<K extends LegacyCommand>(command: K): CommandCodec<K> {
  return codecs[command];
}

/** The codec of the command whose frames carry this field. */
export function findCommand(field: CommandField): CommandCodec | undefined {
  return byField.get(field);
}

/** The command of that common or wire name. */
export function commandNamed(name: string): LegacyCommand | undefined {
  return byName.get(name);
}

function codec<K extends LegacyCommand>(
  name: K,
  payload: PayloadDecoder<LegacyPayloads[K]>,
  wireName: string = name,
): CommandCodec<K> {
  return Object.freeze({ name, wireName, field: commandField(wireName), payload });
}
