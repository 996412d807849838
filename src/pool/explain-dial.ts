import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import type { PeerRecords } from '../peer/records/peer-records.js';
import { isRoutable } from './addresses/routable.js';
import type { DialExplanation } from './peer-pool.js';
import type { PoolCore } from './pool-core.js';
import type { PoolKeeper } from './pool-keeper.js';

/** What {@link explainDial} looks at. */
export interface DialSurroundings {
  readonly core: PoolCore;
  readonly keeper: PoolKeeper;
  readonly records: PeerRecords;
  readonly clock: Clock;
}

/**
 * Why an address is dialled, or isn't.
 *
 * @internal
 */
export function explainDial(address: Endpoint, surroundings: DialSurroundings): DialExplanation {
  const { core, keeper } = surroundings;
  const link = core.links.at(address);
  if (link !== undefined)
    return { dialled: true, why: link.state === 'ready' ? 'connected' : `${link.state} (${link.kind})` };
  const ban = core.state.bans.decide(address.host);
  if (ban !== undefined)
    return {
      dialled: false,
      why: `banned as ${ban.subject} until ${time(ban.untilMs)} by ${ban.author}: ${ban.reason}`,
    };
  if (core.own.has(address)) return { dialled: false, why: 'it is our own address' };
  if (keeper.kept.has(address))
    return { dialled: true, why: 'to be connected to at all times: it is dialled again soon' };
  return explainCandidate(address, surroundings);
}

function explainCandidate(address: Endpoint, { core, keeper, records, clock }: DialSurroundings): DialExplanation {
  const row = records.rowOf(address);
  if (row === undefined || !core.book.has(row)) return { dialled: false, why: unknown(address, core) };
  switch (keeper.candidates.obstacle(row)) {
    case 'resting':
      return {
        dialled: false,
        why: `it rests until ${time(row.nextDialAtMs ?? clock.now())}, after ${row.failuresInARow} failed dials in a row`,
      };
    case 'connected':
      return { dialled: false, why: 'that node is connected already' };
    case 'group':
      return {
        dialled: false,
        why: `there is an outbound peer in its group, ${keeper.candidates.diversityGroup(address)}`,
      };
    case 'own':
    case 'banned':
    case 'does-not-listen':
      return { dialled: false, why: 'it can’t be dialled' };
    case undefined:
      break;
  }
  const isFull = core.links.count('automatic') >= core.options.outbound;
  return isFull
    ? { dialled: false, why: 'all outbound slots are taken' }
    : { dialled: true, why: 'it may be picked for a free slot' };
}

function unknown(address: Endpoint, { exempt }: PoolCore): string {
  const isForeign = isRoutable(address.host) || exempt.has(address.host);
  return isForeign
    ? 'it is not in the address book'
    : 'it is not in the address book, and gossip of private addresses is not believed';
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
