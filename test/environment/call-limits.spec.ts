import { getEventListeners, getMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { AbortedError } from '../../src/environment/aborted.error.js';
import { watchLimits, withinLimits } from '../../src/environment/call-limits.js';
import { DialError } from '../../src/environment/dial.error.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

const timedOut = (): Error => new DialError('a:1', 'too late');
const never = (): Promise<string> => new Promise(() => undefined);

describe('withinLimits', () => {
  it('settles as the promise does and leaves no timer and no listener', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const fault = new Error('its own');
    expect(await withinLimits(Promise.resolve('value'), clock, { signal, timeoutMs: 10 }, timedOut)).toBe('value');
    await expect(withinLimits(Promise.reject(fault), clock, { signal, timeoutMs: 10 }, timedOut)).rejects.toBe(fault);
    expect(await withinLimits(Promise.resolve('value'), clock, undefined, timedOut)).toBe('value');
    expect(clock.pending).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects with the given error when the time is over', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const call = withinLimits(never(), clock, { signal, timeoutMs: 10 }, timedOut);
    await Promise.all([expect(call).rejects.toBeInstanceOf(DialError), clock.advance(10)]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects with AbortedError and its reason when the signal is aborted', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const call = withinLimits(never(), clock, { signal: controller.signal, timeoutMs: 10 }, timedOut);
    const reason = { why: 'enough' };
    controller.abort(reason);
    await expect(call).rejects.toBeInstanceOf(AbortedError);
    await expect(call).rejects.toMatchObject({ code: 'NEO_PEER_ABORTED', cause: reason });
    expect(clock.pending).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('rejects at once when the signal is aborted already, and minds no late rejection', async () => {
    const clock = new VirtualClock();
    let reject!: (error: Error) => void;
    const late = new Promise<string>((_, no) => {
      reject = no;
    });
    const call = withinLimits(late, clock, { signal: AbortSignal.abort(), timeoutMs: 10 }, timedOut);
    await expect(call).rejects.toBeInstanceOf(AbortedError);
    reject(new Error('nobody hears this'));
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  });
});

describe('watchLimits', () => {
  it('lets one signal end any number of calls, without a limit on listeners that Node would warn of', async () => {
    const abort = new AbortController();
    const calls = Array.from({ length: 50 }, () =>
      withinLimits(never(), new VirtualClock(), { signal: abort.signal }, timedOut),
    );
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(50);
    expect(getMaxListeners(abort.signal)).toBe(Infinity);
    abort.abort();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(50);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  it('gives up once, though time and signal both run out', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const reasons: Error[] = [];
    watchLimits(clock, { signal: controller.signal, timeoutMs: 10 }, timedOut, (error) => reasons.push(error));
    await clock.advance(10);
    controller.abort();
    expect(reasons).toEqual([expect.any(DialError)]);
  });

  it('never gives up once it is stopped', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const reasons: Error[] = [];
    const stop = watchLimits(clock, { signal: controller.signal, timeoutMs: 10 }, timedOut, (error) =>
      reasons.push(error),
    );
    stop();
    stop();
    await clock.advance(10);
    controller.abort();
    expect(reasons).toEqual([]);
  });

  it('gives up before it returns when the signal is aborted already', () => {
    const reasons: Error[] = [];
    const stop = watchLimits(new VirtualClock(), { signal: AbortSignal.abort('x') }, timedOut, (error) =>
      reasons.push(error),
    );
    expect(reasons).toMatchObject([{ code: 'NEO_PEER_ABORTED', cause: 'x' }]);
    stop();
  });
});
