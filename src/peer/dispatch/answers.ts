import type { BlockHeader } from '../../wire/common/block-header.js';
import type { Dialect } from '../../wire/common/dialect.js';
import type { NetworkAddress } from '../../wire/common/network-address.js';
import type { View } from '../../wire/common/view.js';
import { dialectOf, type Command, type Message, type Outgoing } from '../../wire/messages.js';
import { HashList } from '../../wire/primitives/hash-list.js';
import type { UInt256 } from '../../wire/primitives/uint256.js';
import type { InventoryObject } from '../behaviours/inventory-object.js';
import { BehaviourError } from '../errors/behaviour.error.js';
import type { Peer } from '../peer.js';

/** Turns what a handler returned into messages, under the dialect's rules. Nothing is ever sent empty. */
export type Answer = (
  request: Message,
  answer: Iterable<unknown> | AsyncIterable<unknown>,
  dialect: Dialect<Message>,
) => Iterable<Outgoing> | AsyncIterable<Outgoing>;

/** The commands whose handlers answer, with how. */
const ANSWERS: ReadonlyMap<Command, Answer> = new Map<Command, Answer>([
  ['getheaders', (_, answer, dialect) => headers(answer as Iterable<BlockHeader>, dialect)],
  ['getblocks', (_, answer, dialect) => blockHashes(answer as Iterable<UInt256>, dialect)],
  ['mempool', (_, answer, dialect) => transactionHashes(answer as Iterable<UInt256>, dialect)],
  ['getaddr', (_, answer, dialect) => addresses(answer as Iterable<NetworkAddress>, dialect)],
  ['getroots', (request, answer, dialect) => roots(request, answer as Iterable<View>, dialect)],
  [
    'getdata',
    (_, answer, dialect) => objects(answer as Iterable<InventoryObject> | AsyncIterable<InventoryObject>, dialect),
  ],
]);

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

/** The answers that may come bit by bit; all others go out whole. */
const MAY_BE_ASYNC: Command = 'getdata';

function asList(answer: unknown, command: Command, handler: string): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof answer === 'object' && answer !== null) {
    if (Symbol.iterator in answer) return answer as Iterable<unknown>;
    if (Symbol.asyncIterator in answer && command === MAY_BE_ASYNC) return answer as AsyncIterable<unknown>;
  }
  const detail = `its answer to ${command} is no list that can be sent; if it returned one, an interceptor changed it (see globalEnhancers)`;
  throw new BehaviourError(handler, 'answer', detail);
}

function* headers(given: Iterable<BlockHeader>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.limits.headersPerAnswer, given);
  if (list.length > 0) yield dialect.headers(list);
}

function* blockHashes(given: Iterable<UInt256>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.limits.blockHashesPerAnswer, distinct(given));
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
function* addresses(given: Iterable<NetworkAddress>, dialect: Dialect<Message>): Generator<Outgoing> {
  const list = first(dialect.limits.addresses, given);
  if (list.length > 0) yield dialect.addresses(list);
}

function* roots(request: Message, given: Iterable<View>, dialect: Dialect<Message>): Generator<Outgoing> {
  const message = dialect.stateRoots(request, given);
  if (message !== undefined) yield message;
}

async function* objects(
  given: Iterable<InventoryObject> | AsyncIterable<InventoryObject>,
  dialect: Dialect<Message>,
): AsyncGenerator<Outgoing> {
  for await (const object of given) yield dialect.object(object);
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
