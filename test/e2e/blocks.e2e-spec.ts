import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChainFile } from '../../src/node/chain-file.js';
import { LocalNetwork } from '../../src/node/local-network.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';
import { KITS } from '../support/dialect-kit.js';
import { TestFolder } from '../support/folder.js';
import { ScriptedNode, withWrongSignature } from '../support/scripted-node.js';

jest.setTimeout(60_000);

describe.each(KITS)('neo-peer blocks, $name', (kit) => {
  let local: LocalNetwork;
  let base: string[];
  let tip: number;
  let folder: TestFolder;
  let file: string;

  beforeAll(async () => {
    local = await LocalNetwork.start({ network: kit.network, remembered: [], logger: false });
    base = ['blocks', '--network', kit.network.name, '--connect', local.peers[0]!.name];
    tip = local.chain.height;
  });

  afterAll(() => local.close());

  beforeEach(async () => {
    folder = await TestFolder.create();
    file = join(folder.path, 'some.chain');
  });

  afterEach(() => folder.remove());

  function plainLines(first: number, count: number): string[] {
    return Array.from({ length: count }, (_, i) => {
      const { index, hash, raw, transactions } = local.chain.blockAt(first + i);
      return `${index} ${hash.toString()} ${raw.length} ${transactions.length}`;
    });
  }

  it('prints blocks after the genesis block, in order', async () => {
    const count = Math.min(tip, 700); // more than one request may ask for
    const { code, stdout, stderr } = await cli([...base, '--count', String(count)]);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(plainLines(1, count));
    expect(stderr.lines.at(-1)).toBe(`blocks ${count}/${count}`);
  });

  it('prints JSON', async () => {
    const { stdout } = await cli([...base, '--from', '7', '--count', '1', '--json']);
    const { index, hash, header, raw, transactions } = local.chain.blockAt(7);
    expect(stdout.objects).toEqual([
      {
        index,
        hash: hash.toString(),
        prevHash: header.prevHash.toString(),
        size: raw.length,
        transactions: transactions.length,
      },
    ]);
  });

  it.each([0, 1, 2, 30])('begins with the block of the index of --from, %i', async (from) => {
    const { code, stdout } = await cli([...base, '--from', String(from), '--count', '4']);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(plainLines(from, 4));
  });

  it('begins after the hash of --from, and ends at the tip', async () => {
    const { code, stdout } = await cli([...base, '--from', local.chain.hashAt(tip - 5).toString()]);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(plainLines(tip - 4, 5));
  });

  it('fails where fewer came than --count, after printing what came', async () => {
    const from = local.chain.hashAt(tip - 3).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', from, '--count', '4']);
    expect(code).toBe(1);
    expect(stdout.lines).toEqual(plainLines(tip - 2, 3));
    expect(stderr.lines.at(-1)).toBe('error: NEO_PEER_INCOMPLETE: 3 of 4 blocks came');
  });

  it('ends with nothing where --from is the tip, and says so', async () => {
    const hash = local.chain.hashAt(tip).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', hash]);
    expect(code).toBe(0);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([`no blocks after ${hash}: the node's height is ${tip}`]);
  });

  it('prints what is good before a block that nobody signed, and fails', async () => {
    const blocks = kit.blocks(6).map((block) => (block.index === 4 ? withWrongSignature(kit, block) : block));
    const node = await ScriptedNode.serving(kit, blocks);
    const argv = ['blocks', '--network', kit.network.name, '--connect', node.name, '--json'];
    const { code, stdout, stderr } = await cli(argv);
    const unverified = await cli([...argv, '--no-verify']);
    await node.close();
    expect(code).toBe(1);
    expect(stdout.objects.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(JSON.parse(stderr.lines.at(-1)!)).toEqual({
      error: expect.objectContaining({ code: 'NEO_PEER_HEADER_VERIFICATION', index: 4, rule: 'signature' }),
    });
    expect(unverified.code).toBe(0);
    expect(unverified.stdout.lines).toHaveLength(6);
  });

  it('writes the blocks to a file that can be read again', async () => {
    const { code, stdout } = await cli([...base, '--from', '3', '--count', '40', '--out', file]);
    expect(code).toBe(0);
    const written = await ChainFile.open(file, kit.name);
    const blocks = Array.from({ length: written.length }, (_, place) => written.at(place));
    expect(blocks.map(({ raw }) => raw)).toEqual(Array.from({ length: 40 }, (_, i) => local.chain.blockAt(3 + i).raw));
    expect(stdout.objects).toEqual([{ blocks: 40, bytes: (await readFile(file)).length }]);
    expect(await readdir(folder.path)).toEqual(['some.chain']);
  });

  it('replaces a file that is there, once all has come', async () => {
    await writeFile(file, 'precious');
    const failed = await cli([...base, '--from', String(tip), '--count', '2', '--out', file]);
    expect(failed.code).toBe(1);
    expect(failed.stdout.text).toBe('');
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect(await readdir(folder.path)).toEqual(['some.chain']);
    const done = await cli([...base, '--from', String(tip), '--count', '1', '--out', file]);
    expect(done.code).toBe(0);
    expect((await ChainFile.open(file, kit.name)).at(0).index).toBe(tip);
  });

  it('writes a file of no blocks where there are none', async () => {
    const { code, stdout } = await cli([...base, '--from', String(tip + 1), '--out', file]);
    expect(code).toBe(0);
    expect(stdout.objects).toEqual([{ blocks: 0, bytes: 4 }]);
    expect((await ChainFile.open(file, kit.name)).length).toBe(0);
  });

  it('fails on a node of another network, and leaves no file', async () => {
    const { code, stderr } = await cli([...base, '--magic', '7', '--out', file, '--json']);
    expect(code).toBe(1);
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_HANDSHAKE' }) }]);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('leaves nothing on Ctrl-C', async () => {
    const node = await ScriptedNode.start(kit, { height: 5 }, async (remote) => {
      await remote.expect(kit.name === 'n3' ? 'getblockbyindex' : 'getheaders');
      run.interrupt();
    });
    const run = new CliRun(['blocks', '--network', kit.network.name, '--connect', node.name, '--out', file]);
    expect(await run.exit).toBe(0);
    await node.close();
    expect(run.stderr.text).toBe('');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('ends without a fuss when nobody reads its output any more', async () => {
    const stdout = new CapturedStream();
    const run = new CliRun(base, { stdout });
    await stdout.until((text) => text.includes('\n'));
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).not.toContain('error');
  });

  it('fails at once where no file can be written', async () => {
    await mkdir(file);
    for (const path of [file, join(folder.path, 'nowhere', 'some.chain')]) {
      const { code, stderr } = await cli(['blocks', '--connect', '127.0.0.1:1', '--out', path, '--json']);
      expect(code).toBe(1);
      expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_CHAIN_FILE', file: path }) }]);
    }
  });
});
