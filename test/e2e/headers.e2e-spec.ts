import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { LocalNetwork } from '../../src/node/local-network.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';
import { KITS, LEGACY_KIT, N3_KIT } from '../support/dialect-kit.js';
import { ScriptedNode, withWrongSignature } from '../support/scripted-node.js';

jest.setTimeout(60_000);

/** No block has it. */
const NOBODYS_HASH = `0x${'12'.repeat(32)}`;

describe.each(KITS)('neo-peer headers, $name', (kit) => {
  let local: LocalNetwork;
  let base: string[];
  let tip: number;

  beforeAll(async () => {
    local = await LocalNetwork.start({ network: kit.network, remembered: [], logger: false });
    base = ['headers', '--network', kit.network.name, '--connect', local.peers[0]!.name];
    tip = local.chain.height;
  });

  afterAll(() => local.close());

  function plainLine(index: number): string {
    const { hash, timeMs } = local.chain.headerAt(index);
    return `${index} ${hash.toString()} ${new Date(timeMs).toISOString()}`;
  }

  function plainLines(first: number, count: number): string[] {
    return Array.from({ length: count }, (_, i) => plainLine(first + i));
  }

  it('prints all headers of a peer of the local network, verified, from the genesis block to the tip', async () => {
    const { code, stdout, stderr } = await cli(base);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(plainLines(1, tip));
    expect(stderr.lines.at(-1)).toBe(`headers ${tip}/${tip}`);
  });

  it('prints JSON', async () => {
    const { stdout } = await cli([...base, '--count', '1', '--json']);
    const { index, hash, prevHash, merkleRoot, timestamp } = local.chain.headerAt(1);
    expect(stdout.objects).toEqual([
      { index, hash: hash.toString(), prevHash: prevHash.toString(), merkleRoot: merkleRoot.toString(), timestamp },
    ]);
  });

  it.each([1, 20])('begins after the hash of --from, %i before the tip', async (count) => {
    const hash = local.chain.hashAt(tip - count).toString();
    for (const text of [hash, hash.slice(2)]) {
      const { code, stdout } = await cli([...base, '--from', text]);
      expect(code).toBe(0);
      expect(stdout.lines).toEqual(plainLines(tip - count + 1, count));
    }
  });

  it.each([0, 1, 2, 37])('begins with the header of the index of --from, %i', async (from) => {
    const { code, stdout } = await cli([...base, '--from', String(from), '--count', '3']);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(plainLines(from, 3));
  });

  it('ends after one header that is the genesis block', async () => {
    const { code, stdout } = await cli([...base, '--from', '0', '--count', '1']);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual([plainLine(0)]);
  });

  it('fails where fewer came than --count, after printing what came', async () => {
    const from = local.chain.hashAt(tip - 10).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', from, '--count', '11']);
    expect(code).toBe(1);
    expect(stdout.lines).toHaveLength(10);
    expect(stderr.lines.at(-1)).toBe('error: NEO_PEER_INCOMPLETE: 10 of 11 headers came');
  });

  it('ends with nothing where --from is the tip, and says so', async () => {
    const hash = local.chain.hashAt(tip).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', hash]);
    expect(code).toBe(0);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([`no headers after ${hash}: the node's height is ${tip}`]);
  });

  it('ends with nothing where --from is above the tip, and says so', async () => {
    const { code, stdout, stderr } = await cli([...base, '--from', String(tip + 1)]);
    expect(code).toBe(0);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([`no headers from index ${tip + 1}: the node's height is ${tip}`]);
  });

  it('prints what is good before a header that nobody signed, and fails', async () => {
    const blocks = kit.blocks(6).map((block) => (block.index === 4 ? withWrongSignature(kit, block) : block));
    const node = await ScriptedNode.serving(kit, blocks);
    const argv = ['headers', '--network', kit.network.name, '--connect', node.name, '--json'];
    const { code, stdout, stderr } = await cli(argv);
    const unverified = await cli([...argv, '--no-verify']);
    await node.close();
    expect(code).toBe(1);
    expect(stdout.objects.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(stderr.objects).toEqual([
      { error: expect.objectContaining({ code: 'NEO_PEER_HEADER_VERIFICATION', index: 4, rule: 'signature' }) },
    ]);
    expect(unverified.code).toBe(0);
    expect(unverified.stdout.lines).toHaveLength(6);
  });

  it('fails on a node of another network', async () => {
    const { code, stdout, stderr } = await cli([...base, '--magic', '7', '--json']);
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_HANDSHAKE' }) }]);
  });

  it('fails on a node of the other dialect', async () => {
    const other = KITS.find(({ name }) => name !== kit.name)!;
    const { code, stdout, stderr } = await cli([...base, '--network', other.network.name]);
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_HANDSHAKE: /)]);
  });

  it('fails when the node hangs up', async () => {
    const node = await ScriptedNode.start(kit, { height: 5 }, async (remote) => {
      await remote.expect('getheaders');
      remote.connection.destroy();
    });
    const { code, stderr } = await cli(['headers', '--network', kit.network.name, '--connect', node.name]);
    await node.close();
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_PEER_CLOSED: /)]);
  });

  it('ends on Ctrl-C with what came', async () => {
    const run = new CliRun(base);
    await run.stdout.until((text) => text.includes('\n'));
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stdout.lines.length).toBeLessThanOrEqual(tip);
    expect(run.stderr.text).not.toContain('error');
    expect(run.listeners).toBe(0);
  });

  it('ends without a fuss when nobody reads its output any more', async () => {
    const stdout = new CapturedStream();
    const run = new CliRun(base, { stdout });
    await stdout.until((text) => text.includes('\n'));
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).not.toContain('error');
  });

  it.each([
    ['the genesis block', () => ['--from', local.chain.hashAt(0).toString()]],
    ['the genesis block, by index', () => ['--from', '0']],
    ['the block after the genesis block', () => ['--from', '1']],
    ['anything, unverified', () => ['--from', '5', '--no-verify']],
  ])('takes nothing on trust that begins with %s', async (_name, from) => {
    const { code, stderr } = await cli([...base, ...from(), '--count', '2']);
    expect(code).toBe(0);
    expect(stderr.text).not.toContain('trust');
  });
});

