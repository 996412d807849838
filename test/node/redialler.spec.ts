import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AbortedError } from '../../src/environment/aborted.error.js';
import { formatAddress } from '../../src/environment/address.js';
import type { CallOptions } from '../../src/environment/call-options.js';
import type { Endpoint } from '../../src/environment/connection.js';
import { DialError } from '../../src/environment/dial.error.js';
import { Redialler, type DialPlan } from '../../src/node/redialler.js';
import { PeerFactory } from '../../src/peer/peer-factory.js';
import type { Disconnection } from '../../src/peer/disconnection.js';
import type { Peer } from '../../src/peer/peer.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

/** Dials that the test decides on. */
class ScriptedFactory extends PeerFactory {
  /** Every dial there was. */
  readonly dials: { readonly address: string; readonly atMs: number }[] = [];
  /** Ends the connection to that address. */
  readonly connected = new Map<string, () => void>();
  /** Addresses that never answer. */
  readonly silent = new Set<string>();
  /** Addresses that refuse. */
  readonly refusing = new Set<string>();

  constructor(private readonly clock: VirtualClock) {
    super();
  }

  override dial(endpoint: Endpoint, { signal }: CallOptions = {}): Promise<Peer> {
    const address = formatAddress(endpoint);
    this.dials.push({ address, atMs: this.clock.now() });
    if (this.refusing.has(address)) return Promise.reject(new DialError(address, 'refused'));
    if (this.silent.has(address)) {
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () => reject(new AbortedError(signal!.reason))),
      );
    }
    const closed = new Promise<Disconnection>((resolve) => {
      this.connected.set(address, () => {
        this.connected.delete(address);
        resolve({ reason: 'remote-closed', by: 'remote', atMs: this.clock.now() });
      });
    });
    return Promise.resolve({ closed } as Peer);
  }

  override listen(): never {
    throw new Error('not used');
  }

  override create(): never {
    throw new Error('not used');
  }

  /** When an address was dialled, milliseconds after the first dial of all. */
  times(address: string): number[] {
    return this.dials.filter((dial) => dial.address === address).map(({ atMs }) => atMs - this.dials[0]!.atMs);
  }
}

let clock: VirtualClock;
let factory: ScriptedFactory;
let redialler: Redialler;

beforeEach(() => {
  Logger.overrideLogger(false);
  clock = new VirtualClock();
  factory = new ScriptedFactory(clock);
  redialler = new Redialler(factory, clock, new SeededRandom(1));
});

function endpoints(count: number, host = 'known'): Endpoint[] {
  return Array.from({ length: count }, (_, i) => ({ host: `${host}${i}`, port: 1 }));
}

/** Starts, and tells whether the first round is over. */
function start(plan: Partial<DialPlan>): { over: boolean } {
  const round = { over: false };
  void redialler.start({ wanted: [], known: [], most: 10, ...plan }).then(() => (round.over = true));
  return round;
}

describe('Redialler', () => {
  it('dials every address once, and says when the first round is over', async () => {
    const round = start({ wanted: endpoints(2, 'wanted'), known: [...endpoints(2), ...endpoints(2, 'wanted')] });
    await clock.advance(0);
    expect([...factory.connected.keys()].toSorted()).toEqual(['known0:1', 'known1:1', 'wanted0:1', 'wanted1:1']);
    expect(factory.dials).toHaveLength(4);
    expect(round.over).toBe(true);
  });

  it('ends the first round at once where there is nobody to dial', async () => {
    const round = start({});
    await clock.advance(0);
    expect(round.over).toBe(true);
  });

  it('does not end the first round while a dial hangs, but counts one that failed', async () => {
    factory.refusing.add('known0:1');
    factory.silent.add('known1:1');
    const round = start({ known: endpoints(2) });
    await clock.advance(1_000_000);
    expect(round.over).toBe(false);
  });

  it('is connected to as many candidates as it may be, and takes the next where one is lost or fails', async () => {
    factory.refusing.add('known0:1');
    const round = start({ known: endpoints(5), most: 2 });
    await clock.advance(0);
    expect([...factory.connected.keys()]).toEqual(['known1:1', 'known2:1']);
    expect(round.over).toBe(true);
    factory.connected.get('known1:1')!();
    await clock.advance(0);
    expect([...factory.connected.keys()]).toEqual(['known2:1', 'known3:1']);
  });

  it('connects to all wanted addresses, however many candidates there may be', async () => {
    start({ wanted: endpoints(3, 'wanted'), known: endpoints(3), most: 1 });
    await clock.advance(0);
    expect([...factory.connected.keys()].toSorted()).toEqual(['known0:1', 'wanted0:1', 'wanted1:1', 'wanted2:1']);
  });

  it('dials a lost address again, with waits that double up to five minutes', async () => {
    factory.refusing.add('wanted0:1');
    start({ wanted: endpoints(1, 'wanted') });
    await clock.advance(3_600_000);
    const times = factory.times('wanted0:1');
    const waits = times.slice(1).map((time, i) => time - times[i]!);
    [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000].forEach((wait, i) => {
      expect(waits[i]).toBeGreaterThanOrEqual(wait * 0.8);
      expect(waits[i]).toBeLessThanOrEqual(wait * 1.2);
    });
  });

  it('begins with short waits again after a connection that lasted, and not after one that did not', async () => {
    factory.refusing.add('wanted0:1');
    start({ wanted: endpoints(1, 'wanted') });
    await clock.advance(100_000);
    factory.refusing.clear();
    await clock.until(() => factory.connected.size === 1, 300_000);
    const before = factory.dials.length;
    factory.connected.get('wanted0:1')!(); // at once
    await clock.advance(20_000);
    expect(factory.dials).toHaveLength(before);
    await clock.until(() => factory.connected.size === 1, 600_000);
    await clock.advance(60_000);
    factory.connected.get('wanted0:1')!();
    await clock.advance(1200);
    expect(factory.connected.size).toBe(1);
  });

  it('warns of an address it was told to be connected to, once, when that fails', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    factory.refusing.add('wanted0:1').add('known0:1');
    start({ wanted: endpoints(1, 'wanted'), known: endpoints(1) });
    await clock.advance(100_000);
    expect(warned.mock.calls).toEqual([["can't connect to wanted0:1: refused; it is dialled again and again"]]);
    warned.mockRestore();
  });

  it('gives up dials and waits when the application stops, and dials no more', async () => {
    factory.refusing.add('wanted0:1');
    factory.silent.add('wanted1:1');
    const round = start({ wanted: endpoints(3, 'wanted') });
    await clock.advance(0);
    const { length } = factory.dials;
    redialler.onModuleDestroy();
    factory.connected.get('wanted2:1')!();
    await clock.advance(3_600_000);
    expect(factory.dials).toHaveLength(length);
    expect(round.over).toBe(true);
  });
});
