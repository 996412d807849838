import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { networkOf } from '../../src/config/networks.js';
import { LocalNetwork } from '../../src/node/local-network.js';
import { CapturedStream, cli, CliRun } from '../support/cli.js';

jest.setTimeout(60_000);

let local: LocalNetwork;
let base: string[];

beforeAll(async () => {
  local = await LocalNetwork.start({ network: networkOf('legacy-local'), remembered: [], logger: false });
  base = ['headers', '--network', 'legacy-local', '--connect', local.peers[0]!.name];
});

afterAll(() => local.close());

function plainLine(index: number): string {
  const { hash, timeMs } = local.chain.headerAt(index);
  return `${index} ${hash.toString()} ${new Date(timeMs).toISOString()}`;
}

describe('neo-peer headers', () => {
  it('prints all 6000 headers of a peer of the local network, from the genesis block to the tip', async () => {
    const { code, stdout, stderr } = await cli(base);
    expect(code).toBe(0);
    expect(stdout.lines).toEqual(Array.from({ length: 6000 }, (_, i) => plainLine(i + 1)));
    expect(stderr.lines.at(-1)).toBe('headers 6000/6000');
  });

  it('prints JSON', async () => {
    const { stdout } = await cli([...base, '--count', '1', '--json']);
    const { index, hash, prevHash, merkleRoot, timestamp } = local.chain.headerAt(1);
    expect(stdout.objects).toEqual([
      { index, hash: hash.toString(), prevHash: prevHash.toString(), merkleRoot: merkleRoot.toString(), timestamp },
    ]);
  });

  it.each([
    [5000, 1000],
    [5999, 1],
  ])('begins after --from block %i', async (from, count) => {
    const hash = local.chain.hashAt(from).toString();
    for (const text of [hash, hash.slice(2)]) {
      const { code, stdout } = await cli([...base, '--from', text]);
      expect(code).toBe(0);
      expect(stdout.lines).toHaveLength(count);
      expect(stdout.lines[0]).toBe(plainLine(from + 1));
    }
  });

  it.each([1, 2000, 2001, 4500])('ends after --count %i', async (count) => {
    const { code, stdout } = await cli([...base, '--count', String(count)]);
    expect(code).toBe(0);
    expect(stdout.lines).toHaveLength(count);
    expect(stdout.lines.at(-1)).toBe(plainLine(count));
  });

  it('fails where fewer came than --count, after printing what came', async () => {
    const from = local.chain.hashAt(5990).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', from, '--count', '11']);
    expect(code).toBe(1);
    expect(stdout.lines).toHaveLength(10);
    expect(stderr.lines.at(-1)).toBe('error: NEO_PEER_INCOMPLETE: 10 of 11 headers came');
  });

  it('ends with nothing where --from is the tip, and says so', async () => {
    const tip = local.chain.hashAt(6000).toString();
    const { code, stdout, stderr } = await cli([...base, '--from', tip]);
    expect(code).toBe(0);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([`no headers after ${tip}: the node's height is 6000`]);
  });

  it('fails on a node of another network', async () => {
    const { code, stdout, stderr } = await cli([...base, '--magic', '7', '--json']);
    expect(code).toBe(1);
    expect(stdout.text).toBe('');
    expect(stderr.objects).toEqual([{ error: expect.objectContaining({ code: 'NEO_PEER_HANDSHAKE' }) }]);
  });

  it('fails where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const { code, stderr } = await cli(['headers', '--network', 'legacy-local', '--connect', `127.0.0.1:${port}`]);
    expect(code).toBe(1);
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_DIAL: .*127\.0\.0\.1:/)]);
  });

  it('ends on Ctrl-C with what came', async () => {
    const run = new CliRun(base);
    await run.stdout.until((text) => text.includes('\n'));
    run.interrupt();
    expect(await run.exit).toBe(0);
    expect(run.stdout.lines.length).toBeLessThanOrEqual(6000);
    expect(run.stderr.text).not.toContain('error');
    expect(run.listeners).toBe(0);
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

  it('ends without a fuss when nobody reads its output any more', async () => {
    const stdout = new CapturedStream();
    const run = new CliRun(base, { stdout });
    await stdout.until((text) => text.includes('\n'));
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).not.toContain('error');
  });
});
