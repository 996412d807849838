import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExemptList } from '../../../src/pool/addresses/exempt-list.js';
import { LinkTable } from '../../../src/pool/links/link-table.js';
import { VirtualClock } from '../../../src/testing/index.js';
import { poolPeer } from '../../support/pool-peer.js';

const NODE = { host: '20.1.0.1', port: 10_333 };
const OTHER = { host: '20.2.0.1', port: 10_333 };

let clock: VirtualClock;
let links: LinkTable;

beforeEach(() => {
  clock = new VirtualClock();
  links = new LinkTable({ clock, exempt: new ExemptList(['10.0.0.0/8']) });
});

const outbound = (host = NODE.host) => poolPeer({ direction: 'outbound', host, port: 10_333 });

describe('a link that the pool dials', () => {
  it('goes from dialling over negotiating to ready, and is then gone', async () => {
    const link = links.dialling(NODE, 'automatic');
    expect(link).toMatchObject({ kind: 'automatic', state: 'dialling', peer: undefined, readyAtMs: undefined });
    expect(links.at(NODE)).toBe(link);
    const peer = outbound();
    expect(links.connected(peer, NODE)).toBe(link);
    expect(link).toMatchObject({ state: 'negotiating', peer, sinceMs: clock.now() });
    links.introduced(peer, 4711);
    expect(link.nonce).toBe(4711);
    await clock.advance(50);
    expect(links.becameReady(peer)).toBe(link);
    expect(link).toMatchObject({ state: 'ready', readyAtMs: clock.now() });
    expect(links.ready).toEqual([peer]);
    expect(links.gone(peer)).toBe(link);
    expect([links.at(NODE), links.of(peer), links.count('automatic'), [...links]]).toEqual([
      undefined,
      undefined,
      0,
      [],
    ]);
  });

  it('is known of a peer also when that has closed, as it was', () => {
    links.dialling(NODE, 'automatic');
    const peer = outbound();
    expect(links.lastOf(peer)).toBeUndefined();
    const link = links.connected(peer, NODE);
    expect(links.lastOf(peer)).toBe(link);
    links.gone(peer);
    expect(links.gone(peer)).toBeUndefined();
    links.dialling(NODE, 'feeler');
    expect(links.lastOf(peer)).toBe(link);
    expect([...links]).toHaveLength(1);
  });

  it('is gone when its dial came to nothing, and that may be said twice', () => {
    const link = links.dialling(NODE, 'feeler');
    links.gaveUp(link);
    links.gaveUp(link);
    expect([...links]).toEqual([]);
    expect(links.dialling(NODE, 'automatic').kind).toBe('automatic');
  });

  it('does not take another link with it when it is given up after it has gone', () => {
    const link = links.dialling(NODE, 'automatic');
    links.gaveUp(link);
    const another = links.dialling(NODE, 'kept');
    links.gaveUp(link);
    expect(links.at(NODE)).toBe(another);
  });

  it('is one an address: a second dial of it is a fault of ours', () => {
    links.dialling(NODE, 'automatic');
    expect(() => links.dialling(NODE, 'kept')).toThrow(TypeError);
    expect(() => links.dialling({ ...NODE }, 'feeler')).toThrow('20.1.0.1:10333');
    expect(links.dialling({ ...NODE, port: 1 }, 'kept')).toBeDefined();
  });

  it('stands in the group of the address that a name leads to, once that is known', () => {
    const name = { host: 'a.example', port: 10_333 };
    const link = links.dialling(name, 'automatic');
    expect(link).toMatchObject({ group: 'a.example', client: 'a.example' });
    links.connected(outbound('20.7.8.9'), name);
    expect(link).toMatchObject({ group: '20.7.8.0/24', client: '20.7.8.9', address: name });
  });
});

