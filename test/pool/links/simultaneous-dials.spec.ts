import { describe, expect, it } from '@jest/globals';
import { Transport } from '../../../src/environment/transport.js';
import type { Peer } from '../../../src/peer/peer.js';
import { KITS, type DialectKit } from '../../support/dialect-kit.js';
import { HeldTransport } from '../../support/held-transport.js';
import { PoolLab, PoolWorld } from '../../support/pool-lab.js';

const A = '20.1.0.1';
const B = '20.2.0.1';

/** The versions that are on their way: whose, and on whose dial. */
type Version = 'a on ab' | 'b on ab' | 'a on ba' | 'b on ba';
const VERSIONS: readonly Version[] = ['a on ab', 'b on ab', 'a on ba', 'b on ba'];

function orders<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((first) => orders(all.filter((other) => other !== first)).map((rest) => [first, ...rest]));
}

const dialledBy =
  (us: string, them: string) =>
  ({ direction }: Peer): string =>
    `${direction === 'outbound' ? us : them} dialled`;

/** Two nodes of ours in one world, each of which holds back what comes first on each connection. */
class Pair {
  private constructor(
    readonly a: PoolLab,
    readonly b: PoolLab,
    private readonly heldByA: HeldTransport,
    private readonly heldByB: HeldTransport,
  ) {}

  static async start(kit: DialectKit, nonces: readonly [number, number]): Promise<Pair> {
    const world = new PoolWorld();
    const held = [
      new HeldTransport(world.memory.transport(A), B),
      new HeldTransport(world.memory.transport(B), A),
    ] as const;
    const labs = await Promise.all(
      [A, B].map((host, i) =>
        PoolLab.start({
          kit,
          world,
          host,
          nonce: nonces[i]!,
          pool: { outbound: 2 },
          override: (builder) => builder.overrideProvider(Transport).useValue(held[i]),
        }),
      ),
    );
    return new Pair(labs[0]!, labs[1]!, held[0], held[1]);
  }

  /** Both have dialled each other, and every version is on its way. */
  async dialEachOther(): Promise<void> {
    this.a.learn(`${B}:10333`);
    this.b.learn(`${A}:10333`);
    await this.a.clock.advance(1);
    await this.a.settle();
  }

  /** Whether every version is on its way. */
  get allHeld(): boolean {
    return VERSIONS.every((version) => this.#wayOf(version)?.isHolding === true);
  }

  async deliver(version: Version): Promise<void> {
    this.#wayOf(version)!.release();
    await this.a.settle();
  }

  /** What is left, by node, as `a dialled` or `b dialled`. */
  left(): { a: string[]; b: string[] } {
    return { a: this.a.pool.peers().map(dialledBy('a', 'b')), b: this.b.pool.peers().map(dialledBy('b', 'a')) };
  }

  async close(): Promise<void> {
    await this.a.stop();
    await this.b.close();
  }

  #wayOf(version: Version) {
    switch (version) {
      case 'a on ab':
        return this.heldByB.accepted[0];
      case 'b on ab':
        return this.heldByA.dialled[0];
      case 'a on ba':
        return this.heldByB.dialled[0];
      case 'b on ba':
        return this.heldByA.accepted[0];
      default:
        return version satisfies never;
    }
  }
}

describe.each(KITS)('$name: two nodes of ours that dial each other at the same time', (kit) => {
  it.each([
    [1, 2, 'a dialled'],
    [2, 1, 'b dialled'],
  ])(
    'keep one link, the same one, in whatever order their versions come (nonces %d and %d: %s)',
    async (a, b, kept) => {
      for (const order of orders(VERSIONS)) {
        const pair = await Pair.start(kit, [a, b]);
        await pair.dialEachOther();
        expect(pair.allHeld).toBe(true);
        for (const version of order) await pair.deliver(version);
        await pair.a.clock.advance(10);
        expect([order, pair.left()]).toEqual([order, { a: [kept], b: [kept] }]);
        expect(pair.a.memory.connections).toBe(2);
        await pair.close();
      }
    },
  );

  it('do not dial each other again while that link stands', async () => {
    const pair = await Pair.start(kit, [1, 2]);
    await pair.dialEachOther();
    for (const version of VERSIONS) await pair.deliver(version);
    await pair.a.clock.advance(3_600_000);
    expect(pair.left()).toEqual({ a: ['a dialled'], b: ['a dialled'] });
    expect(pair.a.pool.peers()[0]!.createdAtMs).toBeLessThan(pair.a.clock.now() - 3_590_000);
    await pair.close();
  });

  it('keep one link also when each keeps the other’s address', async () => {
    const pair = await Pair.start(kit, [1, 2]);
    void pair.a.pool.connect(`${B}:10333`);
    void pair.b.pool.connect(`${A}:10333`);
    await pair.a.settle();
    for (const version of VERSIONS) await pair.deliver(version);
    await pair.a.clock.advance(3_600_000);
    expect(pair.left()).toEqual({ a: ['a dialled'], b: ['a dialled'] });
    expect(pair.a.pool.peers()[0]!.createdAtMs).toBeLessThan(pair.a.clock.now() - 3_590_000);
    await pair.close();
  });
});
