import { skipArray } from '../primitives/array.js';
import { ByteReader, varintSize } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { HashList } from '../primitives/hash-list.js';
import { UInt256 } from '../primitives/uint256.js';
import { MAX_TRIE_HASHES, MAX_TRIE_NODE_SIZE, MAX_TRIE_NODES } from './limits.js';
import { N3View } from './n3-view.js';
import { TrieNodes } from './trie-nodes.js';

/**
 * The payload of `getmptdata`: hashes of nodes of the state's Merkle Patricia trie that one wants. Only neo-go nodes with
 * the extension for state exchange answer.
 *
 * @publicApi
 */
export class GetMptDataPayload extends N3View {
  #hashes: HashList | undefined;

  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Where the first hash begins, from `start`. */
    private readonly hashesAt: number,
  ) {
    super(bytes, start, end);
  }

  /** @throws DecodeError */
  static decode(reader: ByteReader): GetMptDataPayload {
    const start = reader.offset;
    const count = reader.count('hashes', MAX_TRIE_HASHES, UInt256.SIZE);
    const hashesAt = reader.offset - start;
    reader.skip(count * UInt256.SIZE, 'hashes');
    return new GetMptDataPayload(reader.bytes, start, reader.offset, hashesAt);
  }

  /** @throws DecodeError when there are more than 32 hashes */
  static from(fields: { readonly hashes: Iterable<UInt256> }): GetMptDataPayload {
    const hashes = HashList.of(fields.hashes);
    const writer = new ByteWriter(9 + hashes.bytes.length).varint(hashes.length).bytes(hashes.bytes);
    return GetMptDataPayload.decode(new ByteReader(writer.finish(), 'getmptdata'));
  }

  /** At most 32. */
  get hashes(): HashList {
    return (this.#hashes ??= new HashList(this.bytes.subarray(this.start + this.hashesAt, this.end)));
  }

  toJSON(): object {
    return { hashes: this.hashes.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new GetMptDataPayload(bytes, 0, bytes.length, this.hashesAt) as this;
  }
}

/**
 * The payload of `mptdata`: nodes of the state's Merkle Patricia trie, those asked for and those below them.
 *
 * @publicApi
 */
export class MptDataPayload extends N3View {
  #nodes: TrieNodes | undefined;

  /**
   * An empty node is taken, although the trie has none: neo-go decodes it too, and fails later, when it looks into it.
   *
   * @throws DecodeError
   */
  static decode(reader: ByteReader): MptDataPayload {
    const start = reader.offset;
    const count = skipArray(reader, 'nodes', MAX_TRIE_NODES, 1, skipNode, false);
    if (count === 0) reader.fail('nodes', 'value', 'there must be at least one', start);
    return new MptDataPayload(reader.bytes, start, reader.offset);
  }

  /** @throws DecodeError when there is no node */
  static from(fields: { readonly nodes: Iterable<Uint8Array> }): MptDataPayload {
    const nodes = new ByteWriter();
    let count = 0;
    for (const node of fields.nodes) {
      nodes.varBytes(node);
      count += 1;
    }
    const writer = new ByteWriter(varintSize(count) + nodes.length).varint(count).bytes(nodes.finish());
    return MptDataPayload.decode(new ByteReader(writer.finish(), 'mptdata'));
  }

  /** At least one, each as it is stored, opaque here. */
  get nodes(): TrieNodes {
    return (this.#nodes ??= new TrieNodes(this.raw));
  }

  /** All nodes, as hex: of millions a text of many megabytes, so the library never calls it by itself. */
  toJSON(): object {
    return { nodes: this.nodes.toJSON() };
  }

  protected over(bytes: Uint8Array): this {
    return new MptDataPayload(bytes, 0, bytes.length) as this;
  }
}

function skipNode(reader: ByteReader): void {
  reader.skipVarBytes('', MAX_TRIE_NODE_SIZE);
}
