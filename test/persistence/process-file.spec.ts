import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSourceOptions } from 'typeorm';
import { ProcessFile } from '../../src/persistence/process-file.js';
import { isRunning, thisProcess } from '../../src/persistence/running-process.js';
import { StoreError } from '../../src/persistence/store.error.js';
import { failure } from '../support/failure.js';
import { TestFolder } from '../support/folder.js';

/** Not more than the largest number of a process, and no process's. */
const NOBODY = 2 ** 31 - 2;

/** A user and another one, neither of them root. */
const [SOMEBODY, SOMEBODY_ELSE] = [65_534, 65_533];
const IS_ROOT = process.geteuid?.() === 0;

/** Linux does. */
const TELLS_STARTS = existsSync('/proc/self/stat');

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** The file as that process would have written it. */
async function writtenBy(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const startTicks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return startTicks === undefined ? `${pid}\n` : `${pid}\n${startTicks}\n`;
}

/** Does something as somebody to whom file modes and other people's processes mean something: to root they don't. */
async function unprivileged<T>(something: () => Promise<T>): Promise<T> {
  if (!IS_ROOT) return something();
  process.seteuid!(SOMEBODY);
  try {
    return await something();
  } finally {
    process.seteuid!(0);
  }
}

/** What Linux tells of a process, with a name that is hard to read over. */
const statOf = (state: string, startTicks: number): string =>
  `4711 (a (name) with) brackets) ${state} ${'0 '.repeat(18)}${startTicks} 0 0\n`;

