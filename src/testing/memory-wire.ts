/** What travels: bytes, or that no more will come (`end`), or that the connection is void (`reset`). */
export type Segment = Uint8Array | 'end' | 'reset';

/** One direction of a link in a `MemoryNetwork`: delivers in order, each segment once it has travelled long enough. */
export class MemoryWire {
  readonly #onTheWay: Segment[] = [];
  readonly #afterLatency: (run: () => void) => void;
  readonly #cut: () => boolean;
  readonly #deliver: (segment: Segment) => void;
  #arrived = 0; // how many, from the front, have travelled long enough
  #delivering = false;

  /**
   * @param afterLatency runs something once the network's latency has passed, in the order of the calls
   * @param cut whether nothing gets through at present
   */
  constructor(afterLatency: (run: () => void) => void, cut: () => boolean, deliver: (segment: Segment) => void) {
    this.#afterLatency = afterLatency;
    this.#cut = cut;
    this.#deliver = deliver;
  }

  send(segment: Segment): void {
    this.#onTheWay.push(segment);
    this.#afterLatency(() => {
      this.#arrived++;
      this.flush();
    });
  }

  /** Delivers what has arrived, unless the wire is cut: then it stays until this is called after the repair. */
  flush(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#arrived > 0 && !this.#cut()) {
        this.#arrived--;
        this.#deliver(this.#onTheWay.shift()!);
      }
    } finally {
      this.#delivering = false;
    }
  }
}
