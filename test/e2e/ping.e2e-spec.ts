import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LocalNetwork } from '../../src/node/local-network.js';
import { cli, CliRun } from '../support/cli.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../support/dialect-kit.js';
import { ScriptedNode } from '../support/scripted-node.js';

jest.setTimeout(60_000);

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const node of opened.splice(0)) await node.close();
});

async function localPeer(kit: DialectKit): Promise<{ readonly name: string; readonly height: number }> {
  const local = await LocalNetwork.start({ network: kit.network, remembered: [], logger: false });
  opened.push(local);
  return { name: local.peers[0]!.name, height: local.chain.height };
}

async function scripted(...args: Parameters<typeof ScriptedNode.start>): Promise<ScriptedNode> {
  const node = await ScriptedNode.start(...args);
  opened.push(node);
  return node;
}

function argv({ network }: DialectKit, name: string, ...more: string[]): string[] {
  return ['ping', '--network', network.name, '--connect', name, ...more];
}

describe.each(KITS)('neo-peer ping, $name', (kit) => {
  it('says what a node is, as JSON', async () => {
    const { name, height } = await localPeer(kit);
    const port = Number(name.split(':')[1]);
    const { code, stdout, stderr } = await cli(argv(kit, name, '--json'));
    expect(stderr.text).toBe('');
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([
      {
        address: name,
        dialect: kit.name,
        version: 0,
        userAgent: expect.stringMatching(/^\/nestjs-neo-peer:/),
        height,
        capabilities:
          kit.name === 'n3'
            ? [
                { type: 0x10, name: 'FullNode', startHeight: height },
                { type: 0x11, name: 'ArchivalNode' },
                { type: 0x01, name: 'TcpServer', port },
              ]
            : [],
        connectMs: expect.any(Number),
        handshakeMs: expect.any(Number),
        pingMs: expect.any(Number),
      },
    ]);
    const { connectMs, handshakeMs, pingMs } = stdout.objects[0] as Record<string, number>;
    for (const ms of [connectMs, handshakeMs, pingMs]) expect(ms).toBeGreaterThan(0);
  });

  it('says the same to a reader', async () => {
    const { name, height } = await localPeer(kit);
    const { code, stdout } = await cli(argv(kit, name));
    expect(code).toBe(0);
    expect(stdout.lines).toEqual([
      `address       ${name}`,
      `dialect       ${kit.name}`,
      'version       0',
      expect.stringMatching(/^user agent {4}\/nestjs-neo-peer:/),
      `height        ${height}`,
      kit.name === 'n3'
        ? `capabilities  FullNode ${height}, ArchivalNode, TcpServer ${name.split(':')[1]}`
        : 'capabilities  -',
      expect.stringMatching(/^connect {7}\d+\.\d ms$/),
      expect.stringMatching(/^handshake {5}\d+\.\d ms$/),
      expect.stringMatching(/^ping {10}\d+\.\d ms$/),
    ]);
  });

  it('gives the height that the pong tells', async () => {
    const node = await scripted(kit, { height: 5 }, async (remote) => {
      await remote.expect('ping');
      remote.send(kit.pong(6));
    });
    const { stdout } = await cli(argv(kit, node.name, '--json'));
    expect(stdout.objects[0]).toMatchObject({ height: 6, pingMs: expect.any(Number) });
  });

  it('fails on a node of another network, and of the other dialect', async () => {
    const { name } = await localPeer(kit);
    const other = KITS.find((kit_) => kit_ !== kit)!;
    for (const more of [argv(kit, name, '--magic', '7'), argv(other, name)]) {
      const { code, stdout, stderr } = await cli(more);
      expect(code).toBe(1);
      expect(stdout.text).toBe('');
      expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_HANDSHAKE: /)]);
    }
  });

  it('fails when the node hangs up', async () => {
    const node = await scripted(kit, { height: 5 }, async (remote) => {
      await remote.expect('ping');
      remote.connection.destroy();
    });
    const { code, stderr } = await cli(argv(kit, node.name, '--json'));
    expect(code).toBe(1);
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_PEER_CLOSED' }) }]);
  });

  it('ends without a fuss on Ctrl-C while it waits', async () => {
    const node = await scripted(kit, { height: 5 }, async (remote) => {
      await remote.expect('ping');
      run.interrupt();
    });
    const run = new CliRun(argv(kit, node.name));
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).toBe('');
    expect(run.stdout.text).toBe('');
  });
});

describe('neo-peer ping', () => {
  it('asks a node that hangs up on pings for none', async () => {
    const node = await scripted(LEGACY_KIT, { height: 5, userAgent: '/NEO-GO/' }, () => Promise.resolve());
    const json = await cli(argv(LEGACY_KIT, node.name, '--json'));
    expect(json.code).toBe(0);
    expect(json.stdout.objects[0]).toMatchObject({ userAgent: '/NEO-GO/', pingMs: null });
    const plain = await cli(argv(LEGACY_KIT, node.name));
    expect(plain.stdout.lines.at(-1)).toBe('ping          no answer');
  });

  it('prints every capability', async () => {
    const capabilities = [
      { type: 0x02, name: 'WsServer', port: 10334 },
      { type: 0x03, name: 'DisableCompression' },
      { type: 0x11, name: 'ArchivalNode' },
      { type: 0xf0, name: 'Unknown', data: Buffer.from('beef', 'hex') },
      { type: 0xf1, name: 'Unknown', data: new Uint8Array(0) },
    ] as const;
    const node = await scripted(N3_KIT, { capabilities }, async (remote) => {
      await remote.expect('ping');
      remote.send(N3_KIT.pong(0));
    });
    const json = await cli(argv(N3_KIT, node.name, '--json'));
    expect(json.stdout.objects[0]!['capabilities']).toEqual([
      ...capabilities.slice(0, 3),
      { type: 0xf0, name: 'Unknown', data: 'beef' },
      { type: 0xf1, name: 'Unknown', data: '' },
    ]);
    const plain = await cli(argv(N3_KIT, node.name));
    expect(plain.stdout.lines[5]).toBe(
      'capabilities  WsServer 10334, DisableCompression, ArchivalNode, 0xf0 beef, 0xf1',
    );
  });

  it('does not let a node move the cursor of a terminal', async () => {
    const node = await scripted(N3_KIT, { userAgent: '/\u001b[2J\n/' }, async (remote) => {
      await remote.expect('ping');
      remote.send(N3_KIT.pong(0));
    });
    const { stdout } = await cli(argv(N3_KIT, node.name));
    expect(stdout.lines[3]).toBe('user agent    /?[2J?/');
  });
});
