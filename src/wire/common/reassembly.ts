const NOTHING = new Uint8Array(0);

/**
 * The bytes of one frame that has not arrived whole, in memory of its own, so that no chunk is kept alive for the few
 * bytes of it that belong to the frame.
 *
 * The memory follows what has arrived, not what was claimed: it doubles each time it is full, up to the claimed size, so
 * it is at most twice the bytes held, and each byte is copied at most three times.
 *
 * @internal
 */
export class Reassembly {
  #bytes: Uint8Array = NOTHING;
  #length = 0;

  /** The memory; only the first {@link length} bytes mean anything. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Bytes that have arrived. */
  get length(): number {
    return this.#length;
  }

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /**
   * Adds `size` bytes of the chunk, which the frame has room for.
   *
   * @param claimed size of the whole frame, as far as known
   */
  append(chunk: Uint8Array, at: number, size: number, claimed: number): void {
    const needed = this.#length + size;
    if (needed > this.#bytes.length) this.#grow(Math.min(Math.max(needed, this.#bytes.length * 2), claimed));
    this.#bytes.set(size === chunk.length ? chunk : chunk.subarray(at, at + size), this.#length);
    this.#length = needed;
  }

  #grow(capacity: number): void {
    const grown = Buffer.allocUnsafeSlow(capacity);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
