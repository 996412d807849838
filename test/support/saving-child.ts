import { once } from 'node:events';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { dataSourceOptions } from '../../src/persistence/data-source.options.js';
import { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { COUNTER, numberedSave, SAVED_NETWORK } from './numbered-saves.js';

/**
 * Reads the path of a database from its input, as soon as there is one, and goes on with the numbered saves where that
 * database stopped, until it is killed. Says `taken n` when it hands a save to the store and `saved n` when it is done.
 */
const [file] = (await once(process.stdin, 'data')) as [Buffer];
const given = { type: 'sqlite', database: file.toString().trim() } as DataSourceOptions;
const dataSource = new DataSource(dataSourceOptions(given, { tablePrefix: '' }));
const store = new TypeOrmPeerStore(dataSource, { clock: new SystemClock(), random: new SystemRandom() });

let number = 0;
for await (const row of store.load(SAVED_NETWORK)) if (row.host === COUNTER) number = row.attempts;
for (;;) {
  number++;
  process.stdout.write(`taken ${number}\n`);
  await store.save(numberedSave(number));
  process.stdout.write(`saved ${number}\n`);
}
