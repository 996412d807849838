import { afterEach, describe, expect, it } from '@jest/globals';
import type { PoolOptions } from '../../../src/config/pool-options.js';
import type { PeerRecord } from '../../../src/persistence/peer-record.js';
import { PoolLab } from '../../support/pool-lab.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let lab: PoolLab;
afterEach(() => lab.close());

async function start(pool: PoolOptions = {}): Promise<PoolLab> {
  return (lab = await PoolLab.start({ pool: { feelerMs: 2 * MINUTE_MS, ...pool } }));
}

/** A row, by its address as `host:port`. */
function row(address: string): PeerRecord {
  const [host, port] = address.split(':') as [string, string];
  return lab.records.rowOf({ host, port: Number(port) })!;
}

const inbound = () => lab.inbound('30.9.0.1');

/** One who holds a place in `tried` for which another one waits, both reached long ago. */
async function contest(): Promise<{ occupant: PeerRecord; newcomer: PeerRecord }> {
  const { book } = lab.core;
  for (let i = 0; ; i++) {
    const address = `22.${i >> 8}.${i & 255}.1:10333`;
    lab.records.learn({ host: address.split(':')[0]!, port: 10_333 }, `30.${i % 250}.0.1`);
    const known = row(address);
    if (known === undefined) continue;
    book.succeeded(known);
    if (book.standing(known)?.waits === true) return { occupant: book.contested() as PeerRecord, newcomer: known };
  }
}

describe('feelers', () => {
  it('try one address every two minutes, and hang up when it answers: it has been reached then', async () => {
    await start();
    const nodes = await lab.nodesAt(['20.1.0.1', '20.2.0.1', '20.3.0.1']);
    lab.learn('20.1.0.1:10333', '20.2.0.1:10333', '20.3.0.1:10333');
    await lab.clock.advance(2 * MINUTE_MS - 1);
    expect(lab.dials).toEqual([]);
    for (let i = 1; i <= 3; i++) {
      await lab.clock.advance(2 * MINUTE_MS);
      expect(lab.dials).toHaveLength(i);
      expect(lab.core.book.counts.tried).toBe(i);
      expect(lab.outboundHosts).toEqual([]);
    }
    expect(lab.dials.map(({ atMs }) => atMs)).toEqual([2, 4, 6].map((minutes) => minutes * MINUTE_MS));
    expect(nodes.map(({ remotes }) => remotes.length)).toEqual([1, 1, 1]);
    expect(lab.happened.map((what) => what.split(' ')[2])).toEqual(['local', 'local', 'local']);
    await lab.clock.advance(HOUR_MS);
    expect(lab.dials).toHaveLength(3);
  });

  it('do not ask those whom they try for anything', async () => {
    await start();
    const [node] = await lab.nodesAt(['20.1.0.1']);
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(3 * MINUTE_MS);
    expect(node!.remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
  });

  it('are none with 0', async () => {
    await start({ feelerMs: 0 });
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(24 * HOUR_MS);
    expect(lab.dials).toEqual([]);
  });

  it('wait for the next turn where there is no dial in the budget', async () => {
    await start({ dialsPerSecond: 0.001 });
    lab.learn('20.1.0.1:10333', '20.2.0.1:10333');
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.dials).toHaveLength(1);
    await lab.clock.advance(14 * MINUTE_MS);
    expect(lab.dials).toHaveLength(1);
    await lab.clock.advance(4 * MINUTE_MS);
    expect(lab.dials).toHaveLength(2);
  });

  it('take no slot, and are nobody whom we are connected to', async () => {
    await start();
    await lab.mute('20.1.0.1:10333');
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(2 * MINUTE_MS + 1000);
    expect(lab.pool.explain('20.1.0.1:10333')).toEqual({ dialled: true, why: 'negotiating (feeler)' });
    expect(lab.pool.status()).toMatchObject({ outbound: { ready: 0, dialling: 0 }, kept: { ready: 0 }, groups: 0 });
  });

  it('let those who do not answer rest', async () => {
    await start();
    lab.learn('20.1.0.1:10333');
    await lab.clock.advance(2 * MINUTE_MS);
    expect(row('20.1.0.1:10333')).toMatchObject({ failuresInARow: 1 });
    expect(row('20.1.0.1:10333').nextDialAtMs).toBeGreaterThan(lab.clock.now());
  });

  it('end with the module', async () => {
    await start();
    lab.learn('20.1.0.1:10333');
    await lab.mute('20.1.0.1:10333');
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.dials).toHaveLength(1);
    await lab.stop();
    await lab.clock.advance(HOUR_MS);
    expect(lab.dials).toHaveLength(1);
  });
});

describe('the test before somebody loses a place among those who were reached', () => {
  it('lets one keep it who answers', async () => {
    await start();
    await inbound();
    const { occupant, newcomer } = await contest();
    await lab.node(`${occupant.host}:10333`);
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.dials.map(({ to }) => to)).toEqual([`${occupant.host}:10333`]);
    expect(lab.core.book.standing(occupant)).toMatchObject({ table: 'tried' });
    expect(lab.core.book.standing(newcomer)).toMatchObject({ table: 'new', waits: false });
  });

  it('gives it to the one who waits where it fails', async () => {
    await start();
    await inbound();
    const { occupant, newcomer } = await contest();
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.dials.map(({ to }) => to)).toEqual([`${occupant.host}:10333`]);
    expect(lab.core.book.standing(newcomer)).toMatchObject({ table: 'tried' });
    expect(lab.core.book.standing(occupant)?.table).not.toBe('tried');
  });

  it('says nothing while nobody at all can be reached: then the fault is ours', async () => {
    await start();
    const { occupant, newcomer } = await contest();
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.dials).toHaveLength(1);
    expect(lab.core.book.standing(occupant)).toMatchObject({ table: 'tried' });
    expect(lab.core.book.standing(newcomer)).toMatchObject({ waits: true });
  });
});
