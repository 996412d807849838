import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { dialectOf, type Message, type Received } from '../../src/wire/messages.js';
import type { DialectName } from '../../src/wire/common/dialect-name.js';
import {
  bytes,
  loadChain,
  loadLocalChain,
  loadN3LocalChain,
  loadN3Vectors,
  loadTranscript,
  loadVectors,
  N3_TRANSCRIPT,
  readBytes,
  TRANSCRIPTS,
  type N3Vector,
} from './vectors.js';
import { legacyHeader, N3_LOCAL, n3Header } from './verified-headers.js';

/** A header that somebody else's program made. */
export interface RecordedHeader {
  /** Name of the entry, or index of the block. */
  readonly name: string;
  /** The network whose validators signed it; undefined where the recording doesn't tell. */
  readonly magic: number | undefined;
  readonly header: BlockHeader;
}

interface LegacyVector {
  readonly name: string;
  readonly magic: number;
  /** Missing where the bytes are in a file of their own. */
  readonly hex?: string;
}

const MAINNET = 7_630_401;
const TESTNET = 1_953_787_457;
const PRIVNET = 56_753;

function legacyVectors(file: string): RecordedHeader[] {
  return loadVectors<LegacyVector[]>(file).flatMap(({ name, magic, hex }) =>
    hex === undefined ? [] : [{ name, magic, header: legacyHeader(bytes(hex)) }],
  );
}

function n3Vectors(file: string): RecordedHeader[] {
  return loadN3Vectors(file).map(({ name, network, hex }) => ({ name, magic: network, header: n3Header(bytes(hex)) }));
}

function chain(blocks: readonly Uint8Array[], magic: number, read: (raw: Uint8Array) => BlockHeader): RecordedHeader[] {
  return blocks.map(read).map((header) => ({ name: `block ${header.index}`, magic, header }));
}

/** The headers in a message, if it has any. */
function headersIn(message: Received): readonly BlockHeader[] {
  if (message.command === 'headers') return message.payload.headers;
  return message.command === 'block' || message.command === 'merkleblock' ? [message.payload.header] : [];
}

function inMessages(name: string, magic: number | undefined, messages: readonly Received[]): RecordedHeader[] {
  return messages.flatMap(headersIn).map((header) => ({ name: `${name}, ${header.index}`, magic, header }));
}

function decodeAll(dialect: DialectName, chunks: readonly Uint8Array[], magic: number): Received[] {
  const decoder = dialectOf(dialect).createFrameDecoder({ magic });
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function payload(dialect: DialectName, command: 'headers' | 'merkleblock', hex: string): Received {
  const raw = bytes(hex);
  return { dialect, command, payload: dialectOf(dialect).decodePayload(command, raw), size: raw.length } as Message;
}

/** Magic of the version message of a frame has to be that of the decoder; other frames carry none. */
function n3Magic({ network, expected }: N3Vector): number {
  return network ?? (expected['payload'] as { readonly network?: number } | undefined)?.network ?? N3_LOCAL;
}

/** What both sides of a conversation said. */
function transcript(name: string, magic: number, dialect: DialectName): RecordedHeader[] {
  const lines = loadTranscript(name);
  const sides = [...new Set(lines.map(({ dir }) => dir))];
  return sides.flatMap((side) => {
    const chunks = lines.filter(({ dir }) => dir === side).map((line) => line.bytes);
    return inMessages(side, magic, decodeAll(dialect, chunks, magic));
  });
}

function legacyGenesisVectors(): RecordedHeader[] {
  const vectors =
    loadVectors<{ readonly name: string; readonly magic: number; readonly blockHex: string }[]>('genesis.json');
  return vectors.map(({ name, magic, blockHex }) => ({ name, magic, header: legacyHeader(bytes(blockHex)) }));
}

function filtered(): RecordedHeader[] {
  return loadVectors<(Required<LegacyVector> & { readonly kind: string })[]>('bloom_merkleblock.json')
    .filter(({ kind }) => kind === 'merkleblock')
    .flatMap(({ name, magic, hex }) => inMessages(name, magic, [payload('legacy', 'merkleblock', hex)]));
}

/** Every recorded header there is, by the file that holds it; files that hold none are left out. */
export function recordedHeaders(): ReadonlyMap<string, readonly RecordedHeader[]> {
  const files: [string, RecordedHeader[]][] = [
    ['legacy/genesis.json', legacyGenesisVectors()],
    ['legacy/headers.json', legacyVectors('headers.json')],
    [
      'legacy/headers_payload.json',
      loadVectors<{ readonly name: string; readonly hex: string }[]>('headers_payload.json').flatMap(({ name, hex }) =>
        inMessages(name, MAINNET, [payload('legacy', 'headers', hex)]),
      ),
    ],
    ['legacy/blocks.json', legacyVectors('blocks.json')],
    [
      'legacy/block-testnet-797966.bin',
      chain([readBytes('test/vectors/legacy/block-testnet-797966.bin')], TESTNET, legacyHeader),
    ],
    [
      'legacy/frames.json',
      loadVectors<Required<LegacyVector>[]>('frames.json').flatMap(({ name, magic, hex }) =>
        inMessages(name, magic, decodeAll('legacy', [bytes(hex)], magic)),
      ),
    ],
    ['legacy/bloom_merkleblock.json', filtered()],
    ['legacy-local.chain', chain(loadLocalChain(), PRIVNET, legacyHeader)],
    ['priv7-2600.acc', chain(loadChain('test/interop/priv7-2600.acc'), MAINNET, legacyHeader)],
    ...TRANSCRIPTS.map(({ name, magic }): [string, RecordedHeader[]] => [name, transcript(name, magic, 'legacy')]),
    ['n3/genesis.json', n3Vectors('genesis.json')],
    ['n3/headers.json', n3Vectors('headers.json')],
    ['n3/blocks.json', n3Vectors('blocks.json')],
    [
      'n3/payloads.json',
      loadN3Vectors('payloads.json').flatMap(({ name, command, network, hex }) =>
        command === 'headers' || command === 'merkleblock'
          ? inMessages(name, network, [payload('n3', command, hex)])
          : [],
      ),
    ],
    [
      'n3/frames.json',
      loadN3Vectors('frames.json').flatMap((vector) =>
        inMessages(vector.name, vector.network, decodeAll('n3', [bytes(vector.hex)], n3Magic(vector))),
      ),
    ],
    ['n3-local.chain', chain(loadN3LocalChain(), N3_LOCAL, n3Header)],
    [N3_TRANSCRIPT.name, transcript(N3_TRANSCRIPT.name, N3_TRANSCRIPT.magic, 'n3')],
  ];
  return new Map(files.filter(([, headers]) => headers.length > 0));
}
