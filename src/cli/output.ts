import { OutputClosedError } from './output-closed.error.js';
import type { Terminal } from './surroundings.js';

/** System error codes that mean: the reader went away. */
const READER_GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/**
 * Writes lines as fast as the reader takes them, and tells when the reader is gone. A file that can't be written (full
 * disk) is an error like any other.
 *
 * @internal
 */
export class Output {
  readonly #closed = new AbortController();
  #failure: Error | undefined;
  #draining: Promise<void> | undefined;

  constructor(readonly stream: Terminal) {
    // Both stay for as long as the process does: without a listener, a late EPIPE would end it.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(READER_GONE.has(error.code ?? '') ? new OutputClosedError({ cause: error }) : error);
    });
    stream.on('close', () => this.#fail(new OutputClosedError()));
  }

  /** Aborted when nothing can be written any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /**
   * Writes a line.
   *
   * @returns undefined when more may be written at once, else a promise to wait for
   * @throws OutputClosedError (or as rejection)
   */
  line(text: string): Promise<void> | undefined {
    return this.write(`${text}\n`);
  }

  /** The same without a line's end. */
  write(text: string): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.stream.destroyed || this.stream.writableEnded) throw new OutputClosedError();
    if (this.stream.write(text)) return undefined;
    return (this.#draining ??= this.#drained().finally(() => (this.#draining = undefined)));
  }

  /** Writes a line without waiting, for what comes seldom. Does nothing when the output is closed: {@link closed} tells. */
  post(text: string): void {
    if (!this.closed.aborted && !this.stream.destroyed && !this.stream.writableEnded) this.stream.write(`${text}\n`);
  }

  /** Waits until everything was taken. @throws OutputClosedError */
  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.stream.destroyed || this.stream.writableEnded || this.stream.writableLength === 0) return;
    await this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (): void => {
        this.stream.off('drain', done);
        reject(this.#failure);
      };
      const done = (): void => {
        this.closed.removeEventListener('abort', failed);
        resolve();
      };
      if (this.#failure !== undefined) return failed();
      this.closed.addEventListener('abort', failed, { once: true });
      if (this.stream.writableNeedDrain) this.stream.once('drain', done);
      else this.stream.write('', (error) => (error ? undefined : done())); // an error comes as an event as well
    });
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#closed.abort(error);
  }
}
