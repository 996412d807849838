import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import { Starvation, STARVED_AFTER_MS } from '../../../src/pool/sources/starvation.js';
import { VirtualClock } from '../../../src/testing/index.js';

let clock: VirtualClock;
let happened: string[];
let starvation: Starvation;
let isFed: boolean;

beforeEach(() => {
  Logger.overrideLogger(false);
  clock = new VirtualClock();
  happened = [];
  const events = new PeerEventBus();
  events.on('starved', () => happened.push(`starved ${clock.monotonic()}`));
  events.on('healed', () => happened.push(`healed ${clock.monotonic()}`));
  starvation = new Starvation(clock, events, () => isFed);
});
afterEach(() => {
  starvation.stop();
  Logger.overrideLogger(['log', 'warn', 'error']);
});

/** Something has changed, and whether somebody is there now. */
function look(isThere: boolean): void {
  isFed = isThere;
  starvation.look();
}

describe('starvation', () => {
  it('is told when nobody was there for half a minute, once, and its end too', async () => {
    look(false);
    await clock.advance(10_000);
    look(false);
    await clock.advance(STARVED_AFTER_MS - 10_001);
    expect(happened).toEqual([]);
    await clock.advance(1);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`]);
    expect(starvation.sinceMs).toBe(clock.now() - STARVED_AFTER_MS);
    look(false);
    await clock.advance(10 * STARVED_AFTER_MS);
    expect(happened).toHaveLength(1);
    look(true);
    look(true);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`, `healed ${11 * STARVED_AFTER_MS}`]);
    expect(starvation.sinceMs).toBeUndefined();
  });

  it('is over without a word once nobody is wanted any more', async () => {
    look(false);
    await clock.advance(STARVED_AFTER_MS);
    starvation.unwanted();
    expect(starvation.sinceMs).toBeUndefined();
    look(true);
    expect(happened).toEqual([`starved ${STARVED_AFTER_MS}`]);
  });

  it('is not told when somebody came in time', async () => {
    look(false);
    await clock.advance(STARVED_AFTER_MS - 1);
    look(true);
    await clock.advance(STARVED_AFTER_MS);
    expect(happened).toEqual([]);
    expect(starvation.sinceMs).toBeUndefined();
  });

  it('is not told when somebody is there by then, though nobody has said so', async () => {
    look(false);
    isFed = true;
    await clock.advance(2 * STARVED_AFTER_MS);
    expect(happened).toEqual([]);
    look(false);
    await clock.advance(STARVED_AFTER_MS);
    expect(happened).toEqual([`starved ${3 * STARVED_AFTER_MS}`]);
  });

  it('is told again the next time', async () => {
    for (let i = 0; i < 2; i++) {
      look(false);
      await clock.advance(STARVED_AFTER_MS);
      look(true);
    }
    expect(happened.map((what) => what.split(' ')[0])).toEqual(['starved', 'healed', 'starved', 'healed']);
  });

  it('is not told after the stop', async () => {
    look(false);
    starvation.stop();
    expect(clock.pending).toBe(0);
    await clock.advance(STARVED_AFTER_MS);
    expect(happened).toEqual([]);
  });
});
