import { describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { eventText } from '../../src/cli/run/event-text.js';
import { JsonReporter } from '../../src/cli/run/json-reporter.js';
import { peerColumns } from '../../src/cli/run/peer-columns.js';
import { PlainReporter } from '../../src/cli/run/plain-reporter.js';
import type { RunEvent } from '../../src/cli/run/run-event.js';
import { runLogger } from '../../src/cli/run/run-logger.js';
import { TerminalReporter } from '../../src/cli/run/terminal-reporter.js';
import { Output } from '../../src/cli/output.js';
import { formatTable } from '../../src/cli/table.js';
import type { Peer } from '../../src/peer/peer.js';
import { EVENT_LOG } from '../../src/pool/event-log.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { CapturedStream } from '../support/cli.js';
import { NO_REFUSALS, poolStatus } from './pool-status.js';

const ADDRESS = '10.0.0.1:10333';
const READY: RunEvent = {
  event: 'ready',
  address: ADDRESS,
  direction: 'outbound',
  userAgent: '/Neo\u001b:2.12.0/',
  height: 7,
};

const BAN = {
  subject: '10.0.0.0/8',
  reason: 'noise\u001b',
  author: 'operator',
  since: '2026-11-25T10:00:00.000Z',
  until: '2026-11-26T10:00:00.000Z',
} as const;
const POOL = poolStatus();
const POOL_LINE = 'outbound 6/8, 6 groups, book 412 (37 tried), 2 bans';

const TEXTS: readonly [RunEvent, string | undefined][] = [
  [{ event: 'listening', address: ADDRESS }, `listening on ${ADDRESS}`],
  [{ event: 'listening', address: ADDRESS, replaces: 'a:1' }, `listening on ${ADDRESS} (a:1 was taken)`],
  [{ event: 'connected', address: ADDRESS, direction: 'inbound' }, undefined],
  [READY, `ready ${ADDRESS} outbound, height 7, /Neo?:2.12.0/`],
  [{ event: 'disconnected', address: ADDRESS, reason: 'idle', by: 'us' }, `disconnected ${ADDRESS}: idle (by us)`],
  [{ event: 'progress', phase: 'headers', done: 1, total: 2 }, undefined],
  [{ event: 'storeFailed', message: 'gone' }, "the database can't be used: gone"],
  [{ event: 'storeRecovered' }, 'the database can be used again'],
  [{ event: 'starved' }, 'starved: no peer can be reached; every source of addresses is tried again and again'],
  [{ event: 'healed' }, 'healed: a peer can be reached again'],
  [{ event: 'banned', ...BAN }, 'banned 10.0.0.0/8 until 2026-11-26T10:00:00.000Z: noise? (operator)'],
  [
    { event: 'banned', ...BAN, author: 'automatic', reason: 'malformed', evidence: 'addr: 201\u001b', dryRun: true },
    'would be banned (dry run) 10.0.0.0/8 until 2026-11-26T10:00:00.000Z: malformed, addr: 201? (automatic)',
  ],
  [{ event: 'unbanned', ...BAN }, 'unbanned 10.0.0.0/8'],
  [
    { event: 'banBrake', share: 0.454 },
    'automatic bans are frozen: 45 % of all peers, or of those that we chose, would be banned, so the fault may be ours',
  ],
  [{ event: 'evicted', address: ADDRESS }, `evicted ${ADDRESS} for a newcomer`],
  [{ event: 'refusedInbound', host: '10.0.0.1', reason: 'rate' }, undefined],
];

function peer(fields: object): Peer {
  const traffic = { in: { messages: 1, bytes: 999 }, out: { messages: 2, bytes: 1500 } };
  const remoteAddress = { host: '10.0.0.1', port: 10333 };
  return { remoteAddress, direction: 'outbound', height: 7, createdAtMs: 0, traffic, ...fields } as unknown as Peer;
}

describe('eventText', () => {
  it.each(TEXTS)('%j', (event, text) => {
    expect(eventText(event)).toBe(text);
  });
});

describe('peerColumns', () => {
  it.each([
    [{}, 5_000, ['10.0.0.1:10333', 'out', '7', '-', '1 / 999 B', '2 / 1.5 kB', '5 s']],
    [
      { direction: 'inbound', latencyMs: 1.25 },
      61_000,
      ['10.0.0.1:10333', 'in', '7', '1.3', '1 / 999 B', '2 / 1.5 kB', '1 min'],
    ],
    [
      { version: { userAgent: '/x/' } },
      3_660_000,
      ['10.0.0.1:10333', 'out', '7', '-', '1 / 999 B', '2 / 1.5 kB', '1 h 1 min', '/x/'],
    ],
  ])('shows a peer with %j', (fields, nowMs, cells) => {
    const [, row] = formatTable(peerColumns(nowMs), [peer(fields)]);
    expect(row!.split(/ {2,}/)).toEqual(cells);
  });
});

describe('TerminalReporter', () => {
  it('draws the table anew in its place, and lines of events above it', () => {
    const stream = new CapturedStream(true, 0);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([peer({})], POOL);
    const table = stream.text;
    reporter.status([peer({})], POOL);
    expect(stream.text).toBe(`${table}\u001b[4A\u001b[0J${table}`);
    reporter.report({ event: 'storeRecovered' });
    expect(stream.text.endsWith('\u001b[4A\u001b[0Jthe database can be used again\n')).toBe(true);
    expect(table).toContain('10.0.0.1:10333');
    expect(table.split('\n', 1)).toEqual([POOL_LINE]);
  });

  it('cuts the line on the pool off where the screen ends, what is wrong first', () => {
    const stream = new CapturedStream(true, 30);
    const clock = new VirtualClock();
    const reporter = new TerminalReporter(new Output(stream), clock);
    reporter.status([], poolStatus({ starvedSinceMs: clock.now() }));
    expect(stream.lines[0]).toBe('STARVED for 0 s, outbound 6/8,');
  });

  it('makes way for lines of somebody else', () => {
    const stream = new CapturedStream(true);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([], POOL);
    const table = stream.text;
    reporter.makeWay();
    expect(stream.text).toBe(`${table}\u001b[3A\u001b[0J`);
    reporter.makeWay();
    expect(stream.text).toBe(`${table}\u001b[3A\u001b[0J`);
  });

  it('leaves the last table on the screen when the run is over', () => {
    const stream = new CapturedStream(true);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([peer({})], POOL);
    const table = stream.text;
    reporter.finish();
    reporter.report({ event: 'disconnected', address: ADDRESS, reason: 'shutdown', by: 'us' });
    expect(stream.text).toBe(`${table}disconnected ${ADDRESS}: shutdown (by us)\n`);
  });

  it('erases what a terminal that became narrower has wrapped', () => {
    const stream = Object.assign(new CapturedStream(true), { columns: 120 });
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([peer({ version: { userAgent: '/Neo:2.12.0/' } })], POOL);
    stream.columns = 60; // each of the two long lines takes two rows now
    reporter.report({ event: 'storeRecovered' });
    expect(stream.text).toContain('\u001b[6A\u001b[0J');
  });

  it('shows as many peers as the screen has room for, and how many more there are', () => {
    const stream = new CapturedStream(true, 120, 10);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    const peers = Array.from({ length: 50 }, () => peer({}));
    reporter.status(peers, POOL);
    expect(stream.lines).toHaveLength(9);
    expect(stream.lines.slice(-2)).toEqual(['and 45 more', 'Ctrl-C ends.']);
    expect(stream.lines.filter((line) => line.startsWith('10.0.0.1'))).toHaveLength(5);
  });
});

describe('PlainReporter', () => {
  it('says how many peers there are and how high they go', () => {
    const stream = new CapturedStream();
    const clock = new VirtualClock();
    const reporter = new PlainReporter(new Output(stream), clock);
    reporter.status([], POOL);
    reporter.status([peer({}), peer({ height: 9 })], poolStatus({ starvedSinceMs: clock.now() - 1000 }));
    expect(stream.lines).toEqual([
      `0 peers, height 0; ${POOL_LINE}`,
      `2 peers, height 9; STARVED for 1 s, ${POOL_LINE}`,
    ]);
  });

  it('has no line for each refusal: they are in the status', () => {
    const stream = new CapturedStream();
    const reporter = new PlainReporter(new Output(stream), new VirtualClock());
    reporter.report({ event: 'refusedInbound', host: '10.0.0.1', reason: 'full' });
    reporter.status([], poolStatus({ refused: { ...NO_REFUSALS, full: 1 } }));
    expect(stream.lines).toEqual([`0 peers, height 0; ${POOL_LINE}, refused 1 (full 1)`]);
  });
});

describe('JsonReporter', () => {
  it('prints at most ten refusals a second, and how many it left out', async () => {
    const stream = new CapturedStream();
    const clock = new VirtualClock();
    const reporter = new JsonReporter(new Output(stream), clock);
    const refuse = (times: number): void => {
      for (let i = 0; i < times; i++) reporter.report({ event: 'refusedInbound', host: `10.0.0.${i}`, reason: 'rate' });
    };
    refuse(250);
    expect(stream.objects.map(({ host }) => host)).toEqual(Array.from({ length: 10 }, (_, i) => `10.0.0.${i}`));
    await clock.advance(100);
    refuse(2);
    await clock.advance(60_000);
    refuse(1);
    expect(stream.objects.slice(10)).toEqual([
      { event: 'refusedInbound', host: '10.0.0.0', reason: 'rate', omitted: 240 },
      { event: 'refusedInbound', host: '10.0.0.0', reason: 'rate', omitted: 1 },
    ]);
  });

  it('prints every other event', () => {
    const stream = new CapturedStream();
    const reporter = new JsonReporter(new Output(stream), new VirtualClock());
    for (let i = 0; i < 100; i++) reporter.report({ event: 'starved' });
    expect(stream.objects).toHaveLength(100);
  });
});

describe('runLogger', () => {
  it('writes its lines where the table was, and leaves out what events tell', () => {
    const screen = new CapturedStream(true); // both streams end there
    const reporter = new TerminalReporter(new Output(screen), new VirtualClock());
    const logger = runLogger(reporter, new Output(screen)) as LoggerService;
    reporter.status([], POOL);
    const table = screen.text;
    logger.warn('a ban', EVENT_LOG);
    logger.error('a brake', undefined, EVENT_LOG);
    expect(screen.text).toBe(table);
    logger.warn('a name has no address', 'PeerPool');
    expect(screen.text).toBe(`${table}\u001b[3A\u001b[0Jwarning: a name has no address\n`);
  });

  it('is none with --json', () => {
    const out = new Output(new CapturedStream());
    expect(runLogger(new JsonReporter(out, new VirtualClock()), out)).toBe(false);
  });
});
