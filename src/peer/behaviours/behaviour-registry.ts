import type { Abstract } from '@nestjs/common';
import type { Command } from '../../wire/messages.js';
import {
  AddrHandler,
  AlertHandler,
  BlockHandler,
  ConsensusHandler,
  ExtensibleHandler,
  HeaderHandler,
  InvHandler,
  MerkleBlockHandler,
  MptDataHandler,
  NotFoundHandler,
  P2PNotaryRequestHandler,
  RejectHandler,
  RootsHandler,
  StateRootHandler,
  TransactionHandler,
} from './announcement-handlers.js';
import type { CommandHandler } from './command-handler.js';
import {
  FilterAddHandler,
  FilterClearHandler,
  FilterLoadHandler,
  PingHandler,
  PongHandler,
} from './connection-handlers.js';
import { HeightProvider } from './height-provider.js';
import { PeerAdmission } from './peer-admission.js';
import {
  GetAddrHandler,
  GetBlockByIndexHandler,
  GetBlocksHandler,
  GetDataHandler,
  GetHeadersHandler,
  GetMptDataHandler,
  GetRootsHandler,
  MempoolHandler,
} from './request-handlers.js';

/** What a handler token looks like to code that serves them all. */
export type HandlerToken = Abstract<CommandHandler<Command, unknown>>;

/**
 * Every command of every dialect that has a handler, with the token of that handler; the handler of a command that a module's
 * dialect lacks is never called. `version` and `verack` belong to the handshake.
 */
const HANDLERS = Object.freeze({
  headers: HeaderHandler,
  block: BlockHandler,
  transaction: TransactionHandler,
  inv: InvHandler,
  addr: AddrHandler,
  merkleblock: MerkleBlockHandler,
  consensus: ConsensusHandler,
  stateroot: StateRootHandler,
  extensible: ExtensibleHandler,
  p2pnotaryrequest: P2PNotaryRequestHandler,
  mptdata: MptDataHandler,
  roots: RootsHandler,
  alert: AlertHandler,
  notfound: NotFoundHandler,
  reject: RejectHandler,
  ping: PingHandler,
  pong: PongHandler,
  filterload: FilterLoadHandler,
  filteradd: FilterAddHandler,
  filterclear: FilterClearHandler,
  getheaders: GetHeadersHandler,
  getblocks: GetBlocksHandler,
  getdata: GetDataHandler,
  getblockbyindex: GetBlockByIndexHandler,
  mempool: MempoolHandler,
  getaddr: GetAddrHandler,
  getroots: GetRootsHandler,
  getmptdata: GetMptDataHandler,
}) satisfies Record<Exclude<Command, 'version' | 'verack'>, Abstract<unknown>>;

/** Commands and the token of each one's handler. */
export const handlerTokens = Object.freeze(Object.entries(HANDLERS)) as unknown as readonly (readonly [
  Command,
  HandlerToken,
])[];

/** Every token under which a behaviour is provided. */
export const behaviourTokens: readonly Abstract<unknown>[] = Object.freeze([
  ...Object.values(HANDLERS),
  HeightProvider,
  PeerAdmission,
]);

/** The token that a class fulfils: the nearest of its ancestors that is one. */
export function behaviourTokenOf(type: Abstract<unknown>): Abstract<unknown> | undefined {
  for (let ancestor: unknown = type; typeof ancestor === 'function'; ancestor = Object.getPrototypeOf(ancestor)) {
    if (behaviourTokens.includes(ancestor)) return ancestor;
  }
  return undefined;
}
