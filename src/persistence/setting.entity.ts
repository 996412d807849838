import { EntitySchema } from 'typeorm';
import { remoteText } from './column-transformers.js';

/**
 * A text kept under a name, such as a secret that has to survive a restart. Keyed by `network` and `name`.
 *
 * @publicApi
 */
export interface SettingRow {
  /** `NetworkDefinition.name`, or empty: of every network. */
  readonly network: string;
  readonly name: string;
  readonly value: string;
}

/**
 * The table of {@link SettingRow}; see `PeerRecordEntity` for the choice of types.
 *
 * @publicApi
 */
export const SettingEntity = new EntitySchema<SettingRow>({
  name: 'Setting',
  tableName: 'setting',
  columns: {
    network: { name: 'network', type: 'varchar', primary: true },
    name: { name: 'name', type: 'varchar', primary: true },
    value: { name: 'value', type: 'varchar', transformer: remoteText },
  },
});
