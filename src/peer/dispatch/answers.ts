import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Dialect } from '../../wire/common/dialect.js';
import type { InventoryKind } from '../../wire/common/inventory.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { View } from '../../wire/common/view.js';
import { dialectOf, type Command, type Message, type Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { Digest } from '../../wire/primitives/hashing.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { InventoryObject } from '../behaviours/inventory-object.js';
import { BehaviourError } from '../errors/behaviour.error.js';
import type { Peer } from '../peer.js';

/** A list that may come bit by bit. */
type Stream<T> = Iterable<T> | AsyncIterable<T>;

/** Turns what a handler returned into messages, under the dialect's rules. Nothing is ever sent empty. */
export type Answer = (request: Message, answer: Stream<unknown>, dialect: Dialect<Message>) => Stream<Outgoing>;

/** The commands whose handlers answer, with how. */
const ANSWERS: ReadonlyMap<Command, Answer> = new Map<Command, Answer>([
  ['getheaders', (request, answer, dialect) => headers(request, answer as Iterable<BlockHeader>, dialect)],
  ['getblocks', (request, answer, dialect) => blockHashes(request, answer as Iterable<UInt256>, dialect)],
  ['mempool', (_, answer, dialect) => transactionHashes(answer as Iterable<UInt256>, dialect)],
  ['getaddr', (request, answer, dialect) => addresses(request, answer as Iterable<NetworkAddress>, dialect)],
  ['getroots', (request, answer, dialect) => roots(request, answer as Iterable<View>, dialect)],
  ['getmptdata', (_, answer, dialect) => trieNodes(answer as Iterable<Uint8Array>, dialect)],
  ['getblockbyindex', (request, answer, dialect) => blocks(request, answer as Stream<View>, dialect)],
  [
    'getdata',
    (request, answer, dialect) => objects(request as Message<'getdata'>, answer as Stream<InventoryObject>, dialect),
  ],
]);

/** The answers that may come bit by bit; all others go out whole. */
const MAY_BE_ASYNC: ReadonlySet<Command> = new Set<Command>(['getdata', 'getblockbyindex']);

/**
 * Sends an answer, each message when the remote has taken the one before, so that never more than one waits here.
 *
 * @param handler class and method, for the error
 * @throws BehaviourError for something that is no list, whatever iterating it throws, and what `peer.send` throws
 */
export async function sendAnswer(peer: Peer, request: Message, answer: unknown, handler: string): Promise<void> {
  if (answer === undefined || answer === null) return;
  const list = asList(answer, request.command, handler);
  const messages = ANSWERS.get(request.command)?.(request, list, dialectOf(peer.dialect)) ?? [];
  for await (const message of messages) await peer.send(message);
}

function asList(answer: unknown, command: Command, handler: string): Stream<unknown> {
  if (typeof answer === 'object' && answer !== null) {
    if (Symbol.iterator in answer) return answer as Iterable<unknown>;
    if (Symbol.asyncIterator in answer && MAY_BE_ASYNC.has(command)) return answer as AsyncIterable<unknown>;
  }
  const detail = `its answer to ${command} is no list that can be sent; if it returned one, an interceptor changed it (see globalEnhancers)`;
  throw new BehaviourError(handler, 'answer', detail);
}

function* headers(request: Message, given: Iterable<BlockHeader>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.answerSize(request), given);
  if (list.length > 0) yield dialect.headers(list);
}

function* blockHashes(request: Message, given: Iterable<UInt256>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.answerSize(request), distinct(given));
  if (list.length > 0) yield dialect.inventory('block', HashList.of(list));
}

/** As many messages as it takes. A repeated hash makes C# nodes drop the sender. */
function* transactionHashes(given: Iterable<UInt256>, dialect: Dialect<Message>): Generator<Outgoing> {
  let list: UInt256[] = [];
  for (const hash of distinct(given)) {
    list.push(hash);
    if (list.length < dialect.limits.inventoryHashes) continue;
    yield dialect.inventory('transaction', HashList.of(list));
    list = [];
  }
  if (list.length > 0) yield dialect.inventory('transaction', HashList.of(list));
}

/** C# nodes drop whoever sends an empty list. */
function* addresses(request: Message, given: Iterable<NetworkAddress>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.answerSize(request), given);
  if (list.length > 0) yield dialect.addresses(list);
}

function* roots(request: Message, given: Iterable<View>, dialect: Dialect<Message>): Generator<Outgoing> {
  const message = dialect.stateRoots(request, given);
  if (message !== undefined) yield message;
}

function* trieNodes(given: Iterable<Uint8Array>, dialect: Dialect<Message>): Generator<Outgoing> {
  const message = dialect.trieNodes(given);
  if (message !== undefined) yield message;
}

/** A message for each. No more are taken from where they come than are asked for. */
async function* blocks(request: Message, given: Stream<View>, dialect: Dialect<Message>): AsyncGenerator<Outgoing> {
  let left = dialect.answerSize(request);
  for await (const block of given) {
    yield dialect.object(block);
    if (--left === 0) break;
  }
}

/** A message for each, and one for those that were asked for and aren't among them. */
async function* objects(
  { payload }: Message<'getdata'>,
  given: Stream<InventoryObject>,
  dialect: Dialect<Message>,
): AsyncGenerator<Outgoing> {
  const missing = new Set<Digest>();
  if (isReported(payload.kind)) {
    for (let i = 0; i < payload.hashes.length; i++) missing.add(payload.hashes.keyAt(i));
  }
  for await (const object of given) {
    yield dialect.object(object);
    if (missing.size > 0 && 'hash' in object) missing.delete(object.hash.key);
  }
  if (missing.size === 0) return;
  const message = dialect.notFound(payload.kind, HashList.ofKeys([...missing]));
  if (message !== undefined) yield message;
}

/** Real nodes say of these alone that they lack them. */
function isReported(kind: InventoryKind): boolean {
  return kind === 'block' || kind === 'transaction';
}

/** The first `count` items; no more are taken from where they come. */
function first<T>(count: number, given: Iterable<T>): T[] {
  const list: T[] = [];
  if (count === 0) return list;
  for (const item of given) {
    list.push(item);
    if (list.length === count) break;
  }
  return list;
}

function* distinct(hashes: Iterable<UInt256>): Generator<UInt256> {
  const seen = new Set<string>();
  for (const hash of hashes) {
    if (seen.has(hash.key)) continue;
    seen.add(hash.key);
    yield hash;
  }
}