describe('the file that tells which process uses a database', () => {
  let folder: TestFolder;
  let database: string;
  let path: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await TestFolder.create();
    database = folder.file('peers.sqlite');
    path = ProcessFile.pathOf(database);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await ended(child);
    await folder.remove();
  });

  /** A process that does nothing until it is ended. */
  async function idle(options: { readonly uid?: number } = {}): Promise<ChildProcess & { readonly pid: number }> {
    const script = "process.stdout.write('.'); setInterval(() => {}, 1e9)";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], ...options });
    children.push(child);
    await once(child.stdout, 'data');
    return child as ChildProcess & { readonly pid: number };
  }

  it('lies beside the database', () => {
    expect(path).toBe(`${database}.pid`);
  });

  it('names this process once it is claimed, and is gone when it is released', async () => {
    const file = new ProcessFile(database);
    expect(await ProcessFile.runningPid(database)).toBeUndefined();
    expect(await file.claim()).toBeUndefined();
    expect(await ProcessFile.runningPid(database)).toBe(process.pid);
    expect((await readFile(path, 'utf8')).split('\n')[0]).toBe(String(process.pid));
    expect(await readdir(folder.path)).toEqual(['peers.sqlite.pid']);
    await file.release();
    expect(await readdir(folder.path)).toEqual([]);
    await file.release();
  });

  it('can be claimed again by the process that has it', async () => {
    expect(await new ProcessFile(database).claim()).toBeUndefined();
    expect(await new ProcessFile(database).claim()).toBeUndefined();
    expect(await ProcessFile.runningPid(database)).toBe(process.pid);
  });

  it('is left to another process that runs, which is named', async () => {
    const other = await idle();
    const content = await writtenBy(other.pid);
    await writeFile(path, content);
    const file = new ProcessFile(database);
    expect(await ProcessFile.runningPid(database)).toBe(other.pid);
    expect(await file.claim()).toBe(other.pid);
    await file.release();
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite.pid']);
  });

  it('is taken over when the process that left it behind was killed', async () => {
    const other = await idle();
    await writeFile(path, await writtenBy(other.pid));
    await ended(other);
    expect(await ProcessFile.runningPid(database)).toBeUndefined();
    expect(await new ProcessFile(database).claim()).toBeUndefined();
    expect(await ProcessFile.runningPid(database)).toBe(process.pid);
  });

  (TELLS_STARTS ? describe : describe.skip)('where the system tells when a process started', () => {
    it('does not count when its number belongs to a process that started at another time', async () => {
      const other = await idle();
      await writeFile(path, `${other.pid}\n1\n`);
      expect(await ProcessFile.runningPid(database)).toBeUndefined();
      expect(await new ProcessFile(database).claim()).toBeUndefined();
    });

    it('does not count when its number is by chance that of this process', async () => {
      await writeFile(path, `${process.pid}\n1\n`);
      expect(await ProcessFile.runningPid(database)).toBeUndefined();
      await new ProcessFile(database).release();
      expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n1\n`);
      expect(await new ProcessFile(database).claim()).toBeUndefined();
      expect(await ProcessFile.runningPid(database)).toBe(process.pid);
    });
  });

  it('goes by the number alone where no start was written', async () => {
    const other = await idle();
    await writeFile(path, `${other.pid}\n`);
    expect(await ProcessFile.runningPid(database)).toBe(other.pid);
    await ended(other);
    expect(await ProcessFile.runningPid(database)).toBeUndefined();
  });

  it('counts a process of another user as running', async () => {
    await chmod(folder.path, 0o755);
    const pid = IS_ROOT ? (await idle({ uid: SOMEBODY_ELSE })).pid : 1;
    await writeFile(path, `${pid}\n`);
    expect(await unprivileged(() => ProcessFile.runningPid(database))).toBe(pid);
  });

  it.each([
    ['is empty', ''],
    ['has no number', 'nobody\n'],
    ['has more in a line', '1 2\n'],
    ['has a group of processes: 0', '0\n'],
    ['has a group of processes: negative', '-1\n'],
    ['has a number that no process can have', `${2 ** 31}\n`],
    ['has a number of many digits', `${'9'.repeat(400)}\n`],
    ['was cut off', String(process.pid)],
    ['was cut off in the second line', `${process.pid}\n12`],
    ['has a third line', `${process.pid}\n1\n2\n`],
    ['is no text', Buffer.from([0xff, 0, 0xfe, 10])],
    ['is large', Buffer.alloc(1_000_000, '1')],
    ['names nobody', `${NOBODY}\n`],
  ])('counts for nothing where it %s', async (_what, content) => {
    await writeFile(path, content);
    expect(await ProcessFile.runningPid(database)).toBeUndefined();
    expect(await new ProcessFile(database).claim()).toBeUndefined();
    expect(await ProcessFile.runningPid(database)).toBe(process.pid);
  });

  it('says what is wrong when it can not be read or written, and leaves nothing behind', async () => {
    const nowhere = new ProcessFile(folder.file('missing/peers.sqlite'));
    expect(await failure(nowhere.claim())).toMatchObject({
      problem: 'open',
      database: folder.file('missing/peers.sqlite.pid'),
    });
    await nowhere.release();
    await mkdir(path);
    const error = await failure(new ProcessFile(database).claim());
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).toContain("can't be read");
    expect(await failure(ProcessFile.runningPid(database))).toBeInstanceOf(StoreError);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite.pid']);
  });

  it('says so when it can not be removed', async () => {
    const file = new ProcessFile(database);
    await file.claim();
    await chmod(folder.path, 0o555);
    const error = await unprivileged(() => failure(file.release()));
    await chmod(folder.path, 0o755);
    expect(error).toMatchObject({ code: 'NEO_PEER_STORE', problem: 'open' });
    expect((error as StoreError).message).toContain("can't be removed");
    expect(await ProcessFile.runningPid(database)).toBe(process.pid);
  });

  describe('is put beside', () => {
    it.each([
      ['a SQLite file', { type: 'sqlite', database: 'a/b.sqlite' }, true],
      ['a file of the other driver', { type: 'better-sqlite3', database: 'a/b.sqlite' }, true],
      ['no database in memory', { type: 'sqlite', database: ':memory:' }, false],
      ['no temporary database', { type: 'sqlite', database: '' }, false],
      ['no URI', { type: 'sqlite', database: 'file:a.sqlite?mode=memory' }, false],
      ['no server', { type: 'postgres', database: 'peers' }, false],
      ['no database that we do not know', { type: 'mysql', database: 'peers' }, false],
      ['nothing where there is no data source', false, false],
    ])('%s', (_what, options, expected) => {
      expect(ProcessFile.beside(options as DataSourceOptions | false) !== undefined).toBe(expected);
    });

    it('a database of which only the path is known', async () => {
      await ProcessFile.beside({ type: 'better-sqlite3', database })!.claim();
      expect(await ProcessFile.runningPid(database)).toBe(process.pid);
      for (const none of ['', ':memory:', 'file:x']) expect(await ProcessFile.runningPid(none)).toBeUndefined();
    });
  });

  describe('a process', () => {
    it.each([
      ['runs when the system tells the same start', statOf('S', 77), '77', true],
      ['runs when its start was not written', statOf('R', 77), undefined, true],
      ['is another when it started at another time', statOf('S', 78), '77', false],
      ['has ended when its parent only has to ask for the result', statOf('Z', 77), '77', false],
      ['runs when the system does not tell', undefined, '77', true],
      ['runs when the system tells something else', 'nothing of use', '77', true],
    ])('%s', async (_what, content, startTicks, expected) => {
      const proc = folder.file('proc');
      await mkdir(`${proc}/${process.pid}`, { recursive: true });
      if (content !== undefined) await writeFile(`${proc}/${process.pid}/stat`, content);
      expect(await isRunning({ pid: process.pid, startTicks }, proc)).toBe(expected);
    });

    it('knows its start only where the system tells', async () => {
      expect(await thisProcess(folder.file('proc'))).toEqual({ pid: process.pid, startTicks: undefined });
    });
  });
});
