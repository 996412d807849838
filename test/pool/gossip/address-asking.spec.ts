import { beforeEach, describe, expect, it } from '@jest/globals';
import { AbortedError } from '../../../src/environment/aborted.error.js';
import type { CallOptions } from '../../../src/environment/call-options.js';
import type { Peer } from '../../../src/peer/peer.js';
import { AddressAsking } from '../../../src/pool/gossip/address-asking.js';
import { SeededRandom, VirtualClock } from '../../../src/testing/index.js';

let clock: VirtualClock;
let stop: AbortController;
let asking: AddressAsking;
let asked: string[];

beforeEach(() => {
  clock = new VirtualClock();
  stop = new AbortController();
  asking = new AddressAsking(clock, new SeededRandom(1), stop.signal);
  asked = [];
});

function peer(name: string, fails?: Error): Peer {
  const requestAddresses = ({ signal }: CallOptions): Promise<never[]> => {
    expect(signal).toBe(stop.signal);
    asked.push(name);
    return fails === undefined ? Promise.resolve([]) : Promise.reject(fails);
  };
  return { requestAddresses } as unknown as Peer;
}

describe('asking for addresses', () => {
  it('asks a peer, whose silence or end is no error', async () => {
    await asking.ask(peer('a'));
    await asking.ask(peer('b', new AbortedError('the pool stops')));
    expect(asked).toEqual(['a', 'b']);
  });

  it('does not hide a fault of ours', async () => {
    await expect(asking.ask(peer('a', new TypeError('odd')))).rejects.toThrow('odd');
  });

  it('asks one of many, not more often than every fifteen seconds', async () => {
    const peers = ['a', 'b', 'c'].map((name) => peer(name));
    for (let second = 0; second < 150; second++) {
      asking.askOneOf(peers);
      await clock.advance(1000);
    }
    expect(asked).toHaveLength(10);
    expect(new Set(asked).size).toBeGreaterThan(1);
  });

  it('asks nobody where nobody is, and the next one at once', () => {
    asking.askOneOf([]);
    asking.askOneOf([peer('a')]);
    expect(asked).toEqual(['a']);
  });
});
