/**
 * Starts an application with a pool on a database, and tells how long it took until the first dial and until all rows were
 * in, and the longest time for which the event loop was blocked: `start.mjs <database> <rows> <whole or dial>`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Test } from '@nestjs/testing';
import { PeerModule, Transport } from '../../dist/index.js';
import { PeerRecords } from '../../dist/peer/records/peer-records.js';
import { RecordPersistence } from '../../dist/peer/records/record-persistence.js';
import { NETWORK } from '../application.mjs';

const NS = 1e6;

/** The book has so many places for a row: two that fall on one place are no reason to lose many. */
const PLACES = 4;

/** What must come in; the rest had a place that was taken. */
const LEAST_SHARE = 0.8;

const [database, rows, until] = process.argv.slice(2);

/** Dials nobody, and notes when it was asked to. */
class FirstDial extends Transport {
  begun = new Promise((resolve) => (this.begin = () => resolve(performance.now())));

  connect(_address, { signal }) {
    this.begin();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  }

  listen() {
    throw new Error('nobody listens here');
  }
}

const transport = new FirstDial();
const peers = PeerModule.forRoot({
  network: { ...NETWORK, seeds: ['20.0.0.1:10333'] },
  persistence: { dataSource: { type: 'sqlite', database } },
  pool: { bookRows: Math.max(1000, Number(rows) * PLACES) },
});
const module = await Test.createTestingModule({ imports: [peers] })
  .overrideProvider(Transport)
  .useValue(transport)
  .compile();

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
const beganAt = performance.now();
await module.init();
const firstDialMs = (await transport.begun) - beganAt;
const blockedUntilDialMs = delays.max / NS;
let loadedMs;
if (until === 'whole') {
  await module.get(RecordPersistence, { strict: false }).loaded;
  loadedMs = performance.now() - beganAt;
  const { size } = module.get(PeerRecords, { strict: false });
  if (size < Number(rows) * LEAST_SHARE) throw new Error(`${size} of ${rows} rows came in`);
}
const blockedMs = delays.max / NS;
delays.disable();
process.send({ firstDialMs, loadedMs, blockedMs, blockedUntilDialMs }, () => process.exit(0));