describe('a link that the application dials', () => {
  it('is a manual one, at its address', () => {
    const peer = outbound();
    const link = links.connected(peer, NODE);
    expect(link).toMatchObject({ kind: 'manual', state: 'negotiating', address: NODE });
    expect(links.at(NODE)).toBe(link);
    expect(links.count('manual')).toBe(1);
  });

  it('stands at the address of its socket where nobody knows another', () => {
    expect(links.connected(outbound(), undefined).address).toEqual(NODE);
    expect(links.at(NODE)?.kind).toBe('manual');
  });

  it('does not take the address from a link that is there, and does not free it when it goes', () => {
    const link = links.dialling(NODE, 'automatic');
    const first = outbound();
    links.connected(first, NODE);
    const second = outbound();
    expect(links.connected(second, NODE).kind).toBe('manual');
    expect(links.at(NODE)).toBe(link);
    links.gone(second);
    expect(links.at(NODE)).toBe(link);
    expect(links.count('manual')).toBe(0);
  });
});

describe('an inbound link', () => {
  it.each([
    ['20.1.0.1', '20.1.0.1', '20.1.0.0/24', false],
    ['::ffff:20.1.0.1', '20.1.0.1', '20.1.0.0/24', false],
    ['2600:1:2:3:4::5', '2600:1:2:3::/64', '2600:1:2::/48', false],
    ['10.9.9.9', '10.9.9.9', '10.9.9.0/24', true],
  ])('from %s counts for the address %s and the group %s', (host, client, group, isExempt) => {
    const peer = poolPeer({ host });
    const link = links.connected(peer, undefined);
    expect(link).toMatchObject({ kind: 'inbound', address: undefined, client, group, isExempt });
    expect(links.count('inbound')).toBe(1);
    expect([links.inboundFrom(client), links.inboundFromGroup(group)]).toEqual(isExempt ? [0, 0] : [1, 1]);
    links.gone(peer);
    expect([links.count('inbound'), links.inboundFrom(client), links.inboundFromGroup(group)]).toEqual([0, 0, 0]);
  });
});

describe('a link that somebody wants to keep', () => {
  it.each(['automatic', 'manual'] as const)('is a kept one from then on, if it is an %s one that is ready', (kind) => {
    if (kind === 'automatic') links.dialling(NODE, kind);
    const peer = outbound();
    const link = links.connected(peer, NODE);
    links.becameReady(peer);
    expect(links.keep(NODE)).toBe(link);
    expect(link.kind).toBe('kept');
    expect([links.count(kind), links.count('kept')]).toEqual([0, 1]);
  });

  it('stays what it is if it is not ready, or about to end', () => {
    const link = links.dialling(NODE, 'automatic');
    expect(links.keep(NODE)).toBeUndefined();
    const feeler = outbound(OTHER.host);
    links.dialling(OTHER, 'feeler');
    links.connected(feeler, OTHER);
    links.becameReady(feeler);
    expect(links.keep(OTHER)).toBeUndefined();
    const peer = outbound();
    links.connected(peer, NODE);
    links.becameReady(peer);
    peer.state = 'closed';
    expect(links.keep(NODE)).toBeUndefined();
    expect(link.kind).toBe('automatic');
    expect(links.keep({ host: '20.3.0.1', port: 1 })).toBeUndefined();
  });
});

describe('peers that nobody knows', () => {
  it('are harmless', () => {
    const stranger = poolPeer();
    expect(links.becameReady(stranger)).toBeUndefined();
    expect(links.gone(stranger)).toBeUndefined();
    links.introduced(stranger, 1);
    expect([...links]).toEqual([]);
  });
});

describe('ready peers', () => {
  it('are told in the order in which they became so', async () => {
    const peers = ['20.1.0.1', '20.2.0.1', '20.3.0.1'].map((host) => poolPeer({ host }));
    for (const peer of peers) links.connected(peer, undefined);
    for (const peer of peers.toReversed()) {
      links.becameReady(peer);
      await clock.advance(1);
    }
    expect(links.ready).toEqual(peers.toReversed());
  });
});
