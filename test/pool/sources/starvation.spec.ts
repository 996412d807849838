import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import { Starvation, STARVED_AFTER_MS } from '../../../src/pool/sources/starvation.js';
import { VirtualClock } from '../../../src/testing/index.js';

let clock: VirtualClock;
let happened: string[];
let starvation: Starvation;

beforeEach(() => {
  Logger.overrideLogger(false);
  clock = new VirtualClock();
  happened = [];
  const events = new PeerEventBus();
  events.on('starved', () => happened.push(`starved ${clock.monotonic()}`));
  events.on('healed', () => happened.push(`healed ${clock.monotonic()}`));
  starvation = new Starvation(clock, events);
});
afterEach(() => {
  starvation.stop();
  Logger.overrideLogger(['log', 'warn', 'error']);
});

describe('starvation', () => {
  it('is told when nobody was there for half a minute, once, and its end too', async () => {
    starvation.ready(0);
    await clock.advance(10_000);
    starvation.ready(0);
    await clock.advance(STARVED_AFTER_MS - 10_001);
    expect(happened).toEqual([]);
    await clock.advance(1);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`]);
    expect(starvation.sinceMs).toBe(clock.now() - STARVED_AFTER_MS);
    starvation.ready(0);
    await clock.advance(10 * STARVED_AFTER_MS);
    expect(happened).toHaveLength(1);
    starvation.ready(1);
    starvation.ready(2);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`, `healed ${11 * STARVED_AFTER_MS}`]);
    expect(starvation.sinceMs).toBeUndefined();
  });

  it('is over without a word once nobody is wanted any more', async () => {
    starvation.ready(0);
    await clock.advance(STARVED_AFTER_MS);
    starvation.unwanted();
    expect(starvation.sinceMs).toBeUndefined();
    starvation.ready(1);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`]);
  });

  it('is not told when somebody came in time', async () => {
    starvation.ready(0);
    await clock.advance(STARVED_AFTER_MS - 1);
    starvation.ready(1);
    await clock.advance(STARVED_AFTER_MS);
    expect(happened).toEqual([]);
    expect(starvation.sinceMs).toBeUndefined();
  });

  it('is told again the next time', async () => {
    for (let i = 0; i < 2; i++) {
      starvation.ready(0);
      await clock.advance(STARVED_AFTER_MS);
      starvation.ready(1);
    }
    expect(happened.map((what) => what.split(' ')[0])).toEqual(['starved', 'healed', 'starved', 'healed']);
  });

  it('is not told after the stop', async () => {
    starvation.ready(0);
    starvation.stop();
    expect(clock.pending).toBe(0);
    await clock.advance(STARVED_AFTER_MS);
    expect(happened).toEqual([]);
  });
});
