import { describe, expect, it } from '@jest/globals';
import type { AdversaryKind, AdversaryOptions } from '../../src/testing/index.js';
import { UInt256 } from '../../src/index.js';
import { ScriptedPeer } from '../../src/testing/index.js';
import { MINUTE, SELDOM, worlds } from './worlds.js';

/** One of each but those who are silent, who have a scenario of their own. */
const HOSTILE: readonly (Omit<AdversaryOptions, 'conduct'> & { readonly conduct: AdversaryKind })[] = [
  { conduct: 'garbage' },
  { conduct: 'broken-frames' },
  { conduct: 'version-spam' },
  { conduct: 'request-flood' },
  { conduct: 'address-flood', tells: 'dead' },
  { conduct: 'liar', tells: 'unroutable' },
  { conduct: 'slow-reader', tells: 'own-group' },
];

describe('garbage, floods and lies', () => {
  const createWorld = worlds();

  it.each([
    { network: 'n3', honest: 28, connections: 2, minutes: 60, seed: 81 },
    { network: 'legacy', honest: 10, connections: 4, minutes: 20, seed: 82 },
  ] as const)(
    'end in bans, and honest nodes are never banned: $minutes minutes of $network, $honest honest nodes and 7 hostile ones (seed $seed)',
    async ({ network, honest, connections, minutes, seed }) => {
      const world = await createWorld({ seed, nodes: honest, network, peer: { timeouts: SELDOM } });
      const kinds = new Map<string, AdversaryKind>();
      for (const options of HOSTILE) {
        const { hosts } = await world.addAdversary({ ...options, connections });
        for (const host of hosts) kinds.set(host, options.conduct);
      }
      const bannedBy = new Map<AdversaryKind | 'honest', Set<number>>();
      world.on('banned', ({ index }, { subject }) => {
        const kind = kinds.get(subject) ?? 'honest';
        bannedBy.set(kind, (bannedBy.get(kind) ?? new Set()).add(index));
      });
      await world.run(minutes * MINUTE);
      expect(bannedBy.get('honest')).toBeUndefined();
      expect(bannedBy.get('slow-reader')).toBeUndefined(); // somebody with a bad line does the same
      for (const kind of ['garbage', 'broken-frames', 'version-spam', 'request-flood', 'address-flood'] as const) {
        expect([kind, bannedBy.get(kind)?.size ?? 0]).toEqual([kind, honest]);
      }
      // Nobody is cut off, and nobody believes in addresses that can't be reached from outside.
      expect(world.nodes.filter(({ pool }) => pool.peers().length < 8)).toEqual([]);
      const known = world.nodes.flatMap((node) => node.book().map(({ host }) => host));
      expect(known.filter((host) => /^(10|127|192\.168)\./.test(host))).toEqual([]);
    },
  );

  it.each([
    ['a block that was asked for and is false', 'invalid-block'],
    ['headers that were asked for and don’t link', 'invalid-headers'],
  ] as const)('%s ends in a ban (seed 83)', async (_what, reason) => {
    const world = await createWorld({ seed: 83, nodes: 1 });
    await world.addAdversary({ conduct: 'liar' });
    const { pool } = world.node(0);
    const banned: string[] = [];
    world.on('banned', (_node, ban) => banned.push(ban.reason));
    for (let i = 0; i < 10 && banned.length === 0; i++) {
      await world.until(() => pool.peers().length > 0, MINUTE);
      const [liar] = pool.peers();
      expect(liar!.height).toBeGreaterThan(3_000_000_000);
      if (reason === 'invalid-block') void liar!.requestBlocksByIndex(1, 1).catch(() => undefined);
      else void collect(liar!.headers({ index: 1 }));
      await world.run(5000);
    }
    expect(banned).toEqual([reason]);
  });

  it('headers that don’t link are no more than the first of them on Legacy too (seed 83)', async () => {
    const world = await createWorld({ seed: 83, nodes: 1, network: 'legacy' });
    await world.addAdversary({ conduct: 'liar' });
    const { pool } = world.node(0);
    await world.until(() => pool.peers().length > 0, MINUTE);
    let found: number | undefined;
    const after = UInt256.from('ab'.repeat(32));
    void pool
      .peers()[0]!
      .requestHeaders({ after })
      .then((headers) => (found = headers.length));
    await world.run(5000);
    expect(found).toBe(1);
  });

  it('hang up on a node that can’t be understood, as anybody would', async () => {
    const world = await createWorld({ seed: 85, nodes: 1, seeds: 0, peer: { listen: false } });
    const transport = world.network.transport(world.node(0).host);
    const { dialect, magic, port } = world.definition;
    const listener = await ScriptedPeer.listen(transport, { port }, { dialect, magic, clock: world.clock });
    const adversary = await world.addAdversary({ conduct: 'silent', connections: 1 });
    await world.run(3000);
    const remote = await listener.accepted();
    expect(adversary.connections).toBe(1);
    remote.write(Uint8Array.of(0, 0x27, 1, 0xff)); // an inventory that ends where it begins
    await world.run(500);
    await remote.closed;
    expect([adversary.connections, adversary.made]).toEqual([0, 1]);
    await listener.close();
  });

  it('is no way to hold slots: who says nothing has to go', async () => {
    const world = await createWorld({ seed: 84, nodes: 1 });
    const silent = await world.addAdversary({ conduct: 'silent', connections: 3, dialsPerSecond: 10 });
    const reasons = new Set<string>();
    world.on('disconnected', (_node, _peer, { reason }) => reasons.add(reason));
    await world.run(MINUTE);
    expect(silent.made).toBeGreaterThan(3);
    expect(reasons).toContain('handshake-timeout');
    silent.stop();
    await world.run(1000);
    expect(silent.connections).toBe(0);
  });
});

async function collect(headers: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const header of headers) void header;
  } catch {
    // that it ends is all that counts here
  }
}
