import { readFile } from 'node:fs/promises';
import type { Block } from '../wire/common/block.js';
import type { DialectName } from '../wire/common/dialect-name.js';
import { dialectOf } from '../wire/messages.js';
import { DecodeError } from '../wire/primitives/decode.error.js';
import type { Digest } from '../wire/primitives/hashing.js';
import { HashList } from '../wire/primitives/hash-list.js';
import type { UInt256 } from '../wire/primitives/uint256.js';
import { ChainFileError } from './chain-file.error.js';

/** Bytes of the block count and of each block's length. */
export const LENGTH_SIZE = 4;

/**
 * Consecutive blocks in one file: a u32 LE count, then for each block a u32 LE length and its bytes, as in a `block`
 * payload. The bytes stay in memory; a block is decoded when it is asked for, and its place is found by counting from
 * 0 (which is not its height: a file may begin anywhere).
 *
 * @internal
 */
export class ChainFile {
  /** How many blocks there are. */
  readonly length: number;
  readonly #file: string;
  readonly #dialect: DialectName;
  readonly #bytes: Buffer;
  /** Where each block begins, and after them the end of the file plus a length field. */
  readonly #starts: Float64Array;
  #places: Map<Digest, number> | undefined;
  #hashes: HashList | undefined;

  private constructor(file: string, dialect: DialectName, bytes: Buffer) {
    this.#file = file;
    this.#dialect = dialect;
    this.#bytes = bytes;
    this.#starts = this.#walk();
    this.length = this.#starts.length - 1;
  }

  /**
   * Reads the file and checks that its lengths add up.
   *
   * @throws ChainFileError
   */
  static async open(file: string, dialect: DialectName): Promise<ChainFile> {
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (cause) {
      throw new ChainFileError(file, 0, `it can't be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
    }
    return new ChainFile(file, dialect, bytes);
  }

  /** The hashes of all blocks, in order; computed on first use. @throws ChainFileError */
  get hashes(): HashList {
    return (this.#hashes ??= HashList.ofKeys(Array.from(this.#placesByHash().keys())));
  }

  /** The bytes of a block as they stand in the file, not copied. @throws RangeError when there is no such place */
  bytesAt(place: number): Uint8Array {
    const start = this.#startOf(place);
    return this.#bytes.subarray(start, this.#starts[place + 1]! - LENGTH_SIZE);
  }

  /**
   * The block at a place.
   *
   * @throws ChainFileError when its bytes are no block, or more than one
   * @throws RangeError when there is no such place
   */
  at(place: number): Block {
    const bytes = this.bytesAt(place);
    const offset = this.#startOf(place);
    let block: Block;
    try {
      block = dialectOf(this.#dialect).decodePayload('block', bytes) as Block;
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      throw new ChainFileError(this.#file, offset + cause.offset, `block ${place} of the file: ${cause.message}`, {
        cause,
      });
    }
    const left = bytes.length - block.raw.length;
    if (left > 0) {
      throw new ChainFileError(
        this.#file,
        offset + block.raw.length,
        `${left} bytes are left over after block ${place} of the file`,
      );
    }
    return block;
  }

  /** The place of a block, undefined if it isn't in the file. @throws ChainFileError */
  placeOf(hash: UInt256): number | undefined {
    return this.#placesByHash().get(hash.key);
  }

  #startOf(place: number): number {
    if (!Number.isInteger(place) || place < 0 || place >= this.length) {
      throw new RangeError(`no block at ${place}: ${this.#file} has ${this.length}`);
    }
    return this.#starts[place]!;
  }

  #placesByHash(): Map<Digest, number> {
    if (this.#places !== undefined) return this.#places;
    const places = new Map<Digest, number>();
    for (let place = 0; place < this.length; place++) {
      const { key } = this.at(place).hash;
      if (places.has(key)) {
        throw new ChainFileError(this.#file, this.#startOf(place), `block ${place} of the file stands there twice`);
      }
      places.set(key, place);
    }
    this.#places = places;
    return places;
  }

  #walk(): Float64Array {
    const size = this.#bytes.length;
    if (size < LENGTH_SIZE) throw new ChainFileError(this.#file, 0, `it ends before the block count (${size} bytes)`);
    const count = this.#bytes.readUInt32LE(0);
    // Each block takes at least its length field: a count that can't be true must not be allocated for.
    if (count > (size - LENGTH_SIZE) / LENGTH_SIZE) {
      throw new ChainFileError(this.#file, 0, `it says ${count} blocks, and has ${size} bytes`);
    }
    const starts = new Float64Array(count + 1);
    let offset = LENGTH_SIZE;
    for (let place = 0; place < count; place++) {
      if (size - offset < LENGTH_SIZE)
        throw new ChainFileError(this.#file, offset, `it ends before the length of block ${place} of ${count}`);
      const length = this.#bytes.readUInt32LE(offset);
      starts[place] = offset + LENGTH_SIZE;
      if (length > size - offset - LENGTH_SIZE) {
        throw new ChainFileError(
          this.#file,
          offset,
          `block ${place} of ${count} has ${length} bytes, ${size - offset - LENGTH_SIZE} are left`,
        );
      }
      offset += LENGTH_SIZE + length;
    }
    if (offset !== size)
      throw new ChainFileError(this.#file, offset, `${size - offset} bytes are left over after the last block`);
    starts[count] = offset + LENGTH_SIZE;
    return starts;
  }
}
