import { afterEach, describe, expect, it } from '@jest/globals';
import { NETWORKS } from '../../../src/config/networks.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import { dialectOf, type Command } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { decodeAll } from '../../support/frames.js';
import { PeerLab } from '../../support/peer-lab.js';
import { loadTranscript, TRANSCRIPTS } from '../../support/vectors.js';

/** Genesis of the private network with one validator, on which neo-go was recorded. */
const ONE_VALIDATOR = 'dcc84c9d9c48f4095021455248d33ffd1a1b34b7fb82056274d146fee8e0b3d5';
const NEO_GO_SESSION = 'neo-go2-inbound-session';

let lab: PeerLab;
afterEach(() => lab.close());

function labFor(magic: number, genesis?: string): PeerLab {
  const network = { ...NETWORKS['legacy-privnet'], magic, ...(genesis !== undefined && { genesis }) };
  return new PeerLab({ network, timeouts: { keepaliveMs: 0 } });
}

const SIDES = TRANSCRIPTS.flatMap(({ name, magic }) =>
  [...new Set(loadTranscript(name).map(({ dir }) => dir))]
    .filter((dir) => dir !== 'out')
    .map((dir) => [name, dir, magic] as const),
);

describe('a recorded node', () => {
  it.each(SIDES)('%s (%s) becomes ready, and all it says is taken', async (name, dir, magic) => {
    lab = labFor(magic);
    const chunks = loadTranscript(name)
      .filter((line) => line.dir === dir)
      .map(({ bytes }) => bytes);
    const { peer, remote } = await lab.inbound();
    for (const chunk of chunks) {
      remote.write(chunk);
      await lab.settle();
    }
    const messages = decodeAll(chunks, magic);
    expect(peer.state).toBe('ready');
    expect(peer.version?.userAgent).toMatch(/neo-one|NEO-GO/);
    expect(lab.countedIn('in')).toEqual(messages.map(({ command }) => command));
    expect(lab.handled).toEqual(messages.slice(2).map(({ command }) => command));
    expect(peer.traffic.in.bytes).toBe(messages.reduce((sum, { size }) => sum + size, 0));
    await lab.clock.advance(100); // our verack to a node that reverses reads
    const pings = messages.filter(({ command }) => command === 'ping').length;
    expect(remote.received.map(({ command }) => command)).toEqual([
      'version',
      'verack',
      ...Array<string>(pings).fill('pong'),
    ]);
  });
});

/** Says what the recorded node said after each command, when we send that command. */
function replay(remote: ScriptedPeer, name: string): void {
  const { commandOf, createFrameDecoder } = dialectOf('legacy');
  const decoder = createFrameDecoder({ magic: lab.definition.magic });
  const answers = new Map<Command, Buffer[][]>();
  let current: Buffer[] = [];
  for (const { dir, bytes } of loadTranscript(name)) {
    if (dir === 'in') current.push(bytes);
    for (const frame of dir === 'out' ? decoder.pushRaw(bytes) : []) {
      const command = commandOf(frame.wireName)!;
      current = [];
      answers.set(command, [...(answers.get(command) ?? []), current]);
    }
  }
  const follow = async (command: Command): Promise<void> => {
    for (const chunks of answers.get(command)!) {
      await remote.expect(command);
      for (const chunk of chunks) remote.write(chunk);
    }
  };
  for (const command of answers.keys()) follow(command).catch(() => undefined); // until it closes
}

describe('a session with the recorded neo-go', () => {
  it('gives headers, hashes, a block, addresses and a round trip', async () => {
    lab = labFor(56_753, ONE_VALIDATOR);
    const { peer, remote } = await lab.inbound();
    const [first] = loadTranscript(NEO_GO_SESSION);
    remote.write(first!.bytes); // its version comes unasked
    replay(remote, NEO_GO_SESSION);
    await lab.settle();
    expect(peer).toMatchObject({ state: 'ready', height: 4202 });

    const genesis = UInt256.from(ONE_VALIDATOR);
    const hashes: UInt256[] = [];
    for await (const header of peer.headers({ after: genesis })) {
      expect(header.index).toBe(hashes.length + 1);
      hashes.push(header.hash);
    }
    expect(hashes).toHaveLength(4205);
    await expect(peer.requestAddresses()).resolves.toHaveLength(1);
    await expect(peer.ping()).resolves.toBe(0);
    expect(peer.height).toBeGreaterThan(4202);
    const blockHashes = await peer.requestBlockHashes(genesis);
    expect([...blockHashes]).toEqual(hashes.slice(0, 500));
    const { found, missing } = await peer.requestBlocks([hashes[0]!]);
    expect(found.map(({ index }) => index)).toEqual([1]);
    expect(missing).toEqual([]);
    expect(peer.state).toBe('ready');
  });
});
