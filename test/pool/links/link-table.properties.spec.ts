import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatAddress } from '../../../src/environment/address.js';
import type { Endpoint } from '../../../src/environment/connection.js';
import type { Peer } from '../../../src/peer/peer.js';
import { clientOf, groupOf } from '../../../src/pool/addresses/address-group.js';
import { ExemptList } from '../../../src/pool/addresses/exempt-list.js';
import type { Link, LinkKind } from '../../../src/pool/links/link.js';
import { LinkTable } from '../../../src/pool/links/link-table.js';
import { VirtualClock } from '../../../src/testing/index.js';
import { poolPeer, type PoolPeer } from '../../support/pool-peer.js';

const KINDS: readonly LinkKind[] = ['automatic', 'kept', 'feeler', 'manual', 'inbound'];
const STATES = ['dialling', 'negotiating', 'ready'];
/** Few, so that they meet: two of one IPv6 /64, two of one /24, one exempt, one name. */
const HOSTS = ['20.1.0.1', '20.1.0.2', '20.2.0.1', '2600:1:2:3::1', '2600:1:2:3::2', '10.0.0.1', 'a.example'];

type Step =
  | { readonly what: 'dial'; readonly host: number; readonly kind: 'automatic' | 'kept' | 'feeler' }
  | { readonly what: 'connect'; readonly host: number; readonly asDialled: boolean }
  | { readonly what: 'accept'; readonly host: number }
  | { readonly what: 'keep'; readonly host: number }
  | { readonly what: 'introduce' | 'ready' | 'close' | 'giveUp' | 'wait'; readonly which: number };

function steps(): fc.Arbitrary<Step[]> {
  const host = fc.nat({ max: HOSTS.length - 1 });
  const dial = fc.record({
    what: fc.constant('dial' as const),
    host,
    kind: fc.constantFrom('automatic' as const, 'kept' as const, 'feeler' as const),
  });
  const connect = fc.record({ what: fc.constant('connect' as const), host, asDialled: fc.boolean() });
  const accept = fc.record({ what: fc.constant('accept' as const), host: fc.nat({ max: HOSTS.length - 2 }) });
  const keep = fc.record({ what: fc.constant('keep' as const), host });
  const other = fc.record({
    what: fc.constantFrom('introduce' as const, 'ready' as const, 'close' as const, 'giveUp' as const, 'wait' as const),
    which: fc.nat({ max: 30 }),
  });
  return fc.array(fc.oneof(dial, connect, accept, keep, { weight: 4, arbitrary: other }), { maxLength: 60 });
}

/** The table, beside a plain list of what must be in it. */
class Run {
  readonly clock = new VirtualClock();
  readonly links = new LinkTable({ clock: this.clock, exempt: new ExemptList(['10.0.0.0/8']) });
  readonly live: (Peer & PoolPeer)[] = [];
  readonly dialling: Link[] = [];
  /** How far each link has come. */
  readonly reached = new Map<Link, number>();

  async step(step: Step): Promise<void> {
    switch (step.what) {
      case 'dial':
        return this.#dial(addressOf(step.host), step.kind);
      case 'connect':
        return this.#connect(addressOf(step.host), step.asDialled);
      case 'accept':
        return this.#add(poolPeer({ host: HOSTS[step.host]!, port: 40_000 + this.live.length }), undefined);
      case 'keep':
        this.links.keep(addressOf(step.host));
        return;
      case 'wait':
        return this.clock.advance(1);
      case 'giveUp': {
        const [link] = this.dialling.splice(step.which % (this.dialling.length || 1), 1);
        if (link !== undefined && link.peer === undefined) this.links.gaveUp(link);
        return;
      }
      case 'introduce':
      case 'ready':
      case 'close':
        return this.#happen(step.what, this.live[step.which % (this.live.length || 1)]);
    }
  }

