import { describe, expect, it } from '@jest/globals';
import { eventText } from '../../src/cli/run/event-text.js';
import { peerColumns } from '../../src/cli/run/peer-columns.js';
import { PlainReporter } from '../../src/cli/run/plain-reporter.js';
import type { RunEvent } from '../../src/cli/run/run-event.js';
import { TerminalReporter } from '../../src/cli/run/terminal-reporter.js';
import { Output } from '../../src/cli/output.js';
import { formatTable } from '../../src/cli/table.js';
import type { Peer } from '../../src/peer/peer.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { CapturedStream } from '../support/cli.js';

const ADDRESS = '10.0.0.1:10333';
const READY: RunEvent = {
  event: 'ready',
  address: ADDRESS,
  direction: 'outbound',
  userAgent: '/Neo\u001b:2.12.0/',
  height: 7,
};

const TEXTS: readonly [RunEvent, string | undefined][] = [
  [{ event: 'listening', address: ADDRESS }, `listening on ${ADDRESS}`],
  [{ event: 'listening', address: ADDRESS, replaces: 'a:1' }, `listening on ${ADDRESS} (a:1 was taken)`],
  [{ event: 'connected', address: ADDRESS, direction: 'inbound' }, undefined],
  [READY, `ready ${ADDRESS} outbound, height 7, /Neo?:2.12.0/`],
  [{ event: 'disconnected', address: ADDRESS, reason: 'idle', by: 'us' }, `disconnected ${ADDRESS}: idle (by us)`],
  [{ event: 'progress', phase: 'headers', done: 1, total: 2 }, undefined],
  [{ event: 'storeFailed', message: 'gone' }, "the database can't be used: gone"],
  [{ event: 'storeRecovered' }, 'the database can be used again'],
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
    reporter.status([peer({})]);
    const table = stream.text;
    reporter.status([peer({})]);
    expect(stream.text).toBe(`${table}\u001b[3A\u001b[0J${table}`);
    reporter.report({ event: 'storeRecovered' });
    expect(stream.text.endsWith('\u001b[3A\u001b[0Jthe database can be used again\n')).toBe(true);
    expect(table).toContain('10.0.0.1:10333');
  });

  it('leaves the last table on the screen when the run is over', () => {
    const stream = new CapturedStream(true);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([peer({})]);
    const table = stream.text;
    reporter.finish();
    reporter.report({ event: 'disconnected', address: ADDRESS, reason: 'shutdown', by: 'us' });
    expect(stream.text).toBe(`${table}disconnected ${ADDRESS}: shutdown (by us)\n`);
  });

  it('erases what a terminal that became narrower has wrapped', () => {
    const stream = Object.assign(new CapturedStream(true), { columns: 120 });
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    reporter.status([peer({ version: { userAgent: '/Neo:2.12.0/' } })]);
    stream.columns = 60; // each of the two long lines takes two rows now
    reporter.report({ event: 'storeRecovered' });
    expect(stream.text).toContain('\u001b[5A\u001b[0J');
  });

  it('shows as many peers as the screen has room for, and how many more there are', () => {
    const stream = new CapturedStream(true, 120, 10);
    const reporter = new TerminalReporter(new Output(stream), new VirtualClock());
    const peers = Array.from({ length: 50 }, () => peer({}));
    reporter.status(peers);
    expect(stream.lines).toHaveLength(9);
    expect(stream.lines.slice(-2)).toEqual(['and 44 more', 'Ctrl-C ends.']);
    expect(stream.lines.filter((line) => line.startsWith('10.0.0.1'))).toHaveLength(6);
  });
});

describe('PlainReporter', () => {
  it('says how many peers there are and how high they go', () => {
    const stream = new CapturedStream();
    const reporter = new PlainReporter(new Output(stream), new VirtualClock());
    reporter.status([]);
    reporter.status([peer({}), peer({ height: 9 })]);
    expect(stream.lines).toEqual(['0 peers, height 0', '2 peers, height 9']);
  });
});
