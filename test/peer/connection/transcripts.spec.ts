import { afterEach, describe, expect, it } from '@jest/globals';
import { NETWORKS } from '../../../src/config/networks.js';
import type { ScriptedPeer } from '../../../src/testing/scripted-peer.js';
import type { Command } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { LEGACY_KIT, N3_KIT, type DialectKit } from '../../support/dialect-kit.js';
import { PeerLab } from '../../support/peer-lab.js';
import { loadTranscript, N3_TRANSCRIPT, TRANSCRIPTS } from '../../support/vectors.js';

/** Genesis of the private networks with one validator, on which neo-go was recorded. */
const ONE_VALIDATOR = {
  legacy: 'dcc84c9d9c48f4095021455248d33ffd1a1b34b7fb82056274d146fee8e0b3d5',
  n3: '625b01600e23640e605f4faafafa7490eb1daece2d0db4c4572905de56c278fe',
};
const NEO_GO_SESSION = 'neo-go2-inbound-session';

let lab: PeerLab;
afterEach(() => lab.close());

function labFor({ name }: DialectKit, magic: number, genesis?: string): PeerLab {
  const network = { ...NETWORKS[`${name}-privnet`], magic, ...(genesis !== undefined && { genesis }) };
  return new PeerLab({ network, timeouts: { keepaliveMs: 0 } });
}

const RECORDED = [...TRANSCRIPTS.map((each) => ({ ...each, kit: LEGACY_KIT })), { ...N3_TRANSCRIPT, kit: N3_KIT }];

const SIDES = RECORDED.flatMap(({ name, magic, kit }) =>
  [...new Set(loadTranscript(name).map(({ dir }) => dir))]
    .filter((dir) => dir !== 'out')
    .map((dir) => ({ name, dir, magic, kit })),
);

describe('a recorded node', () => {
  it.each(SIDES)('$name ($dir) becomes ready, and all it says is taken', async ({ name, dir, magic, kit }) => {
    lab = labFor(kit, magic);
    const chunks = loadTranscript(name)
      .filter((line) => line.dir === dir)
      .map(({ bytes }) => bytes);
    const { peer, remote } = await lab.inbound();
    for (const chunk of chunks) {
      remote.write(chunk);
      await lab.settle();
    }
    const messages = kit.decodeAll(chunks, magic);
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
function replay({ dialect }: DialectKit, remote: ScriptedPeer, name: string): void {
  const decoder = dialect.createFrameDecoder({ magic: lab.definition.magic });
  const answers = new Map<Command, Buffer[][]>();
  let current: Buffer[] = [];
  for (const { dir, bytes } of loadTranscript(name)) {
    if (dir === 'in') current.push(bytes);
    for (const frame of dir === 'out' ? decoder.pushRaw(bytes) : []) {
      const command = dialect.commandOf(frame.wireName)!;
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
  it('of NEO 2.x gives headers, hashes, a block, addresses and a round trip', async () => {
    lab = labFor(LEGACY_KIT, 56_753, ONE_VALIDATOR.legacy);
    const { peer, remote } = await lab.inbound();
    const [first] = loadTranscript(NEO_GO_SESSION);
    remote.write(first!.bytes); // its version comes unasked
    replay(LEGACY_KIT, remote, NEO_GO_SESSION);
    await lab.settle();
    expect(peer).toMatchObject({ state: 'ready', height: 4202 });

    const genesis = UInt256.from(ONE_VALIDATOR.legacy);
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

  it('of N3 gives headers, blocks, addresses and a round trip', async () => {
    lab = labFor(N3_KIT, N3_TRANSCRIPT.magic, ONE_VALIDATOR.n3);
    const { peer, remote } = await lab.inbound();
    const [first] = loadTranscript(N3_TRANSCRIPT.name);
    remote.write(first!.bytes); // its version comes unasked
    replay(N3_KIT, remote, N3_TRANSCRIPT.name);
    await lab.settle();
    expect(peer).toMatchObject({ state: 'ready', height: 20 });

    await expect(peer.requestAddresses()).resolves.toMatchObject([
      { host: '127.0.0.1', port: 0, capabilities: [{ name: 'FullNode', startHeight: 0 }] },
    ]);
    await expect(peer.ping()).resolves.toBe(0);
    expect(peer.height).toBe(23);
    const hashes: UInt256[] = [];
    for await (const header of peer.headers({ index: 1 })) {
      expect(header.index).toBe(hashes.length + 1);
      hashes.push(header.hash);
    }
    expect(hashes).toHaveLength(24);
    const blocks = await peer.requestBlocksByIndex(1, 3);
    expect(blocks.map(({ hash }) => hash)).toEqual(hashes.slice(0, 3));
    expect(blocks[0]!.header.prevHash).toEqual(UInt256.from(ONE_VALIDATOR.n3));
    expect(lab.handled.filter((command) => command === 'inv').length).toBeGreaterThan(5);
    expect(peer.state).toBe('ready');
  });
});
