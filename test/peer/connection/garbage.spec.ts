import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { dialectOf, type Outgoing } from '../../../src/wire/messages.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { PRIVNET, rawFrame } from '../../support/frames.js';
import { GENESIS } from '../../support/local-chain.js';
import { PeerLab } from '../../support/peer-lab.js';

const dialect = dialectOf('legacy');
const { encode, verack } = dialect;

/** How far the handshake is when the bytes come. */
const STATES = ['connected', 'after version', 'ready', 'asking', 'busy', 'leaving'] as const;

const anyBytes = fc.uint8Array({ maxLength: 200 });
const anyFrame = fc
  .tuple(fc.constantFrom(...dialect.commands, 'tx', 'address', ''), anyBytes)
  .map(([command, payload]) => rawFrame(command.slice(0, 12), payload));
const brokenFrame = fc
  .tuple(anyFrame, fc.nat(), fc.nat(255))
  .map(([frame, place, value]) => Buffer.from(frame).fill(value, place % frame.length, (place % frame.length) + 1));
const cutFrame = fc.tuple(anyFrame, fc.nat()).map(([frame, length]) => frame.subarray(0, length % frame.length));

async function bring(lab: PeerLab, state: (typeof STATES)[number]): Promise<ScriptedPeer> {
  const { peer, remote } = await lab.inbound();
  if (state === 'connected') return remote;
  remote.send(remote.version());
  await lab.settle();
  if (state === 'after version') return remote;
  remote.send(verack());
  await lab.settle();
  if (state === 'busy') lab.handle = () => new Promise(() => undefined);
  if (state === 'asking') {
    for (const asked of [
      peer.requestHeaders({ after: GENESIS }),
      peer.requestAddresses(),
      peer.requestBlocks([GENESIS]),
      peer.ping(),
    ]) {
      asked.catch(() => undefined);
    }
    await lab.settle();
  }
  if (state === 'leaving') void peer.disconnect();
  return remote;
}

describe('whatever bytes come', () => {
  it.each(STATES)('a peer that is %s ends in order or lives on', async (state) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyBytes, anyFrame, brokenFrame, cutFrame), { maxLength: 8 }),
        async (chunks) => {
          const lab = new PeerLab();
          const remote = await bring(lab, state);
          for (const chunk of chunks) remote.write(chunk);
          await lab.settle();
          const [peer] = lab.connected;
          const ended = lab.happened.filter((event) => event.startsWith('disconnected')).length;
          expect(ended).toBe(peer!.state === 'closed' && lab.runtime.registry.peers.length === 0 ? 1 : 0);
          await lab.close();
          expect(lab.happened.filter((event) => event.startsWith('disconnected'))).toHaveLength(1);
          expect((await peer!.closed).atMs).toBeLessThanOrEqual(lab.clock.now());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a stream of good messages comes out whole however it is cut', async () => {
    const messages: Outgoing[] = [
      dialect.requestAddresses(),
      dialect.ping(1, 2, 3),
      dialect.headers([]),
      dialect.addresses([]),
    ];
    const stream = Buffer.concat(
      Array.from({ length: 20 }, () => messages.map((message) => encode(message, PRIVNET))).flat(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(stream.length), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        async (cuts, inboxMessages) => {
          const lab = new PeerLab({ limits: { inboxMessages } });
          lab.handle = () => Promise.resolve();
          const { peer, remote } = await lab.ready();
          let from = 0;
          for (const to of [...cuts.toSorted((x, y) => x - y), stream.length]) {
            remote.write(stream.subarray(from, to));
            from = to;
          }
          await lab.settle();
          await lab.settle();
          expect(lab.handled).toEqual(Array.from({ length: 20 }, () => messages.map(({ command }) => command)).flat());
          expect(peer.state).toBe('ready');
          await lab.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
