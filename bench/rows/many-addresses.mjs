/** Whether an address costs more when more are known: to learn it, and to be picked among them. */
import { PeerRecords } from '../../dist/peer/records/peer-records.js';
import { PoolCore } from '../../dist/pool/pool-core.js';
import { peerApplication } from '../application.mjs';
import { hostOf } from '../peer-rows.mjs';
import { comparison } from '../row.mjs';

const FEW = 1000;
const MANY = Object.freeze([10_000, 100_000]);

/** The book has so many places for an address, whatever the number. */
const PLACES = 4;

/** Things done a run. */
const OPERATIONS = 1000;

/** Where the hosts of those begin that are learnt and forgotten again: nobody in the book has one. */
const STRANGERS = 1 << 20;

/** One in so many may be dialled. */
const ELIGIBLE = 10;

const addressOf = (i) => ({ host: hostOf(i), port: 10333 });

/** An application with a pool that dials nobody, and knows so many addresses. */
async function knowing(count) {
  const application = await peerApplication({ pool: { outbound: 0, feelerMs: 0, bookRows: count * PLACES } });
  const records = application.get(PeerRecords, { strict: false });
  const { book } = application.get(PoolCore, { strict: false });
  for (let i = 0; i < count; i++) records.learn(addressOf(i), hostOf(i * 7 + 1));
  for (const row of records.rows()) if (row.attempts > 0) throw new Error('somebody was dialled');
  return { application, records, book };
}

/** Somebody new is learnt of, and forgotten again, so that there are as many as before. */
function learning({ records }) {
  let next = 0;
  return () => {
    let count = 0;
    for (let i = 0; i < OPERATIONS; i++) {
      const address = addressOf(STRANGERS + (next++ % STRANGERS));
      count += records.learn(address, hostOf(i)).isNew ? 1 : 0;
      records.forget(address);
    }
    if (next >= STRANGERS) next = 0;
    records.takeChanged();
    records.takeForgotten();
    return count;
  };
}

/** Whether one of those is meant: by the last digit of its host. */
const mayDial = ({ host }) => host.charCodeAt(host.length - 1) % ELIGIBLE === 0;

/** Somebody is picked of whom one in ten may be dialled. */
function picking({ book }) {
  return () => {
    let count = 0;
    for (let i = 0; i < OPERATIONS; i++) count += book.pick('any', mayDial) === undefined ? 0 : 1;
    return count;
  };
}

/** Nobody may be dialled: as much is looked at as a pick looks at most. */
function pickingNobody({ book }) {
  let asked = 0;
  const refuse = () => ++asked < 0;
  return () => {
    let count = 0;
    for (let i = 0; i < OPERATIONS / 10; i++) count += book.pick('any', refuse) === undefined ? 1 : 0;
    return count;
  };
}

function growth(name, workOf, operations) {
  return MANY.map((count) =>
    comparison({
      name: `linear growth: ${name} among ${count.toLocaleString('en')} addresses`,
      baseline: `${FEW.toLocaleString('en')} addresses`,
      required: 1.3,
      better: 'lower',
      operations,
      prepare: async () => {
        const [many, few] = [await knowing(count), await knowing(FEW)];
        return {
          subject: workOf(many),
          baseline: workOf(few),
          close: async () => {
            await many.application.close();
            await few.application.close();
          },
        };
      },
    }),
  );
}

export const rows = [
  ...growth('learning and forgetting one', learning, OPERATIONS),
  ...growth('picking one', picking, OPERATIONS),
  ...growth('a pick that finds nobody', pickingNobody, OPERATIONS / 10),
];
