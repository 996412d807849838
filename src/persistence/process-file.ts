import { open, rename, rm, writeFile } from 'node:fs/promises';
import type { DataSourceOptions } from 'typeorm';
import { systemCodeOf } from '../environment/system-error.js';
import { isSupportedDatabase } from './data-source.options.js';
import { storeError } from './driver-errors.js';
import { isRunning, thisProcess, type ProcessIdentity } from './running-process.js';
import { StoreError } from './store.error.js';

/** What is read at most of a file, in bytes: two numbers are shorter, and somebody else's file may be of any size. */
const MOST_READ_BYTES = 64;

/** The number of the process; then, where the system tells it, the clock tick of its start. A line each. */
const CONTENT = /^(\d{1,10})\n(?:(\d{1,20})\n)?$/;

/** The largest number that a process can have. 0 and negative ones mean groups of processes. */
const MAX_PID = 2 ** 31 - 1;

/**
 * Tells whoever looks which process uses a SQLite database: the file `<database>.pid` with its number. It keeps nobody from
 * anything, and a process that was killed leaves it behind; so the process it names counts only as long as it runs, and where
 * the system tells (Linux) only if it started when that one did: numbers are used again, after a reboot nearly at once.
 *
 * One for each process and database.
 *
 * @internal
 */
export class ProcessFile {
  readonly #database: string;
  readonly #path: string;

  /** @param database path of a SQLite file */
  constructor(database: string) {
    this.#database = database;
    this.#path = ProcessFile.pathOf(database);
  }

  /**
   * That of a data source; undefined where there is no file to put one beside: databases in memory, servers, URIs.
   *
   * @param options `false`: no data source at all
   */
  static beside(options: DataSourceOptions | false): ProcessFile | undefined {
    if (options === false || !isSupportedDatabase(options.type) || options.type === 'postgres') return undefined;
    const { database } = options;
    return typeof database === 'string' && isPath(database) ? new ProcessFile(database) : undefined;
  }

  /** The file's path. */
  static pathOf(database: string): string {
    return `${database}.pid`;
  }

  /**
   * The process that uses a database now, which may be this one.
   *
   * @returns undefined if there is none: also where the file is missing or isn't one of ours
   * @throws StoreError when the file can't be read
   */
  static async runningPid(database: string): Promise<number | undefined> {
    if (!isPath(database)) return undefined;
    const found = await read(ProcessFile.pathOf(database));
    return found !== undefined && (await isRunning(found)) ? found.pid : undefined;
  }

  /**
   * Writes that this process uses the database, unless another one that runs has written so. No lock: of two that begin in the
   * same moment the later one's stays.
   *
   * @returns the number of that other process; undefined if the file is ours now
   * @throws StoreError when the file can't be read or written
   */
  async claim(): Promise<number | undefined> {
    const running = await ProcessFile.runningPid(this.#database);
    if (running !== undefined && running !== process.pid) return running;
    const { pid, startTicks } = await thisProcess();
    const unnoticed = `${this.#path}.${pid}`; // others see all of the file or nothing
    try {
      await writeFile(unnoticed, startTicks === undefined ? `${pid}\n` : `${pid}\n${startTicks}\n`, { mode: 0o644 });
      await rename(unnoticed, this.#path);
      return undefined;
    } catch (error) {
      await rm(unnoticed, { force: true }).catch(() => undefined); // the first error is the one to report
      throw failed(this.#path, 'written', error);
    }
  }

  /**
   * Removes the file if it is ours.
   *
   * @throws StoreError when it can't be read or removed
   */
  async release(): Promise<void> {
    if ((await ProcessFile.runningPid(this.#database)) !== process.pid) return;
    try {
      await rm(this.#path, { force: true });
    } catch (error) {
      throw failed(this.#path, 'removed', error);
    }
  }
}

/** `''` and `:memory:` are databases without a file; the drivers may read `file:` as a URI. */
function isPath(database: string): boolean {
  return database !== '' && database !== ':memory:' && !database.startsWith('file:');
}

async function read(path: string): Promise<ProcessIdentity | undefined> {
  let text: string;
  try {
    text = await beginningOf(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw failed(path, 'read', error);
  }
  const [, pid, startTicks] = CONTENT.exec(text) ?? [];
  const found = Number(pid);
  return found >= 1 && found <= MAX_PID ? { pid: found, startTicks } : undefined;
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_READ_BYTES), 0, MOST_READ_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function failed(path: string, verb: string, error: unknown): StoreError {
  const reported = error instanceof Error ? error.message : String(error);
  const detail = `this file tells which process uses the database, and it can't be ${verb}; check its rights and its folder's`;
  return new StoreError(path, storeError(path, error, 'open').problem, `${detail} (${reported})`, { cause: error });
}