  check(): void {
    const all = [...this.links];
    strictEqual(new Set(all).size, all.length);
    const peers = all.map(({ peer }) => peer).filter((peer) => peer !== undefined);
    deepStrictEqual(new Set(peers), new Set(this.live));
    strictEqual(new Set(peers).size, peers.length, 'a peer has two links');
    for (const kind of KINDS) strictEqual(this.links.count(kind), all.filter((link) => link.kind === kind).length);
    this.#checkInbound(all.filter(({ kind, isExempt }) => kind === 'inbound' && !isExempt));
    this.#checkAddresses(all);
    this.#checkStates(all);
  }

  async end(): Promise<void> {
    for (const peer of this.live.splice(0)) this.links.gone(peer);
    for (const link of this.links) this.links.gaveUp(link);
    this.check();
    deepStrictEqual([...this.links], []);
    for (let host = 0; host < HOSTS.length; host++) strictEqual(this.links.at(addressOf(host)), undefined);
  }

  #dial(address: Endpoint, kind: 'automatic' | 'kept' | 'feeler'): void {
    if (this.links.at(address) === undefined) this.dialling.push(this.links.dialling(address, kind));
    else throws(() => this.links.dialling(address, kind), TypeError);
  }

  #connect(address: Endpoint, asDialled: boolean): void {
    const host = address.host === 'a.example' ? '20.3.0.1' : address.host;
    this.#add(poolPeer({ direction: 'outbound', host, port: address.port }), asDialled ? address : undefined);
  }

  #add(peer: Peer & PoolPeer, address: Endpoint | undefined): void {
    peer.state = 'negotiating';
    this.live.push(peer);
    this.links.connected(peer, address);
  }

  #happen(what: 'introduce' | 'ready' | 'close', peer: (Peer & PoolPeer) | undefined): void {
    if (peer === undefined) return;
    if (what === 'introduce') this.links.introduced(peer, 7);
    if (what === 'ready' && peer.state === 'negotiating') {
      peer.state = 'ready';
      this.links.becameReady(peer);
    }
    if (what === 'close') {
      peer.state = 'closed';
      this.live.splice(this.live.indexOf(peer), 1);
      ok(this.links.gone(peer) !== undefined);
      strictEqual(this.links.gone(peer), undefined);
    }
  }

  #checkInbound(counted: readonly Link[]): void {
    for (const host of HOSTS) {
      const [client, group] = [clientOf(host), groupOf(host)];
      strictEqual(this.links.inboundFrom(client), counted.filter((link) => link.client === client).length);
      strictEqual(this.links.inboundFromGroup(group), counted.filter((link) => link.group === group).length);
    }
  }

  /** One link of the pool an address at most, and it is the one that is found there. */
  #checkAddresses(all: readonly Link[]): void {
    const taken = new Set<string>();
    for (const link of all) {
      if (link.address === undefined || link.kind === 'manual') continue;
      const key = formatAddress(link.address);
      if (link.kind !== 'kept' || link.peer === undefined) ok(!taken.has(key), `${key} twice`);
      taken.add(key);
      ok(this.links.at(link.address) !== undefined);
    }
  }

  #checkStates(all: readonly Link[]): void {
    for (const link of all) {
      const now = STATES.indexOf(link.state);
      ok(now >= (this.reached.get(link) ?? 0), `${link.state} after ${STATES[this.reached.get(link)!]}`);
      this.reached.set(link, now);
      strictEqual(link.peer === undefined, link.state === 'dialling');
      strictEqual(link.readyAtMs !== undefined, link.state === 'ready');
    }
    const ready = all.filter(({ state }) => state === 'ready').map(({ peer }) => peer);
    deepStrictEqual(new Set(this.links.ready), new Set(ready));
    strictEqual(this.links.ready.length, ready.length);
  }
}

function addressOf(host: number): Endpoint {
  return { host: HOSTS[host]!, port: 10_333 };
}

describe('LinkTable', () => {
  it('keeps its promises in any order of events: states go forward, numbers are true, nothing twice, nothing left', async () => {
    const checked = fc.assert(
      fc.asyncProperty(steps(), async (given) => {
        const run = new Run();
        for (const step of given) {
          await run.step(step);
          run.check();
        }
        await run.end();
      }),
      { numRuns: 500 },
    );
    await expect(checked).resolves.toBeUndefined();
  });
});
