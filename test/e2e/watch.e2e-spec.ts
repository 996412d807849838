import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ScriptedPeer } from '../../src/testing/scripted-peer.js';
import type { InventoryKind } from '../../src/wire/common/inventory.js';
import type { Message, Outgoing } from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import type { UInt256 } from '../../src/wire/primitives/uint256.js';
import { CapturedStream, CliRun } from '../support/cli.js';
import { KITS, type DialectKit, type KitBlock } from '../support/dialect-kit.js';
import { ScriptedNode } from '../support/scripted-node.js';

jest.setTimeout(30_000);

const opened: ScriptedNode[] = [];

afterEach(async () => {
  for (const node of opened.splice(0)) await node.close();
});

/** What is announced, and not fetched. */
const OTHERS = { legacy: 'consensus', n3: 'extensible' } as const satisfies Record<string, InventoryKind>;

/** The command, and the node it watches, which does what `script` says. */
async function watch(
  kit: DialectKit,
  script: (remote: ScriptedPeer) => Promise<void>,
  { more = [], stdout = new CapturedStream() }: { more?: string[]; stdout?: CapturedStream } = {},
): Promise<CliRun> {
  const node = await ScriptedNode.start(kit, { height: 9 }, script);
  opened.push(node);
  return new CliRun(['watch', '--network', kit.network.name, '--connect', node.name, ...more], { stdout });
}

/** Waits for the lines, then ends the command, which is what its user does. */
async function linesOf(run: CliRun, count: number): Promise<string[]> {
  await run.stdout.until((text) => text.split('\n').length > count);
  run.interrupt();
  expect(await run.exit).toBe(0);
  expect(run.listeners).toBe(0);
  return run.stdout.lines;
}

