import type { BanRow } from './ban.entity.js';
import type { CommandStatistic } from './command-statistic.js';
import type { PeerKey, PeerRecord } from './peer-record.js';
import type { StoreChanges } from './peer-store.js';
import type { SettingRow } from './setting.entity.js';
import { banRow } from './stored-bans.js';
import { distinctRecords, summedStatistics } from './stored-rows.js';

/** The key of a ban's row. */
export type BanKey = Pick<BanRow, 'network' | 'subject'>;

/** The key of a setting's row. */
export type SettingKey = Pick<SettingRow, 'network' | 'name'>;

/**
 * {@link StoreChanges} as rows, no two of a list with the same key. Lists of what goes come before those of what is written.
 *
 * @internal
 */
export interface ChangedRows {
  readonly forgotten: readonly PeerKey[];
  readonly peers: readonly PeerRecord[];
  readonly statistics: readonly CommandStatistic[];
  readonly removedBans: readonly BanKey[];
  readonly bans: readonly BanRow[];
  readonly removedSettings: readonly SettingKey[];
  readonly settings: readonly SettingRow[];
}

/**
 * Iterates each part of the changes once.
 *
 * @internal
 */
export function changedRows(changed: StoreChanges): ChangedRows {
  const { network = '', bans, settings } = changed;
  const put = new Map([...(bans?.put ?? [])].map((ban) => [ban.subject, banRow(network, ban)]));
  const named = [...(settings ?? [])].map(([name, value]) => ({ network, name, value }));
  return {
    forgotten: distinctRecords(changed.forgotten ?? []),
    peers: distinctRecords(changed.peers),
    statistics: summedStatistics(changed.statistics),
    // One of every network that is lifted here would be back at the next start.
    removedBans: [...new Set(bans?.removed)].flatMap((subject) =>
      [...new Set([network, ''])].map((whose) => ({ network: whose, subject })),
    ),
    bans: [...put.values()],
    removedSettings: named.filter(({ value }) => value === ''),
    settings: named.filter(({ value }) => value !== ''),
  };
}
