import { formatAddress } from '../../src/environment/address.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemTransport } from '../../src/environment/system-transport.js';
import { ScriptError } from '../../src/testing/script.error.js';
import type { ScriptedListener } from '../../src/testing/scripted-listener.js';
import { ScriptedPeer, type ScriptedPeerOptions } from '../../src/testing/scripted-peer.js';
import type { Command, Message } from '../../src/wire/messages.js';
import type { DialectKit, KitBlock } from './dialect-kit.js';

/** A node on a TCP port of this machine that does what a test says, once it is ready; for each that dials, again. */
export class ScriptedNode {
  private constructor(
    private readonly listener: ScriptedListener<ScriptedPeer>,
    private readonly remotes: ScriptedPeer[],
  ) {}

  static async start(
    kit: DialectKit,
    version: ScriptedPeerOptions['version'],
    script: (remote: ScriptedPeer) => Promise<void>,
  ): Promise<ScriptedNode> {
    const { name: dialect, network } = kit;
    const transport = new SystemTransport(new SystemClock());
    const options = { dialect, magic: network.magic, version: { userAgent: kit.agents.csharp, ...version } };
    const listener = await ScriptedPeer.listen(transport, { host: '127.0.0.1' }, options);
    const remotes: ScriptedPeer[] = [];
    const serve = async (): Promise<void> => {
      for (;;) {
        const remote = await listener.accepted();
        remotes.push(remote);
        void untilClosed(remote.handshake().then(() => script(remote)));
      }
    };
    void untilClosed(serve());
    return new ScriptedNode(listener, remotes);
  }

  /** One that serves these blocks, from block 1 on. It says what is asked for and not there by silence. */
  static serving(
    kit: DialectKit,
    blocks: readonly KitBlock[],
    version?: ScriptedPeerOptions['version'],
  ): Promise<ScriptedNode> {
    const told = { height: blocks.length, ...version };
    return ScriptedNode.start(kit, told, (remote) => serveChain(kit, remote, blocks));
  }

  /** `host:port`. */
  get name(): string {
    return formatAddress(this.listener.address);
  }

  async close(): Promise<void> {
    await this.listener.close();
    for (const remote of this.remotes) remote.connection.destroy();
  }
}

async function serveChain(kit: DialectKit, remote: ScriptedPeer, blocks: readonly KitBlock[]): Promise<void> {
  await Promise.all([
    answer(remote, 'ping', (ping) => remote.send(kit.dialect.pong(ping, blocks.length, 0))),
    answer(remote, 'getheaders', (request) => {
      const first = kit.firstAsked(request);
      remote.send(kit.dialect.headers(blocks.slice(first - 1).map(({ header }) => header)));
    }),
    answer(remote, 'getblockbyindex', ({ payload: { indexStart, count } }) => {
      for (const block of blocks.slice(indexStart - 1, indexStart - 1 + count)) remote.send(kit.block(block));
    }),
    answer(remote, 'getdata', ({ payload }) => {
      const wanted = [...payload.hashes];
      const found = blocks.filter(({ hash }) => wanted.some((hash_) => hash_.equals(hash)));
      for (const block of found) remote.send(kit.block(block));
    }),
  ]);
}

async function answer<C extends Command>(
  remote: ScriptedPeer,
  command: C,
  reply: (request: Message<C>) => void,
): Promise<void> {
  for (;;) reply(await remote.expect(command));
}

/** The end of the connection ends a script. */
async function untilClosed(script: Promise<void>): Promise<void> {
  try {
    await script;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
  }
}

/** A block of which one bit is another: one of a signature, so that its hash stays. */
export function withWrongSignature(kit: DialectKit, block: KitBlock): KitBlock {
  const bytes = Buffer.from(block.raw);
  const at = bytes.indexOf(block.header.witness.invocation) + 20;
  bytes.writeUInt8(bytes[at]! ^ 1, at);
  return kit.dialect.decodePayload('block', bytes) as KitBlock;
}
