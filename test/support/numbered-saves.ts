import type { StoreChanges } from '../../src/persistence/peer-store.js';
import { ban, commandStatistic, peerRecord } from './records.js';

/** The network whose rows, bans and settings are in all saves; every other save is of the bans of every network. */
export const SAVED_NETWORK = 'legacy-testnet';

/** Host of the row whose `attempts` are the number of the last save. */
export const COUNTER = 'counter';

/** How long after it was put something goes again, in saves: even, so that it is of the same network. */
const LIFE = 4;

/**
 * What save number `number` (from 1) writes: the same in every process. After each a store has something else, of every kind;
 * `tried…` and most of `ban…` stay for good.
 */
export function numberedSave(number: number): StoreChanges {
  const peer = (host: string, lastSuccessAtMs: number | null): ReturnType<typeof peerRecord> =>
    peerRecord({ host, attempts: number, lastSuccessAtMs, sources: number });
  const changing = Array.from({ length: 10 + ((number * 37) % 90) }, (_, i) => peer(`h${i}`, i));
  const gone = number > LIFE ? number - LIFE : undefined;
  return {
    network: number % 2 === 0 ? '' : SAVED_NETWORK,
    forgotten: gone === undefined ? [] : [{ network: SAVED_NETWORK, host: `heard-of${gone}`, port: 20333 }],
    peers: [peer(COUNTER, null), peer(`tried${number}`, number), peer(`heard-of${number}`, null), ...changing],
    statistics: [commandStatistic({ messages: 1 }), commandStatistic({ host: `heard-of${number}` })],
    bans: {
      put: [ban({ subject: `ban${number}`, untilMs: number }), ban({ subject: 'renewed', untilMs: number })],
      removed: gone !== undefined && gone % 5 === 0 ? [`ban${gone}`] : [],
    },
    settings: new Map([
      ['renewed', `${number}`],
      [`kept${number % 50}`, `${number}`],
      [`kept${(number + 7) % 50}`, ''],
    ]),
  };
}
