import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { ChainFileError } from './chain-file.error.js';
import { LENGTH_SIZE } from './chain-file.js';

/**
 * Writes what `ChainFile` reads: a u32 LE count, then for each block a u32 LE length and its bytes. Until it is finished it
 * stands beside its place under another name, so that there is never half a file; one that was there before is replaced.
 *
 * @internal
 */
export class ChainFileWriter {
  readonly #file: string;
  readonly #part: string;
  readonly #handle: FileHandle;
  #blocks = 0;
  #bytes = LENGTH_SIZE;

  private constructor(file: string, part: string, handle: FileHandle) {
    this.#file = file;
    this.#part = part;
    this.#handle = handle;
  }

  /** @throws ChainFileError when nothing can be written there */
  static async create(file: string): Promise<ChainFileWriter> {
    await refuseOthers(file);
    const part = `${file}.${process.pid}.part`;
    const handle = await attempt(file, 0, open(part, 'w'));
    const writer = new ChainFileWriter(file, part, handle);
    try {
      await writer.#writeCount(); // its place; what it is shows in the end
    } catch (error) {
      await writer.discard();
      throw error;
    }
    return writer;
  }

  /** @throws ChainFileError */
  async append(block: Uint8Array): Promise<void> {
    const length = Buffer.allocUnsafe(LENGTH_SIZE);
    length.writeUInt32LE(block.length);
    await attempt(this.#file, this.#bytes, this.#write([length, block], this.#bytes));
    this.#blocks++;
    this.#bytes += LENGTH_SIZE + block.length;
  }

  /**
   * Puts the file in its place.
   *
   * @returns how many blocks, and the size of the file
   * @throws ChainFileError
   */
  async finish(): Promise<{ readonly blocks: number; readonly bytes: number }> {
    await this.#writeCount();
    await attempt(this.#file, 0, this.#handle.sync());
    await this.#handle.close();
    await attempt(this.#file, 0, rename(this.#part, this.#file));
    return { blocks: this.#blocks, bytes: this.#bytes };
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined); // what counts is that it is gone
    await rm(this.#part, { force: true });
  }

  async #writeCount(): Promise<void> {
    const count = Buffer.allocUnsafe(LENGTH_SIZE);
    count.writeUInt32LE(this.#blocks);
    await attempt(this.#file, 0, this.#write([count], 0));
  }

  /** The system may take less than it was given. */
  async #write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    let at = position;
    for (const buffer of buffers) {
      for (let written = 0; written < buffer.length;) {
        const { bytesWritten } = await this.#handle.write(buffer, written, buffer.length - written, at);
        written += bytesWritten;
        at += bytesWritten;
      }
    }
  }
}

/** A device or a folder must not be replaced by a file. */
async function refuseOthers(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined); // that it can't be looked at will show
  if (found !== undefined && !found.isFile()) {
    throw new ChainFileError(file, 0, "it can't be written (it is there, and no file)");
  }
}

async function attempt<T>(file: string, offset: number, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    throw new ChainFileError(file, offset, `it can't be written (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
