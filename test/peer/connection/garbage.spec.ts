import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Outgoing } from '../../../src/wire/messages.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { KITS, type DialectKit } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';

/** How far the handshake is when the bytes come. */
const STATES = ['connected', 'after version', 'ready', 'asking', 'busy', 'leaving'] as const;

const anyBytes = fc.uint8Array({ maxLength: 200 });

/** Frames of any command, sound, broken and cut short. */
function frames(kit: DialectKit): fc.Arbitrary<Uint8Array> {
  const whole = fc
    .tuple(fc.constantFrom(...kit.dialect.commands, 'nobody knows'), anyBytes)
    .map(([command, payload]) => kit.frame(command.slice(0, 12), payload));
  const broken = fc
    .tuple(whole, fc.nat(), fc.nat(255))
    .map(([frame, place, value]) => Buffer.from(frame).fill(value, place % frame.length, (place % frame.length) + 1));
  const cut = fc.tuple(whole, fc.nat()).map(([frame, length]) => frame.subarray(0, length % frame.length));
  return fc.oneof(whole, broken, cut);
}

async function bring(lab: PeerLab, kit: DialectKit, state: (typeof STATES)[number]): Promise<ScriptedPeer> {
  const { peer, remote } = await lab.inbound();
  if (state === 'connected') return remote;
  remote.send(remote.version());
  await lab.settle();
  if (state === 'after version') return remote;
  remote.send(kit.dialect.verack());
  await lab.settle();
  if (state === 'busy') lab.handle = () => new Promise(() => undefined);
  if (state === 'asking') {
    for (const asked of [
      peer.requestHeaders(kit.from(1)),
      peer.requestAddresses(),
      peer.requestBlocks([kit.genesis]),
      peer.ping(),
    ]) {
      asked.catch(() => undefined);
    }
    await lab.settle();
  }
  if (state === 'leaving') void peer.disconnect();
  return remote;
}

describe.each(KITS)('$name: whatever bytes come', (kit) => {
  const { network } = kit;

  it.each(STATES)('a peer that is %s ends in order or lives on', async (state) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyBytes, frames(kit)), { maxLength: 8 }), async (chunks) => {
        const lab = new PeerLab({ network });
        const remote = await bring(lab, kit, state);
        for (const chunk of chunks) remote.write(chunk);
        await lab.settle();
        const [peer] = lab.connected;
        const ended = lab.happened.filter((event) => event.startsWith('disconnected')).length;
        expect(ended).toBe(peer!.state === 'closed' && lab.runtime.registry.peers.length === 0 ? 1 : 0);
        await lab.close();
        expect(lab.happened.filter((event) => event.startsWith('disconnected'))).toHaveLength(1);
        expect((await peer!.closed).atMs).toBeLessThanOrEqual(lab.clock.now());
      }),
      { numRuns: 60 },
    );
  });

  it('a stream of good messages comes out whole however it is cut', async () => {
    const messages: Outgoing[] = [
      kit.dialect.requestAddresses(),
      kit.dialect.ping(1, 2, 3),
      kit.dialect.headers(kit.headers(2)),
      kit.addr(),
    ];
    const stream = Buffer.concat(
      Array.from({ length: 20 }, () => messages.map((message) => kit.encode(message))).flat(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(stream.length), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        async (cuts, inboxMessages) => {
          const lab = new PeerLab({ network, limits: { inboxMessages } });
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
