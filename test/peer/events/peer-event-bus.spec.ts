import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PeerEventBus } from '../../../src/peer/events/peer-event-bus.js';
import { StandInPeer } from '../dispatch/stand-in-peer.js';

const peer = new StandInPeer().asPeer;

const late: () => unknown = () => Promise.reject(new Error('late'));

describe('events', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('call every listener of that event with its arguments, in order', () => {
    const bus = new PeerEventBus();
    const heard: unknown[] = [];
    bus.on('ready', (...given) => heard.push(['first', ...given]));
    bus.on('ready', (...given) => heard.push(['second', ...given]));
    bus.on('connected', () => heard.push('another event'));
    bus.emit('ready', peer);
    expect(heard).toEqual([
      ['first', peer],
      ['second', peer],
    ]);
  });

  it('end for a listener with its off switch, once or twice', () => {
    const bus = new PeerEventBus();
    let calls = 0;
    const listener = () => void calls++;
    const off = bus.on('storeRecovered', listener);
    bus.on('storeRecovered', listener);
    bus.emit('storeRecovered');
    off();
    off();
    bus.emit('storeRecovered');
    expect(calls).toBe(3);
  });

  it('reach a listener that another one adds only from the next on, and not one that it took away', () => {
    const bus = new PeerEventBus();
    const heard: string[] = [];
    let added = false;
    bus.on('ready', () => {
      heard.push('first');
      off();
      if (!added) bus.on('ready', () => heard.push('added'));
      added = true;
    });
    const off = bus.on('ready', () => heard.push('taken away'));
    bus.emit('ready', peer);
    expect(heard).toEqual(['first']);
    bus.emit('ready', peer);
    expect(heard).toEqual(['first', 'first', 'added']);
  });

  it('go on to the next listener when one throws, and log it', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bus = new PeerEventBus();
    let calls = 0;
    bus.on('ready', () => {
      throw new Error('mine');
    });
    bus.on('ready', () => void calls++);
    bus.emit('ready', peer);
    expect(calls).toBe(1);
    expect(logged.mock.calls[0]![0]).toBe("a listener of 'ready' threw: mine");
  });

  it('log a listener whose promise rejects, instead of ending the process', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bus = new PeerEventBus();
    // Nothing in the types keeps an async function out.
    bus.on('ready', late);
    bus.emit('ready', peer);
    await new Promise(setImmediate);
    expect(logged.mock.calls[0]![0]).toBe("a listener of 'ready' threw: late");
  });

  it('log listeners that throw at most once a minute for each event', () => {
    let nowMs = 0;
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bus = new PeerEventBus({ monotonic: () => nowMs });
    bus.on('ready', () => {
      throw new Error('mine');
    });
    for (nowMs = 0; nowMs < 180_000; nowMs += 1000) bus.emit('ready', peer);
    expect(logged).toHaveBeenCalledTimes(3);
  });

  it('without listeners cost nothing and throw nothing', () => {
    expect(() => new PeerEventBus().emit('ready', peer)).not.toThrow();
  });
});
