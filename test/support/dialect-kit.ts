import { NETWORKS } from '../../src/config/networks.js';
import type { NetworkDefinition } from '../../src/config/options.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import type { DialectName } from '../../src/wire/common/dialect-name.js';
import type { ChainPosition, Dialect } from '../../src/wire/common/dialect.js';
import {
  dialectOf,
  type Command,
  type Message,
  type Outgoing,
  type PayloadOf,
  type Received,
} from '../../src/wire/messages.js';
import { HashList } from '../../src/wire/primitives/hash-list.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';
import { rawFrame } from './frames.js';
import { N3_COMMAND_BYTES, N3_UNKNOWN_COMMAND, n3Frame } from './n3-frames.js';
import { loadLocalChain, loadN3LocalChain } from './vectors.js';

/** A block of either dialect. */
export type KitBlock = PayloadOf<'block'>;

/** Larger than any payload may be. */
const OVERSIZED = 0x02000001;

/**
 * What a test of a behaviour that both dialects have needs to know of each, so that it is written once and run twice:
 * `describe.each(KITS)('$name', (kit) => …)`.
 */
export abstract class DialectKit {
  abstract readonly name: DialectName;
  /** User agents of the reference nodes. */
  abstract readonly agents: { readonly csharp: string; readonly go: string };
  /** Bytes of a frame without payload. */
  abstract readonly emptyFrame: number;
  readonly #blocks: KitBlock[] = [];

  get dialect(): Dialect<Message> {
    return dialectOf(this.name);
  }

  /** The local network, whose chain {@link blocks} gives. */
  get network(): Readonly<NetworkDefinition> {
    return NETWORKS[`${this.name}-local`];
  }

  /** Hash of block 0. */
  get genesis(): UInt256 {
    return UInt256.from(this.network.genesis!);
  }

  /** The first `count` blocks after block 0: from the recorded chain as far as it goes, then made up. */
  blocks(count: number): readonly KitBlock[] {
    while (this.#blocks.length < count) {
      const bytes = this.blockAfter(this.#blocks);
      this.#blocks.push(this.dialect.decodePayload('block', bytes) as KitBlock);
    }
    return this.#blocks.slice(0, count);
  }

  /** Their headers. */
  headers(count: number): readonly BlockHeader[] {
    return this.blocks(count).map(({ header }) => header);
  }

  /** Their hashes. */
  hashes(count: number): HashList {
    return HashList.of(this.blocks(count).map(({ hash }) => hash));
  }

  /** The place from which a request gives the block of that index first, in the words of the dialect. */
  abstract from(index: number): ChainPosition;

  /** The index of the first header that a request asks for; of its payload only what the kit's {@link blocks} know. */
  abstract firstAsked(request: Message<'getheaders'>): number;

  /** A message whose payload is these bytes. */
  message<C extends Command>(command: C, payload: Uint8Array = new Uint8Array(0)): Outgoing<C> {
    const decoded = this.dialect.decodePayload(command, payload);
    return { dialect: this.name, command, payload: decoded } as unknown as Outgoing<C>;
  }

  /** The message that carries a block. */
  block(block: KitBlock): Outgoing<'block'> {
    return this.dialect.object(block) as Outgoing<'block'>;
  }

  /** A pong with a nonce of its own, as nodes send that don't echo. */
  pong(height: number, nonce = 0xdead): Outgoing<'pong'> {
    return { ...this.dialect.ping(height, 0, nonce), command: 'pong' } as Outgoing<'pong'>;
  }

  /** One place where somebody listens. */
  addr(host = '10.1.1.1', port = 10_333): Outgoing<'addr'> {
    return this.dialect.addresses([{ host, port, timestamp: 0, services: 1n }]) as Outgoing<'addr'>;
  }

  /** The frame of a message on the local network. */
  encode(message: Outgoing): Uint8Array {
    return this.dialect.encode(message, this.network.magic);
  }

  /** Every message in a stream that arrives in these chunks. */
  decodeAll(chunks: Iterable<Uint8Array>, magic = this.network.magic): Received[] {
    const decoder = this.dialect.createFrameDecoder({ magic });
    return Array.from(chunks, (chunk) => [...decoder.push(chunk)]).flat();
  }

  /** A frame around any bytes, on the local network. */
  abstract frame(command: string, payload?: Uint8Array): Buffer;

  /** A frame of a command that nobody knows. */
  abstract unknownFrame(payload?: Uint8Array): Buffer;

  /** The beginning of a frame that is larger than any may be. */
  abstract oversizedFrame(): Buffer;

  /** The bytes of the block that follows these. */
  protected abstract blockAfter(blocks: readonly KitBlock[]): Uint8Array;
}

class LegacyKit extends DialectKit {
  readonly name = 'legacy';
  readonly agents = { csharp: '/Neo:2.12.0/', go: '/NEO-GO:0.78.4/' };
  readonly emptyFrame = 24;
  #chain: Buffer[] | undefined;

