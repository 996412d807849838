import { beforeEach, describe, expect, it } from '@jest/globals';
import { AbortedError } from '../../src/environment/aborted.error.js';
import type { CallOptions } from '../../src/environment/call-options.js';
import { watchLimits } from '../../src/environment/call-limits.js';
import { PeerClosedError } from '../../src/peer/errors/peer-closed.error.js';
import { RequestTimeoutError } from '../../src/peer/errors/request-timeout.error.js';
import { PeerEventBus } from '../../src/peer/events/peer-event-bus.js';
import type { Peer } from '../../src/peer/peer.js';
import { askAny } from '../../src/pool/ask-any.js';
import { NoPeerError } from '../../src/pool/no-peer.error.js';
import { VirtualClock } from '../../src/testing/index.js';
import { failure } from '../support/failure.js';
import { poolPeer } from '../support/pool-peer.js';

const A = '20.1.0.1';
const B = '20.2.0.1';
const C = '20.3.0.1';

let clock: VirtualClock;
let events: PeerEventBus;
let peers: Peer[];
/** Whom it asked, and for how long. */
let asked: string[];
/** What each host does when it is asked. Default: it answers its name. */
let answers: Record<string, 'silent' | Error>;

beforeEach(() => {
  clock = new VirtualClock();
  events = new PeerEventBus();
  peers = [];
  asked = [];
  answers = {};
});

function ask(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<string> {
  const { timeoutMs = 60_000, signal } = options;
  return askAny(request, { timeoutMs, signal }, { clock, events, peers: () => peers });
}

function request(peer: Peer, limits: CallOptions): Promise<string> {
  const { host } = peer.remoteAddress;
  asked.push(`${host} ${limits.timeoutMs}`);
  return new Promise((resolve, reject) => {
    const answer = answers[host];
    if (answer instanceof Error) reject(answer);
    else if (answer === undefined) resolve(host);
    else watchLimits(clock, limits, () => new RequestTimeoutError('getdata', limits.timeoutMs!), reject);
  });
}

const known = (host: string, latencyMs?: number, height = 0): Peer =>
  poolPeer({ host, height, ...(latencyMs !== undefined && { latencyMs }) });

describe('a request to any peer', () => {
  it('goes to the one with the lowest latency, of equal ones the highest', async () => {
    peers = [known(A, 50, 9), known(B, 20, 5), known(C, 20, 7)];
    expect(await ask()).toBe(C);
    peers = [known(A), known(B, 500)];
    expect(await ask()).toBe(B);
    peers = [known(A, undefined, 3), known(B, undefined, 4)];
    expect(await ask()).toBe(B);
    expect(clock.pending).toBe(0);
  });

  it('goes to the next one when one stalls, with at most ten seconds for each', async () => {
    peers = [known(A, 1), known(B, 2)];
    answers = { [A]: 'silent' };
    const answer = ask();
    await clock.advance(9999);
    expect(asked).toEqual([`${A} 10000`]);
    await clock.advance(1);
    expect(await answer).toBe(B);
    expect(clock.pending).toBe(0);
  });

  it('leaves half of what is left for others, where that is less', async () => {
    peers = [known(A, 1), known(B, 2), known(C, 3)];
    answers = { [A]: 'silent', [B]: 'silent' };
    const answer = ask({ timeoutMs: 1000 });
    await clock.advance(750);
    expect(await answer).toBe(C);
    expect(asked).toEqual([`${A} 500`, `${B} 250`, `${C} 125`]);
  });

  it('goes to the next one at once when one has closed', async () => {
    peers = [known(A, 1), known(B, 2)];
    answers = { [A]: new PeerClosedError('remote-closed') };
    expect(await ask()).toBe(B);
    expect(clock.monotonic()).toBe(0);
  });

  it('fails with what the last one’s request threw, when all have failed, and asks each once', async () => {
    peers = [known(A, 1), known(B, 2)];
    answers = { [A]: new PeerClosedError('idle'), [B]: new PeerClosedError('stalled') };
    expect(await failure(ask())).toBe(answers[B]);
    expect(asked).toHaveLength(2);
  });

  it('fails with what the last one’s request threw, when the time is over', async () => {
    peers = Array.from({ length: 50 }, (_, i) => known(`20.${i}.0.1`, i));
    answers = Object.fromEntries(peers.map(({ remoteAddress }) => [remoteAddress.host, 'silent' as const]));
    const failed = failure(ask({ timeoutMs: 100 }));
    await clock.advance(200);
    expect(await failed).toBeInstanceOf(RequestTimeoutError);
    expect(asked.length).toBeLessThan(50);
    expect(clock.pending).toBe(0);
  });

  it('takes in peers that become ready meanwhile', async () => {
    peers = [known(A, 1)];
    answers = { [A]: 'silent' };
    const answer = ask();
    await clock.advance(5000);
    peers.push(known(B));
    await clock.advance(5000);
    expect(await answer).toBe(B);
  });

  it('waits for the first peer', async () => {
    const answer = ask();
    await clock.advance(30_000);
    expect(asked).toEqual([]);
    peers = [known(A)];
    events.emit('ready', peers[0]!);
    expect(await answer).toBe(A);
    expect(clock.pending).toBe(0);
  });

  it('waits on when one became ready and is gone again', async () => {
    const answer = ask();
    await clock.advance(10);
    events.emit('ready', known(A));
    await clock.advance(10);
    expect(asked).toEqual([]);
    peers = [known(B)];
    events.emit('ready', peers[0]!);
    expect(await answer).toBe(B);
  });

  it.each([60_000, 1, 0])('fails when nobody was ready within %d ms', async (timeoutMs) => {
    const failed = failure(ask({ timeoutMs }));
    await clock.advance(timeoutMs);
    const error = await failed;
    expect(error).toBeInstanceOf(NoPeerError);
    expect(error).toMatchObject({
      code: 'NEO_PEER_NO_PEER',
      timeoutMs,
      message: expect.stringContaining(`${timeoutMs} ms`),
    });
    expect(clock.pending).toBe(0);
  });

  it('lets an error of the caller’s own through at once: nobody else is asked', async () => {
    peers = [known(A, 1), known(B, 2)];
    answers = { [A]: new TypeError('a fault of the caller') };
    expect(await failure(ask())).toBe(answers[A]);
    expect(asked).toHaveLength(1);
  });
});

describe('a request to any peer that is aborted', () => {
  it.each(['before it begins', 'while it waits for a peer', 'while one is asked'] as const)(
    '%s fails with AbortedError',
    async (when) => {
      const call = new AbortController();
      if (when === 'while one is asked') {
        peers = [known(A, 1), known(B, 2)];
        answers = { [A]: 'silent' };
      }
      if (when === 'before it begins') call.abort('enough');
      const failed = failure(ask({ signal: call.signal }));
      await clock.advance(10);
      call.abort('enough');
      await clock.advance(0);
      const error = await failed;
      expect(error).toBeInstanceOf(AbortedError);
      expect(error).toMatchObject({ cause: 'enough' });
      expect(asked).toEqual(when === 'while one is asked' ? [`${A} 10000`] : []);
      expect(clock.pending).toBe(0);
    },
  );
});
