import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { u32At } from '../primitives/little-endian.js';
import { LegacyView } from './legacy-view.js';
import { MAX_STATE_ROOTS } from './limits.js';
import { MIN_STATE_ROOT_SIZE, StateRoot } from './state-root.js';

/**
 * What a request for state roots is made from.
 *
 * @publicApi
 */
export interface GetRootsFields {
  /** Height of the first state root wanted. */
  readonly startIndex: number;
  /** How many; nodes answer with at most 2000 (200 since C# 2.13, which also refuses zero). */
  readonly count: number;
}

/**
 * The payload of `getroots`. C# nodes since 2.11 and neo-go understand it.
 *
 * @publicApi
 */
export class GetRootsPayload extends LegacyView implements GetRootsFields {
  /** @internal */
  static decode(reader: ByteReader): GetRootsPayload {
    const start = reader.offset;
    reader.skip(4, 'startIndex');
    reader.skip(4, 'count');
    return new GetRootsPayload(reader.bytes, start, reader.offset);
  }

  static from({ startIndex, count }: GetRootsFields): GetRootsPayload {
    const writer = new ByteWriter(8).u32(startIndex).u32(count);
    return GetRootsPayload.decode(new ByteReader(writer.finish(), 'getroots'));
  }

  get startIndex(): number {
    return u32At(this.bytes, this.start);
  }

  get count(): number {
    return u32At(this.bytes, this.start + 4);
  }

  toJSON(): object {
    return { startIndex: this.startIndex, count: this.count };
  }

  protected over(bytes: Uint8Array): this {
    return new GetRootsPayload(bytes, 0, bytes.length) as this;
  }
}

/**
 * The payload of `roots`, the answer to `getroots`.
 *
 * @publicApi
 */
export class RootsPayload extends LegacyView {
  private constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    /** At most 2000. */
    readonly roots: readonly StateRoot[],
  ) {
    super(bytes, start, end);
  }

  /** @internal */
  static decode(reader: ByteReader): RootsPayload {
    const start = reader.offset;
    const count = reader.count('roots', MAX_STATE_ROOTS, MIN_STATE_ROOT_SIZE);
    const roots: StateRoot[] = [];
    reader.enter('roots');
    for (let i = 0; i < count; i++) {
      reader.at(i);
      roots.push(StateRoot.decode(reader));
    }
    reader.leave();
    return new RootsPayload(reader.bytes, start, reader.offset, roots);
  }

  /** @throws DecodeError when there are more than 2000 */
  static from({ roots }: { readonly roots: readonly StateRoot[] }): RootsPayload {
    const writer = new ByteWriter().varint(roots.length);
    for (const root of roots) writer.bytes(root.raw);
    return RootsPayload.decode(new ByteReader(writer.finish(), 'roots'));
  }

  toJSON(): object {
    return { roots: this.roots.map((root) => root.toJSON()) };
  }

  protected over(bytes: Uint8Array): this {
    return RootsPayload.decode(new ByteReader(bytes, 'roots')) as this;
  }
}