describe.each(KITS)('neo-peer watch, $name', (kit) => {
  const block = kit.blocks(12).find(({ transactions }) => transactions.length > 0);
  const [transaction] = block!.transactions;

  function inv(kind: InventoryKind, ...hashes: UInt256[]): Outgoing {
    return kit.dialect.inventory(kind, HashList.of(hashes));
  }

  async function announceBoth(remote: ScriptedPeer): Promise<void> {
    remote.send(inv('block', block!.hash));
    const first = await remote.expect('getdata');
    expect(first.payload.kind).toBe('block');
    remote.send(kit.block(block!));
    remote.send(inv('transaction', transaction!.hash));
    const second = await remote.expect('getdata');
    expect([...second.payload.hashes].map(String)).toEqual([transaction!.hash.toString()]);
    remote.send(kit.dialect.object(transaction!));
  }

  it('prints what is announced, and the blocks and transactions among it', async () => {
    const run = await watch(kit, announceBoth);
    expect(await linesOf(run, 4)).toEqual([
      `inv block ${block!.hash.toString()}`,
      `block ${block!.index} ${block!.hash.toString()} ${block!.raw.length} ${block!.transactions.length}`,
      `inv transaction ${transaction!.hash.toString()}`,
      `transaction ${transaction!.hash.toString()} ${transaction!.raw.length}`,
    ]);
    expect(run.stderr.text).toBe('');
  });

  it('prints JSON', async () => {
    const run = await watch(kit, announceBoth, { more: ['--json'] });
    const lines = await linesOf(run, 4);
    const [hash, txid] = [block!.hash.toString(), transaction!.hash.toString()];
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'inv', hash, kind: 'block' },
      {
        event: 'block',
        hash,
        index: block!.index,
        prevHash: block!.header.prevHash.toString(),
        size: block!.raw.length,
        transactions: block!.transactions.length,
      },
      { event: 'inv', hash: txid, kind: 'transaction' },
      { event: 'transaction', hash: txid, size: transaction!.raw.length },
    ]);
  });

  it('prints a line for each hash of one announcement, and asks for all of them at once', async () => {
    const hashes = kit.hashes(5);
    const run = await watch(kit, async (remote) => {
      remote.send(kit.dialect.inventory('block', hashes));
      const { payload } = await remote.expect('getdata');
      for (const known of kit.blocks(5)) if (payload.hashes.length === 5) remote.send(kit.block(known));
    });
    const lines = await linesOf(run, 10);
    expect(lines.slice(0, 5)).toEqual([...hashes].map((hash) => `inv block ${hash.toString()}`));
    expect(lines.slice(5).map((line) => line.split(' ', 2).join(' '))).toEqual(
      [1, 2, 3, 4, 5].map((index) => `block ${index}`),
    );
  });

  it('does not fetch what only nodes that agree on blocks need', async () => {
    const asked: string[] = [];
    const run = await watch(kit, async (remote) => {
      remote.send(inv(OTHERS[kit.name], block!.hash));
      remote.send(inv('block', block!.hash));
      asked.push((await remote.expect('getdata')).payload.kind);
    });
    await run.stdout.until((text) => text.includes('inv block'));
    await until(() => asked.length > 0);
    expect(await linesOf(run, 2)).toEqual([
      `inv ${OTHERS[kit.name]} ${block!.hash.toString()}`,
      `inv block ${block!.hash.toString()}`,
    ]);
    expect(asked).toEqual(['block']);
  });

  it('goes on after a block that is not what its header promises, and says so', async () => {
    const wrong = withWrongRoot(kit, block!);
    const run = await watch(kit, (remote) => {
      remote.send(kit.block(wrong));
      remote.send(kit.block(block!));
      return Promise.resolve();
    });
    expect(await linesOf(run, 1)).toEqual([expect.stringMatching(`^block ${block!.index} `)]);
    expect(run.stderr.lines).toEqual([
      expect.stringMatching(`^warning: block ${wrong.hash.toString()} is not what its header promises: `),
    ]);
  });

  it('tells a height of 0 with each ping, so that every block is announced to it', async () => {
    const told: number[] = [];
    const run = await watch(kit, async (remote) => {
      told.push(kit.dialect.remoteFacts((remote.received[0] as Message<'version'>).payload).height);
      remote.send(inv('block', block!.hash));
      await remote.expect('getdata');
      remote.send(kit.block(block!));
      remote.send(kit.dialect.ping(9, 0, 1));
      told.push(kit.dialect.pingFacts(await remote.expect('pong')).height);
    });
    await until(() => told.length === 2);
    run.interrupt();
    await run.exit;
    expect(told).toEqual([0, 0]);
  });

  it('fails with the reason when the node hangs up', async () => {
    const run = await watch(
      kit,
      (remote) => {
        remote.send(inv('block', block!.hash));
        remote.connection.end();
        return Promise.resolve();
      },
      { more: ['--json'] },
    );
    expect(await run.exit).toBe(1);
    expect(run.stderr.objects).toEqual([
      {
        error: { code: 'NEO_PEER_PEER_CLOSED', message: 'the peer is closed: remote-closed', reason: 'remote-closed' },
      },
    ]);
  });

  it('fails on a node of another network', async () => {
    const run = await watch(kit, () => Promise.resolve(), { more: ['--magic', '7'] });
    expect(await run.exit).toBe(1);
    expect(run.stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_HANDSHAKE: /)]);
  });

  it('ends without a fuss when nobody reads its output any more', async () => {
    const stdout = new CapturedStream();
    const run = await watch(kit, announceBoth, { stdout });
    await stdout.until((text) => text.includes('\n'));
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect(await run.exit).toBe(0);
    expect(run.stderr.text).toBe('');
  });

  it('stops reading from the node while nobody takes its output', async () => {
    const stdout = new StuckStream();
    let taken = 0;
    const run = await watch(
      kit,
      (remote) => {
        const frame = kit.encode(kit.dialect.inventory('block', kit.hashes(500)));
        for (let i = 0; i < FLOOD; i++) remote.connection.write(frame, (error) => (taken += error ? 0 : 1));
        return Promise.resolve();
      },
      { stdout },
    );
    await stdout.until((text) => text.includes('inv'));
    const before = await whenStill(() => taken);
    stdout.destroy(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    expect(await run.exit).toBe(0);
    expect(before).toBeLessThan(FLOOD);
  });

  it('fails when its output can not be written', async () => {
    const stdout = new CapturedStream();
    const run = await watch(kit, announceBoth, { stdout });
    await stdout.until((text) => text.includes('\n'));
    stdout.destroy(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    expect(await run.exit).toBe(1);
    expect(run.stderr.lines).toEqual(['error: ENOSPC: no space left']);
  });
});

/** Announcements of 500 hashes, 64 MB: more than sockets and inboxes hold. */
const FLOOD = 4000;

/** Takes the first thing written, and never says so. */
class StuckStream extends CapturedStream {
  override _write(chunk: string | Buffer, encoding: BufferEncoding): void {
    super._write(chunk, encoding, () => undefined);
  }
}

/** The value once it has been the same for a while. */
async function whenStill(value: () => number): Promise<number> {
  for (let before = -1, turns = 0; ; turns = value() === before ? turns + 1 : 0) {
    before = value();
    if (turns === 20_000) return before;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A block whose header promises other transactions. */
function withWrongRoot(kit: DialectKit, block: KitBlock): KitBlock {
  const bytes = Buffer.from(block.raw);
  const at = bytes.indexOf(block.header.merkleRoot.bytes);
  bytes.writeUInt8(bytes[at]! ^ 1, at);
  return kit.dialect.decodePayload('block', bytes) as KitBlock;
}

/** Gives other things their turn until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
