import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { headersAfter } from '../../src/cli/headers-after.js';
import { SilentNodeError } from '../../src/cli/silent-node.error.js';
import { AbortedError } from '../../src/environment/aborted.error.js';
import type { Peer } from '../../src/peer/peer.js';
import type { ScriptedPeer } from '../../src/testing/scripted-peer.js';
import type { ChainPosition } from '../../src/wire/common/dialect.js';
import { dialectOf, type Outgoing } from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { N3_KIT } from '../support/dialect-kit.js';
import { chainBlocks } from '../support/local-chain.js';
import { PeerLab } from '../support/peer-lab.js';

/** What the remote tells; block 5 is then its newest. */
const HEIGHT = 5;
const blocks = chainBlocks(HEIGHT + 1);

let lab: PeerLab;
let peer: Peer;
let remote: ScriptedPeer;
let interrupt: AbortController;

beforeEach(async () => {
  lab = new PeerLab({ timeouts: { keepaliveMs: 0 } });
  ({ peer, remote } = await lab.ready({ height: HEIGHT }));
  interrupt = new AbortController();
});

afterEach(() => lab.close());

/** What came of asking. */
interface Seen {
  readonly indexes: number[];
  error?: unknown;
  done: boolean;
}

/** Asks for what follows a block. */
function ask(after: number): Seen {
  return askAt({ after: blocks[after - 1]!.hash });
}

function askAt(from: ChainPosition): Seen {
  const seen: Seen = { indexes: [], done: false };
  const all = async (): Promise<void> => {
    const options = { clock: lab.clock, signal: interrupt.signal };
    for await (const { index } of headersAfter(peer, from, options)) seen.indexes.push(index);
  };
  void all()
    .catch((error: unknown) => (seen.error = error))
    .finally(() => (seen.done = true));
  return seen;
}

function headers(from: number, to: number): Outgoing {
  return dialectOf('legacy').headers(blocks.slice(from - 1, to).map(({ header }) => header));
}

function block(index: number): Outgoing {
  return dialectOf('legacy').object(blocks[index - 1]!);
}

function commands(): string[] {
  return remote.received.map(({ command }) => command).filter((command) => command.startsWith('get'));
}

describe('headersAfter', () => {
  it('gives what comes, and asks a node that answers for nothing else', async () => {
    const seen = ask(2);
    await lab.settle();
    remote.send(headers(3, 5));
    await lab.clock.advance(120_000);
    expect(seen).toEqual({ indexes: [3, 4, 5], done: true });
    expect(commands()).toEqual(['getheaders']);
  });

  it('ends with nothing when a silent node gives the start as its newest block', async () => {
    const seen = ask(5);
    await lab.clock.advance(3_000);
    expect(commands()).toEqual(['getheaders', 'getdata']);
    remote.send(block(5));
    await lab.settle();
    expect(seen).toEqual({ indexes: [], done: true });
  });

  it('goes on waiting for a slow node that has more than the start', async () => {
    const seen = ask(2);
    await lab.clock.advance(3_000);
    remote.send(block(2));
    await lab.clock.advance(50_000);
    remote.send(headers(3, 5));
    await lab.settle();
    expect(seen).toEqual({ indexes: [3, 4, 5], done: true });
  });

  it('gives up a node of which nothing comes, and says what that may mean', async () => {
    const seen = ask(2);
    await lab.clock.advance(14_999);
    expect(seen.done).toBe(false);
    await lab.clock.advance(1);
    expect(seen.error).toBeInstanceOf(SilentNodeError);
    const { host, port } = peer.remoteAddress;
    const after = blocks[1]!.hash.toString();
    expect(seen.error).toMatchObject({ address: `${host}:${port}`, after, height: HEIGHT });
    expect((seen.error as Error).message).toContain("it doesn't have that block, or nothing after it");
  });

  it('waits as long as requests may take for a node that says something else', async () => {
    const seen = ask(2);
    for (let i = 0; i < 5; i++) {
      await lab.clock.advance(11_000);
      remote.send(dialectOf('legacy').inventory('transaction', HashList.of([blocks[i]!.hash])));
    }
    await lab.clock.advance(4_000);
    expect(seen.done).toBe(false);
    await lab.clock.advance(2_000);
    expect(seen.error).toBeInstanceOf(SilentNodeError);
  });

  it.each([0, 3_000])('ends when it is interrupted after %i ms', async (ms) => {
    const seen = ask(2);
    await lab.clock.advance(ms);
    interrupt.abort();
    await lab.settle();
    expect(seen.error).toBeInstanceOf(AbortedError);
  });

  it('passes on that the node hung up', async () => {
    const seen = ask(2);
    await lab.clock.advance(3_000);
    remote.connection.destroy();
    await lab.settle();
    expect(seen.error).toMatchObject({ code: 'NEO_PEER_PEER_CLOSED' });
  });
});

describe('headersAfter, by index', () => {
  const kit = N3_KIT;

  beforeEach(async () => {
    await lab.close();
    lab = new PeerLab({ network: kit.network, timeouts: { keepaliveMs: 0 } });
    ({ peer, remote } = await lab.ready({ height: HEIGHT }));
  });

  it('gives what comes', async () => {
    const seen = askAt({ index: 3 });
    await lab.clock.advance(14_000);
    remote.send(kit.dialect.headers(kit.headers(5).slice(2)));
    await lab.clock.advance(120_000);
    expect(seen).toEqual({ indexes: [3, 4, 5], done: true });
    expect(commands()).toEqual(['getheaders']);
  });

  it('gives up a node of which nothing comes, and says what that may mean', async () => {
    const seen = askAt({ index: 3 });
    await lab.clock.advance(14_999);
    expect(seen.done).toBe(false);
    await lab.clock.advance(1);
    expect(seen.error).toBeInstanceOf(SilentNodeError);
    expect(seen.error).toMatchObject({ after: undefined, index: 3, height: HEIGHT });
    expect((seen.error as Error).message).toContain("sends no headers from index 3 on: it doesn't have them");
    expect(commands()).toEqual(['getheaders']);
  });

  it('waits as long as requests may take for a node that says something else', async () => {
    const seen = askAt({ index: 3 });
    await lab.clock.advance(10_000);
    remote.send(kit.dialect.inventory('block', kit.hashes(1)));
    await lab.clock.advance(49_000);
    expect(seen.done).toBe(false);
    await lab.clock.advance(1_000);
    expect(seen.error).toBeInstanceOf(SilentNodeError);
  });
});