  from(index: number): ChainPosition {
    return { after: index === 1 ? this.genesis : this.blocks(index - 1).at(-1)!.hash };
  }

  firstAsked({ payload }: Message<'getheaders'>): number {
    if (payload.dialect !== 'legacy') throw new TypeError('not of this dialect');
    const start = payload.starts.at(0);
    for (let index = 1; ; index++) if ((this.from(index) as { after: UInt256 }).after.equals(start)) return index;
  }

  frame(command: string, payload: Uint8Array = new Uint8Array(0)): Buffer {
    return rawFrame(command === 'transaction' ? 'tx' : command, payload, { magic: this.network.magic });
  }

  unknownFrame(payload: Uint8Array = new Uint8Array(0)): Buffer {
    return this.frame('address', payload);
  }

  oversizedFrame(): Buffer {
    return rawFrame('block', new Uint8Array(0), { magic: this.network.magic, length: OVERSIZED });
  }

  protected blockAfter({ length }: readonly KitBlock[]): Uint8Array {
    this.#chain ??= loadLocalChain();
    return this.#chain[length]!;
  }
}

class N3Kit extends DialectKit {
  readonly name = 'n3';
  readonly agents = { csharp: '/Neo:3.8.2/', go: '/NEO-GO:0.106.3/' };
  readonly emptyFrame = 3;
  #chain: Buffer[] | undefined;

  from(index: number): ChainPosition {
    return { index };
  }

  firstAsked({ payload }: Message<'getheaders'>): number {
    if (payload.dialect !== 'n3') throw new TypeError('not of this dialect');
    return payload.indexStart;
  }

  frame(command: string, payload: Uint8Array = new Uint8Array(0)): Buffer {
    return n3Frame(command in N3_COMMAND_BYTES ? command : N3_UNKNOWN_COMMAND, payload);
  }

  unknownFrame(payload: Uint8Array = new Uint8Array(0)): Buffer {
    return n3Frame(N3_UNKNOWN_COMMAND, payload);
  }

  oversizedFrame(): Buffer {
    return n3Frame('block', new Uint8Array(0), { length: OVERSIZED });
  }

  protected blockAfter(blocks: readonly KitBlock[]): Uint8Array {
    this.#chain ??= loadN3LocalChain();
    return this.#chain[blocks.length] ?? emptyBlockAfter(blocks.at(-1)!);
  }
}

/** A block without transactions that links to that one; nobody has signed it. */
function emptyBlockAfter({ hash, header }: KitBlock): Buffer {
  const bytes = Buffer.alloc(114);
  hash.bytes.forEach((byte, i) => bytes.writeUInt8(byte, 4 + i));
  bytes.writeBigUInt64LE(BigInt(header.timeMs) + 15_000n, 68);
  bytes.writeUInt32LE(header.index + 1, 84);
  Buffer.from(header.nextConsensus.bytes).copy(bytes, 89);
  Buffer.from('01000111', 'hex').copy(bytes, 109); // one witness: no invocation, one byte to verify with
  return bytes;
}

/** What tests of Legacy alone need. */
export const LEGACY_KIT: DialectKit = new LegacyKit();

/** What tests of N3 alone need. */
export const N3_KIT: DialectKit = new N3Kit();

/** Both dialects. */
export const KITS: readonly DialectKit[] = Object.freeze([LEGACY_KIT, N3_KIT]);
