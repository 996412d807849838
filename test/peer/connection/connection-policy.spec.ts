import { afterEach, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../../src/environment/connection.js';
import { ConnectionPolicy, OpenPolicy, type FalseAnswer } from '../../../src/peer/connection/connection-policy.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { DisconnectReason } from '../../../src/persistence/disconnect-reason.js';
import { ScriptedPeer } from '../../../src/testing/index.js';
import type { RemoteFacts } from '../../../src/wire/common/node-facts.js';
import { KITS } from '../../support/dialect-kit.js';
import { OUR_NONCE, PeerLab, THEM, US } from '../../support/peer-lab.js';

/** Does what a test says, and notes what it was asked. */
class NotingPolicy extends ConnectionPolicy {
  readonly asked: string[] = [];
  refuses: 'full' | undefined;
  objects: DisconnectReason | undefined;

  refusal({ host }: Endpoint) {
    this.asked.push(`refusal ${host}`);
    return this.refuses;
  }

  objection(_peer: Peer, { nonce }: RemoteFacts) {
    this.asked.push(`objection ${nonce}`);
    return this.objects;
  }

  meterOf(peer: Peer): undefined {
    this.asked.push(`meter ${peer.remoteAddress.host}`);
  }

  answeredFalsely(_peer: Peer, what: FalseAnswer): void {
    this.asked.push(`false ${what}`);
  }
}

let lab: PeerLab;
let policy: NotingPolicy;
afterEach(() => lab.close());

function start(...given: ConstructorParameters<typeof PeerLab>): PeerLab {
  lab = new PeerLab(...given);
  policy = new NotingPolicy();
  return Object.assign(lab, { runtime: Object.assign(lab.runtime, { policy }) });
}

describe.each(KITS)('$name: the policy of connections', (kit) => {
  const { network } = kit;

  it('is asked when somebody connects, for a meter once, and when the version has come', async () => {
    start({ network });
    const { peer } = await lab.ready({ nonce: 4711 });
    expect(policy.asked).toEqual([`refusal ${THEM}`, `meter ${THEM}`, 'objection 4711']);
    expect(peer.state).toBe('ready');
  });

  it('is not asked whether somebody may come whom we dialled', async () => {
    start({ network });
    await lab.dialled({ nonce: 4711 });
    expect(policy.asked).toEqual([`meter ${THEM}`, 'objection 4711']);
  });

  it('turns away whoever it refuses, before anything is said', async () => {
    start({ network });
    policy.refuses = 'full';
    const listener = await lab.factory.listen({ host: US, port: 0 });
    const remote = await ScriptedPeer.connect(lab.memory.transport(THEM), listener.address, lab.script());
    await remote.closed;
    await listener.close();
    expect(remote.received).toEqual([]);
    expect(lab.happened).toEqual(['refusedInbound full']);
    expect(lab.runtime.registry.peers).toEqual([]);
  });

  it.each(['banned', 'duplicate-connection'] as const)(
    'ends who it objects to, as %s, before the verack',
    async (reason) => {
      start({ network });
      policy.objects = reason;
      const { remote } = await lab.inbound();
      remote.send(remote.version());
      await remote.closed;
      await lab.settle();
      expect(lab.happened).toEqual(['connected', `disconnected ${reason}`]);
      expect(remote.received.map(({ command }) => command)).toEqual(['version']);
    },
  );

  it('makes a dial fail with its reason', async () => {
    start({ network });
    policy.objects = 'duplicate-connection';
    const listener = await lab.listening();
    const dialling = lab.factory.dial(listener.address).catch((error: unknown) => error);
    const remote = await listener.accepted();
    remote.send(remote.version());
    expect(await dialling).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'duplicate-connection' });
    await listener.close();
  });

  it('is asked before PeerAdmission, which does not hear of those it objects to', async () => {
    const admitted: Peer[] = [];
    start({ network, admit: (peer) => admitted.push(peer) > 0 });
    policy.objects = 'banned';
    const { remote } = await lab.inbound();
    remote.send(remote.version());
    await remote.closed;
    expect(admitted).toEqual([]);
  });

  it('is not asked about a connection to ourselves', async () => {
    start({ network });
    const { remote } = await lab.inbound({ nonce: OUR_NONCE });
    remote.send(remote.version());
    await remote.closed;
    await lab.settle();
    expect(policy.asked.filter((what) => what.startsWith('objection'))).toEqual([]);
    expect(lab.happened).toEqual(['connected', 'disconnected self-connection']);
  });

  it('is told of a block that is not what its header promises', async () => {
    start({ network });
    const { peer, remote } = await lab.ready();
    const [first, second] = kit.blocks(2) as [
      (typeof kit)['blocks'] extends (n: number) => readonly (infer B)[] ? B : never,
      never,
    ];
    const end = (raw: Uint8Array): number => raw.length - (kit.name === 'legacy' ? 1 : 0);
    const { raw: other, header } = second as typeof first;
    const bytes = Buffer.concat([first.raw.subarray(0, end(first.header.raw)), other.subarray(end(header.raw))]);
    const asked = peer.requestBlocks([first.hash]);
    await remote.expect('getdata');
    remote.send(kit.block(kit.dialect.decodePayload('block', bytes) as typeof first));
    expect((await asked).missing).toHaveLength(1);
    expect(policy.asked.at(-1)).toBe('false block');
    expect(peer.state).toBe('ready');
  });
});

describe('the policy of a module without a pool', () => {
  it('has no opinion', () => {
    lab = new PeerLab();
    const open = new OpenPolicy();
    expect([open.refusal(), open.objection(), open.meterOf(), open.answeredFalsely()]).toEqual(
      Array(4).fill(undefined),
    );
    expect(lab.runtime.policy).toBeInstanceOf(OpenPolicy);
  });
});
