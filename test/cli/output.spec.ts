import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { OutputClosedError } from '../../src/cli/output-closed.error.js';
import { Output } from '../../src/cli/output.js';

/** A reader that takes nothing until it is told, or breaks. */
class SlowReader extends Writable {
  readonly taken: string[] = [];
  #next: ((error?: Error) => void) | undefined;

  constructor() {
    super({ highWaterMark: 10, decodeStrings: false });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.taken.push(chunk);
    this.#next = done;
  }

  take(): void {
    this.#next?.();
  }

  fail(code: string): void {
    this.#next?.(Object.assign(new Error(code), { code }));
  }
}

describe('Output', () => {
  it('lets lines through while there is room, and makes the writer wait when there is none', async () => {
    const reader = new SlowReader();
    const output = new Output(reader);
    expect(output.line('1234')).toBeUndefined();
    const full = output.line('567890');
    let waited = false;
    const waiting = Promise.resolve(full).then(() => (waited = true));
    expect(full).toBeInstanceOf(Promise);
    await Promise.resolve();
    expect(waited).toBe(false);
    reader.take();
    reader.take();
    await waiting;
    expect(reader.taken).toEqual(['1234\n', '567890\n']);
  });

  it('tells a writer that waits, and every later one, that the reader is gone', async () => {
    const reader = new SlowReader();
    const output = new Output(reader);
    const waiting = output.line('a line longer than the buffer');
    reader.fail('EPIPE');
    await expect(waiting).rejects.toBeInstanceOf(OutputClosedError);
    expect(output.closed.aborted).toBe(true);
    expect(() => output.line('more')).toThrow(OutputClosedError);
    await expect(output.flush()).rejects.toBeInstanceOf(OutputClosedError);
    expect(() => output.post('ignored')).not.toThrow();
  });

  it('does not mistake a full disk for a reader that is gone', async () => {
    const reader = new SlowReader();
    const output = new Output(reader);
    const waiting = output.line('a line longer than the buffer');
    reader.fail('ENOSPC');
    await expect(waiting).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('waits in flush until everything is taken', async () => {
    const reader = new SlowReader();
    const output = new Output(reader);
    output.post('x');
    let flushed = false;
    const flushing = output.flush().then(() => (flushed = true));
    await Promise.resolve();
    expect(flushed).toBe(false);
    reader.take();
    reader.take();
    await new Promise((resolve) => process.nextTick(resolve));
    reader.take();
    await flushing;
  });
});
