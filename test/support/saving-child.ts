import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemRandom } from '../../src/environment/system-random.js';
import { createDataSource } from '../../src/persistence/data-source.provider.js';
import { TypeOrmPeerStore } from '../../src/persistence/typeorm-peer-store.js';
import { commandStatistic, peerRecord } from './records.js';

/**
 * Saves the same rows again and again, each time with a higher count in all of them, until it is killed. Says `taken n`
 * when it hands a save its rows and `saved n` when that save is done.
 */
const [file, rows] = [process.argv[2]!, Number(process.argv[3])];
const dataSource = createDataSource({ dataSource: { type: 'sqlite', database: file }, tablePrefix: '' })!;
const store = new TypeOrmPeerStore(dataSource, { clock: new SystemClock(), random: new SystemRandom() });

let count = 0;
for await (const row of store.load('legacy-testnet')) count = Math.max(count, row.attempts);
for (;;) {
  count++;
  const taken = count;
  process.stdout.write(`taken ${taken}\n`);
  const peers = Array.from({ length: rows }, (_, i) => peerRecord({ host: `h${i}`, attempts: taken }));
  await store.save({ peers, statistics: [commandStatistic({ messages: 1 })] });
  process.stdout.write(`saved ${taken}\n`);
}