describe('neo-peer, N3, with a node that tells its height in pongs alone', () => {
  it.each(['headers', 'blocks'])('%s end at that height', async (command) => {
    const node = await ScriptedNode.serving(N3_KIT, N3_KIT.blocks(6), { relay: false });
    const { code, stdout } = await cli([command, '--network', 'n3-local', '--connect', node.name, '--json']);
    await node.close();
    expect(code).toBe(0);
    expect(stdout.objects.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('neo-peer headers, Legacy', () => {
  let local: LocalNetwork;
  let base: string[];

  beforeAll(async () => {
    local = await LocalNetwork.start({ network: LEGACY_KIT.network, remembered: [], logger: false });
    base = ['headers', '--network', 'legacy-local', '--connect', local.peers[0]!.name];
  });

  afterAll(() => local.close());

  it.each([1, 2000, 2001])('ends after --count %i', async (count) => {
    const { code, stdout } = await cli([...base, '--count', String(count), '--no-verify', '--json']);
    expect(code).toBe(0);
    expect(stdout.objects.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('says that it takes the first header after another hash than that of the genesis block on trust', async () => {
    const { stderr } = await cli([...base, '--from', local.chain.hashAt(9).toString(), '--count', '2']);
    expect(stderr.lines[0]).toBe(
      'header 10 is taken on trust: the one before it, which names its signers, is not known',
    );
  });

  it('knows every header before an index: it walks there', async () => {
    const { stderr } = await cli([...base, '--from', '10', '--count', '2']);
    expect(stderr.text).not.toContain('trust');
  });

  it('fails where the node does not give the genesis block', async () => {
    const node = await ScriptedNode.start(LEGACY_KIT, { height: 5 }, async (remote) => {
      await remote.expect('getdata');
      remote.connection.destroy();
    });
    const argv = ['headers', '--network', 'legacy-local', '--connect', node.name, '--from', '0'];
    const { code, stderr } = await cli(argv);
    await node.close();
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_PEER_CLOSED: /)]);
  });
});

describe('neo-peer headers, N3', () => {
  let local: LocalNetwork;
  let base: string[];

  beforeAll(async () => {
    local = await LocalNetwork.start({ network: N3_KIT.network, remembered: [], logger: false });
    base = ['headers', '--network', 'n3-local', '--connect', local.peers[0]!.name];
  });

  afterAll(() => local.close());

  it('says that it takes the first header of an index on trust', async () => {
    const { stderr } = await cli([...base, '--from', '10', '--count', '2']);
    expect(stderr.lines[0]).toBe(
      'header 10 is taken on trust: the one before it, which names its signers, is not known',
    );
  });

  it('knows the block of a hash, because it fetches it', async () => {
    const { code, stderr } = await cli([...base, '--from', local.chain.hashAt(9).toString(), '--count', '2']);
    expect(code).toBe(0);
    expect(stderr.text).not.toContain('trust');
  });

  it('fails where the node does not have the block of that hash', async () => {
    const { code, stdout, stderr } = await cli([...base, '--from', NOBODYS_HASH, '--json']);
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([
      {
        error: {
          code: 'NEO_PEER_MISSING_BLOCK',
          message: `${local.peers[0]!.name} (height 50) doesn't give block ${NOBODYS_HASH}`,
          address: local.peers[0]!.name,
          block: NOBODYS_HASH,
          height: 50,
        },
      },
    ]);
  });
});

describe('neo-peer headers', () => {
  it('fails where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const { code, stderr } = await cli(['headers', '--connect', `127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_DIAL: .*127\.0\.0\.1:/)]);
  });

  it('ends on Ctrl-C while it connects', async () => {
    const server = createServer().listen(0, '127.0.0.1'); // says nothing, so the handshake hangs
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const run = new CliRun(['headers', '--network', 'legacy-local', '--connect', `127.0.0.1:${port}`]);
    await once(server, 'connection');
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).toBe('');
    server.close();
  });
});
