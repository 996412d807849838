import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { processSurroundings } from '../../src/cli/surroundings.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let clock: VirtualClock;
let kill: jest.SpiedFunction<typeof process.kill>;
let interrupts: number;
let off: () => void;

beforeEach(() => {
  clock = new VirtualClock();
  kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  interrupts = 0;
  off = processSurroundings(clock).onInterrupt(() => interrupts++);
});

afterEach(() => {
  kill.mockRestore();
  for (const signal of SIGNALS) process.removeAllListeners(signal);
});

describe('processSurroundings', () => {
  it.each(SIGNALS)('tells of %s', (signal) => {
    process.emit(signal, signal);
    expect(interrupts).toBe(1);
  });

  it('takes a second signal at once for the same wish, and a later one for a stronger', async () => {
    process.emit('SIGINT', 'SIGINT');
    off();
    process.emit('SIGINT', 'SIGINT');
    expect(interrupts).toBe(1);
    expect(kill).not.toHaveBeenCalled();
    await clock.advance(1001);
    process.emit('SIGINT', 'SIGINT');
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT');
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('is not killed by a signal that comes when the command is done', () => {
    off();
    process.emit('SIGTERM', 'SIGTERM');
    expect(interrupts).toBe(0);
    expect(kill).not.toHaveBeenCalled();
  });
});
