import { readFileSync } from 'node:fs';

/** What every entry of a vector file has. Hashes in it are in display order without `0x`. */
export interface Vector {
  readonly name: string;
  readonly source: string;
  readonly hex: string;
}

/** A whole frame of `frames.json`. */
export interface FrameVector extends Vector {
  /** Name on the wire. */
  readonly command: string;
  readonly magic: number;
  readonly payloadLength: number;
  /** Wire order. */
  readonly checksum: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** An entry of a file of `test/vectors/n3`. Hashes in `expected` are in display order with `0x`. */
export interface N3Vector<Expected = Readonly<Record<string, unknown>>> extends Vector {
  readonly expected: Expected;
  /** What the bytes are, where a file mixes things. */
  readonly scope?: string;
  /** Magic of the network the bytes are from. */
  readonly network?: number;
  /** The payload decompressed. */
  readonly payloadHex?: string;
  /** What the hash covers. */
  readonly unsignedHex?: string;
  /** Name of the command, for bare payloads. */
  readonly command?: string;
  readonly unsignedOnly?: boolean;
}

/** A line of a transcript that carries bytes. */
export interface TranscriptLine {
  /** `in`, `out`, or `a>b` and `b>a` through a proxy. */
  readonly dir: string;
  readonly bytes: Buffer;
}

/** The recorded conversation with an N3 node, and the network it took place on. */
export const N3_TRANSCRIPT = Object.freeze({ name: 'neo-go3-inbound-session', magic: 56753 });

/** The recorded conversations with Legacy nodes and the network each took place on. */
export const TRANSCRIPTS: readonly { readonly name: string; readonly magic: number }[] = [
  { name: 'neo-go2-idle_after_handshake', magic: 56753 },
  { name: 'neo-go2-inbound-session', magic: 56753 },
  { name: 'neo-go2-outbound-handshake', magic: 56753 },
  { name: 'neo-one-dbft4-link.5', magic: 7630401 },
  { name: 'neo-one-idle_after_handshake', magic: 7630401 },
  { name: 'neo-one-live-blocks-tx', magic: 7630401 },
  { name: 'neo-one-outbound-handshake', magic: 7630401 },
  { name: 'neo-one-push-headers-blocks', magic: 7630401 },
  { name: 'neo-one-to-neo-go2-handshake.5', magic: 56753 },
];

/** A file below the repository's root. */
export function readBytes(path: string): Buffer {
  return readFileSync(new URL(`../../${path}`, import.meta.url));
}

/** A file of `test/vectors/legacy`; the caller knows its shape. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- saves a cast at every call
export function loadVectors<T>(file: string): T {
  return JSON.parse(readBytes(`test/vectors/legacy/${file}`).toString()) as T;
}

/** The entries of a file of `test/vectors/n3`. */
export function loadN3Vectors<Expected = Readonly<Record<string, unknown>>>(file: string): N3Vector<Expected>[] {
  const text = readBytes(`test/vectors/n3/${file}`).toString();
  return (JSON.parse(text) as { vectors: N3Vector<Expected>[] }).vectors;
}

/** The lines of a transcript that carry bytes, in order. */
export function loadTranscript(name: string): TranscriptLine[] {
  return readBytes(`test/vectors/transcripts/${name}.jsonl`)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { dir: string; hex: string })
    .filter(({ hex }) => hex !== '')
    .map(({ dir, hex }) => ({ dir, bytes: Buffer.from(hex, 'hex') }));
}

/** Serialized blocks of a chain file: u32 count, then u32 length and the bytes of each. */
export function loadChain(path: string): Buffer[] {
  const file = readBytes(path);
  const blocks: Buffer[] = [];
  for (let at = 4; at < file.length;) {
    const size = file.readUInt32LE(at);
    blocks.push(file.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return blocks;
}

/** Blocks 1..6000 of the private network with four validators. */
export function loadLocalChain(): Buffer[] {
  return loadChain('src/node/chains/legacy-local.chain');
}

/** Blocks 1..50 of the N3 network with four validators and magic 42. */
export function loadN3LocalChain(): Buffer[] {
  return loadChain('src/node/chains/n3-local.chain');
}

/** The bytes of `hex`. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
