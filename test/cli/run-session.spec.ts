import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import type { CommandContext } from '../../src/cli/command-context.js';
import { EventFeed } from '../../src/cli/run/event-feed.js';
import type { RunEvent } from '../../src/cli/run/run-event.js';
import type { RunPlan } from '../../src/cli/run/run-plan.js';
import type { RunReporter } from '../../src/cli/run/run-reporter.js';
import { RunSession } from '../../src/cli/run/run-session.js';
import { networkOf } from '../../src/config/networks.js';
import type { Chain } from '../../src/node/chain.js';
import type { LocalNetwork } from '../../src/node/local-network.js';
import { PeerRoster } from '../../src/node/peer-roster.js';
import { RecordedChain } from '../../src/node/recorded-chain.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import { PeerPool } from '../../src/pool/peer-pool.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { ChainPeer } from '../support/chain-peer.js';
import { poolStatus } from './pool-status.js';

let chain: Chain;
let events: PeerEventBus;
let clock: VirtualClock;
let interrupt: AbortController;
let reported: RunEvent[];
let running: Promise<void>;

beforeEach(async () => {
  chain = await RecordedChain.shipped('n3');
  events = new PeerEventBus();
  clock = new VirtualClock();
  interrupt = new AbortController();
  reported = [];
  running = session().run(localNetwork());
});

/** A run of the local network to the end of the sync, over a node that is nothing but its events. */
function session(): RunSession {
  const parts = new Map<unknown, unknown>([
    [PeerRoster, new PeerRoster(events)],
    [PeerPool, { status: () => poolStatus() }],
  ]);
  const application = { get: (token: unknown) => parts.get(token) } as unknown as INestApplicationContext;
  const plan: RunPlan = { network: networkOf('n3-local'), embedded: true, connect: [], database: 'a', exit: true };
  const reporter = { report: (event: RunEvent) => void reported.push(event) } as unknown as RunReporter;
  const context = { clock, signal: interrupt.signal } as unknown as CommandContext;
  return new RunSession(plan, application, new EventFeed(reporter), reporter, context);
}

function localNetwork(): LocalNetwork {
  const peers = ['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3'].map((name) => ({ name }));
  return { chain, peers } as unknown as LocalNetwork;
}

function happened(event: RunEvent['event']): boolean {
  return reported.some((line) => line.event === event);
}

describe('RunSession', () => {
  it('begins to sync once all peers of the local network are ready', async () => {
    for (let i = 0; i < 2; i++) new ChainPeer(chain, events).ready();
    await clock.advance(2999);
    expect(happened('progress')).toBe(false);
    new ChainPeer(chain, events).ready();
    await running;
    expect(happened('synced')).toBe(true);
  });

  it('begins to sync with those that are ready where one takes too long', async () => {
    for (let i = 0; i < 2; i++) new ChainPeer(chain, events).ready();
    await clock.advance(3000);
    await running;
    expect(happened('synced')).toBe(true);
  });

  it('ends when it is interrupted while it waits for peers, and leaves no timer', async () => {
    interrupt.abort();
    await running;
    expect(happened('synced')).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
