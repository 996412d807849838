import { afterEach, describe, expect, it } from '@jest/globals';
import { duplicateOf } from '../../../src/pool/links/duplicate-links.js';
import type { Link } from '../../../src/pool/links/link.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { RemoteFacts } from '../../../src/wire/common/node-facts.js';
import { KITS } from '../../support/dialect-kit.js';
import { PoolLab } from '../../support/pool-lab.js';
import { poolPeer } from '../../support/pool-peer.js';

const OURS = 5000;
const HOST = '20.1.0.1';
const ELSEWHERE = '30.1.0.1';

type Direction = 'inbound' | 'outbound';

/** Kinds that close a second link whatever its address is, and one that goes by the address. */
const AGENTS = { legacy: 'NEO:neo-one-js:2.5.0', n3: '/NEO-GO:0.106.3/' } as const;
const ORDINARY = { legacy: '/Neo:2.12.0/', n3: '/Neo:3.8.2/' } as const;

describe.each(['legacy', 'n3'] as const)('%s: a second link to a node', (dialect) => {
  function judged(
    [there, came]: readonly [Direction, Direction],
    given: { nonce?: number; from?: string; agent?: string; otherState?: 'ready' | 'closed'; otherNonce?: number } = {},
  ): 'none' | 'the older goes' | 'the newer goes' {
    const { nonce = 9000, from = HOST, agent = ORDINARY[dialect], otherState = 'ready', otherNonce = nonce } = given;
    const other = Object.assign(poolPeer({ direction: there, host: HOST }), { dialect, state: otherState });
    const peer = Object.assign(poolPeer({ direction: came, host: from }), { dialect }) as Peer;
    const links = [{ peer: undefined }, { peer, nonce: undefined }, { peer: other, nonce: otherNonce }] as Link[];
    const facts = { nonce, userAgent: agent } as RemoteFacts;
    const found = duplicateOf(peer, facts, links, OURS);
    if (found === undefined) return 'none';
    expect(found.other.peer).toBe(other);
    return found.otherGoes ? 'the older goes' : 'the newer goes';
  }

  it.each([
    // there, came, their nonce, what of it
    ['inbound', 'inbound', 9000, 'the newer goes'],
    ['inbound', 'inbound', 1000, 'the newer goes'],
    ['outbound', 'outbound', 9000, 'the newer goes'],
    ['outbound', 'outbound', 1000, 'the newer goes'],
    // ours is the lower nonce: what we dialled stays
    ['outbound', 'inbound', 9000, 'the newer goes'],
    ['inbound', 'outbound', 9000, 'the older goes'],
    // theirs is: what they dialled stays
    ['outbound', 'inbound', 1000, 'the older goes'],
    ['inbound', 'outbound', 1000, 'the newer goes'],
  ] as const)('from the same address, %s there and %s came, nonce %d: %s', (there, came, nonce, expected) => {
    for (const agent of [ORDINARY[dialect], AGENTS[dialect]])
      expect(judged([there, came], { nonce, agent })).toBe(expected);
  });

  it.each([
    ['inbound', 'inbound'],
    ['inbound', 'outbound'],
    ['outbound', 'inbound'],
    ['outbound', 'outbound'],
  ] as const)('from another address is none for ordinary nodes: a nonce can be copied (%s, %s)', (there, came) => {
    for (const nonce of [1000, 9000]) expect(judged([there, came], { nonce, from: ELSEWHERE })).toBe('none');
  });

  it.each([
    ['outbound', 'inbound', 'the newer goes'],
    ['inbound', 'outbound', 'the older goes'],
    // which of them copied the nonce, if one did, the node itself knows: it closes one
    ['inbound', 'inbound', 'none'],
    ['outbound', 'outbound', 'none'],
  ] as const)(
    'from another address, of a kind that has one link only, %s there and %s came: %s; the one we dialled stays',
    (there, came, expected) => {
      for (const nonce of [1000, 9000]) {
        expect(judged([there, came], { nonce, from: ELSEWHERE, agent: AGENTS[dialect] })).toBe(expected);
      }
    },
  );

  it('is known although one of the two addresses is IPv4 written as IPv6', () => {
    expect(judged(['inbound', 'inbound'], { from: `::ffff:${HOST}` })).toBe('the newer goes');
  });

  it('is none where the other has another nonce, has not said one, or has closed', () => {
    expect(judged(['inbound', 'inbound'], { otherNonce: 9001 })).toBe('none');
    expect(judged(['inbound', 'inbound'], { otherNonce: undefined as unknown as number, nonce: 9000 })).toBe(
      'the newer goes',
    );
    expect(judged(['inbound', 'inbound'], { otherState: 'closed' })).toBe('none');
  });
});

describe.each(KITS)('$name: a copied nonce', (kit) => {
  let lab: PoolLab;
  afterEach(() => lab.close());
  const agents = [ORDINARY[kit.name], AGENTS[kit.name]];

  it.each(agents)('does not push out a peer that we dialled, nor keep us from dialling it: %s', async (userAgent) => {
    for (const ours of [1, 2 ** 31]) {
      const version = { nonce: 4711, userAgent };
      lab = await PoolLab.start({ kit, nonce: ours, pool: { outbound: 1 } });
      await lab.node(`${HOST}:10333`, version);
      lab.learn(`${HOST}:10333`);
      await lab.clock.advance(300);
      expect(lab.outboundHosts).toEqual([HOST]);
      const thief = await lab.connect(ELSEWHERE, version);
      thief.send(thief.version());
      await lab.clock.advance(300);
      expect(lab.outboundHosts).toEqual([HOST]);
      await lab.close();

      lab = await PoolLab.start({ kit, nonce: ours, pool: { outbound: 1 } });
      await lab.node(`${HOST}:10333`, version);
      const early = await lab.connect(ELSEWHERE, version);
      early.handshake().catch(() => undefined); // it may be cut off, which is what the test looks at from the other side
      await lab.clock.advance(300);
      lab.learn(`${HOST}:10333`);
      await lab.clock.advance(300);
      expect(lab.outboundHosts).toEqual([HOST]);
      if (ours === 1) await lab.close();
    }
  });

  it('of ours is a connection to ourselves, whoever sends it', async () => {
    lab = await PoolLab.start({ kit, nonce: 4711 });
    const remote = await lab.connect(ELSEWHERE, { nonce: 4711 });
    remote.send(remote.version());
    await lab.settle();
    expect(lab.happened).toEqual([`disconnected ${ELSEWHERE} self-connection`]);
  });
});
