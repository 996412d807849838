import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { claimDatabase, refuseRunning } from '../../src/node/database-claim.js';
import { NodeRunningError } from '../../src/node/node-running.error.js';
import { StoreError } from '../../src/persistence/store.error.js';
import { failure } from '../support/failure.js';
import { TestFolder } from '../support/folder.js';

let folder: TestFolder;
let database: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await TestFolder.create();
  database = folder.file('peers.sqlite');
});

afterEach(async () => {
  await end();
  await folder.remove();
});

async function end(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Another process, whose number stands beside the database. */
async function otherProcess(): Promise<number> {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)']);
  await once(child, 'spawn');
  await writeFile(`${database}.pid`, `${child.pid}\n`);
  return child.pid!;
}

describe('claimDatabase', () => {
  it('puts the number of this process beside the database, and takes it away again', async () => {
    const release = await claimDatabase(database);
    expect((await readFile(`${database}.pid`, 'utf8')).split('\n', 1)).toEqual([String(process.pid)]);
    await release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('makes the folder of a database that is not there yet', async () => {
    const release = await claimDatabase(folder.file('deep/down/peers.sqlite'));
    expect(await readdir(folder.file('deep/down'))).toEqual(['peers.sqlite.pid']);
    await release();
  });

  it('refuses while another process has it, and no longer once that is dead', async () => {
    const pid = await otherProcess();
    const refusal = await failure(claimDatabase(database));
    expect(refusal).toBeInstanceOf(NodeRunningError);
    expect(refusal).toMatchObject({ code: 'NEO_PEER_NODE_RUNNING', database, pid });
    expect((refusal as Error).message).toContain(`process ${pid}`);
    await end();
    const release = await claimDatabase(database);
    await release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each([':memory:', 'file:peers.sqlite'])(
    'does nothing for %s, which nobody else can open by that name',
    async (name) => {
      const release = await claimDatabase(name);
      await release();
      expect(await readdir('.')).not.toContain(`${name}.pid`);
    },
  );

  it('fails where the folder cannot be made', async () => {
    await writeFile(folder.file('file'), '');
    const refusal = await failure(claimDatabase(folder.file('file/peers.sqlite')));
    expect(refusal).toBeInstanceOf(StoreError);
    expect(refusal).toMatchObject({ problem: 'open', database: folder.file('file/peers.sqlite') });
  });
});

describe('refuseRunning', () => {
  it('does nothing unless a node runs', async () => {
    await refuseRunning(database);
    const pid = await otherProcess();
    expect(await failure(refuseRunning(database))).toMatchObject({ code: 'NEO_PEER_NODE_RUNNING', pid });
    await end();
    await refuseRunning(database);
  });
});
