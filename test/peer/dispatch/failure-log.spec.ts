import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FailureLog } from '../../../src/peer/dispatch/failure-log.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { StandInPeer } from './stand-in-peer.js';

const { asPeer } = new StandInPeer();

let clock: VirtualClock;
let logger: RecordingLogger;
let log: FailureLog;

beforeEach(() => {
  clock = new VirtualClock();
  logger = new RecordingLogger();
  Logger.overrideLogger(logger);
  log = new FailureLog('Peer', clock);
});

afterEach(() => Logger.overrideLogger(['error', 'warn']));

describe('FailureLog', () => {
  it('says a failure once a minute, and then how many were left out', async () => {
    for (let i = 0; i < 5; i++) log.report('Chain.handle', asPeer, 'block', new RangeError('no room'));
    await clock.advance(59_999);
    log.report('Chain.handle', asPeer, 'block', new RangeError('no room'));
    expect(logger.errors).toEqual(['Chain.handle failed at block from 192.0.2.1:50000: no room']);
    await clock.advance(1);
    log.report('Chain.handle', asPeer, 'block', new RangeError('no room'));
    expect(logger.errors).toHaveLength(2);
    expect(logger.errors[1]).toContain('5 more');
  });

  it('tells handlers and classes of errors apart', () => {
    log.report('Chain.handle', asPeer, 'block', new RangeError('a'));
    log.report('Chain.handle', asPeer, 'block', new TypeError('b'));
    log.report('Other.handle', asPeer, 'block', new RangeError('c'));
    log.report('Other.handle', asPeer, 'block', 'a text');
    expect(logger.errors.map((line) => line.split(': ').at(-1))).toEqual(['a', 'b', 'c', 'a text']);
  });

  it('cuts a text that a remote may have made long', () => {
    log.report('Chain.handle', asPeer, 'block', new Error('x'.repeat(1_000_000)));
    expect(logger.errors[0]!.length).toBeLessThan(5000);
  });

  it('remembers a thousand kinds of failure and no more', () => {
    for (let i = 0; i <= 1000; i++) log.report(`handler ${i}`, asPeer, 'block', new Error('once'));
    log.report('handler 1000', asPeer, 'block', new Error('again'));
    expect(logger.errors).toHaveLength(1001);
    log.report('handler 0', asPeer, 'block', new Error('again'));
    expect(logger.errors).toHaveLength(1002);
  });
});
