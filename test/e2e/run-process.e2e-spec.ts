import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { cli } from '../support/cli.js';
import { compile } from '../support/compile.js';
import { TestFolder } from '../support/folder.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Files that the sources need beside them. */
const ASSETS = ['src/config/seeds', 'src/node/chains', 'package.json'];

type Child = ChildProcessByStdio<null, Readable, Readable>;

jest.setTimeout(60_000);

let compiled: string;
let folder: TestFolder;
let child: Child | undefined;

beforeAll(async () => {
  compiled = await compile('src');
  for (const asset of ASSETS) await cp(join(ROOT, asset), join(compiled, asset), { recursive: true });
}, 60_000);

afterAll(() => rm(compiled, { recursive: true }));

beforeEach(async () => {
  folder = await TestFolder.create();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await folder.remove();
});

/** Starts the program as its own process, as `neo-peer` does. */
function start(...argv: string[]): Child {
  child = spawn(process.execPath, [join(compiled, 'src', 'main.js'), ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}

/** Resolves when the output has that text, with all of it. */
async function outputWith(stream: Readable, wanted: string): Promise<string> {
  let output = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    if (output.includes(wanted)) return output;
  }
  throw new Error(`the output ended without ${wanted}: ${output}`);
}

describe('the neo-peer process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('saves what it knows and exits with 0 on %s', async (signal) => {
    const database = folder.file('peers.sqlite');
    const { stdout, stderr } = start('run', '--json', '--db', database);
    const errors = text(stderr);
    await outputWith(stdout, '"event":"synced"');
    const exited = once(child!, 'exit');
    child!.kill(signal);
    child!.kill(signal); // as npm does, which hands on what the terminal has sent to both
    const rest = await text(stdout);
    expect(await exited).toEqual([0, null]);
    expect(await errors).toBe('');
    expect(rest.trim().split('\n').at(-1)).toContain('"event":"summary"');
    const { stdout: rows } = await cli(['peers', '--db', database, '--json']);
    expect(rows.objects).toHaveLength(3);
  });

  it.each([
    ['legacy', '6000 blocks (6003 transactions'],
    ['n3', '50 blocks (99 transactions'],
  ])('is kept alive by nothing once it is done, on %s', async (dialect, summary) => {
    const { stdout } = start('run', '--local', dialect, '--exit', '--db', folder.file('peers.sqlite'));
    const exited = once(child!, 'exit');
    expect(await text(stdout)).toContain(summary);
    expect(await exited).toEqual([0, null]);
  });

  it('waits for its next dial even where nothing else is open', async () => {
    const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const address = `127.0.0.1:${(rude.address() as AddressInfo).port}`;
    start('run', '--network', 'legacy-local', '--connect', address, '--db', folder.file('peers.sqlite'));
    const exited = once(child!, 'exit');
    for (let dials = 0; dials < 3; dials++) await once(rude, 'connection');
    child!.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    rude.close();
  });

  it('dials many nodes at once, and says nothing but which it could not reach', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const hosts = Array.from({ length: 12 }, (_, i) => ['--connect', `127.0.0.${i + 1}:${port}`]);
    const argv = ['run', '--network', 'legacy-local', ...hosts.flat(), '--db', folder.file('peers.sqlite')];
    const { stderr } = start(...argv);
    const lines = (await outputWith(stderr, 'dialled again and again\n')).trim().split('\n');
    expect(lines.filter((line) => !line.startsWith("warning: can't connect to 127."))).toEqual([]);
    silent.close();
  });

  it('says which process it is to a second node on its database, and to commands on its bans', async () => {
    const database = folder.file('peers.sqlite');
    const { pid, stdout } = start(
      'run',
      '--network',
      'n3-local',
      '--connect',
      '127.0.0.1:9',
      '--json',
      '--db',
      database,
    );
    await outputWith(stdout, '"event":"pool"');
    expect((await readFile(`${database}.pid`, 'utf8')).split('\n', 1)).toEqual([String(pid)]);
    const commands = [
      ['run', '--exit'],
      ['run', '--network', 'n3-testnet'],
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
      ['bans'],
    ];
    for (const command of commands) {
      const refused = await cli([...command, '--json', '--db', database]);
      expect(refused.code).toBe(1);
      expect(refused.stdout.text).toBe('');
      expect(refused.stderr.objects).toEqual([
        { error: { code: 'NEO_PEER_NODE_RUNNING', message: expect.stringContaining(`process ${pid}`), database, pid } },
      ]);
      const plain = await cli([...command, '--db', database]);
      expect(plain.stderr.lines).toEqual([expect.stringMatching(`^error: NEO_PEER_NODE_RUNNING: .*process ${pid};`)]);
    }
    expect((await cli(['peers', '--db', database])).code).toBe(0);
    const exited = once(child!, 'exit');
    child!.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite']);
    expect((await cli(['ban', '192.0.2.1', '--db', database])).code).toBe(0);
  });

  it('locks nobody out when it was killed', async () => {
    const database = folder.file('peers.sqlite');
    const argv = ['run', '--network', 'n3-local', '--connect', '127.0.0.1:9', '--json', '--db', database];
    const { pid, stdout } = start(...argv);
    await outputWith(stdout, '"event":"pool"');
    const killed = once(child!, 'exit');
    child!.kill('SIGKILL');
    await killed;
    expect(await readFile(`${database}.pid`, 'utf8')).toContain(String(pid));
    expect((await cli(['ban', '192.0.2.1', '--network', 'n3-local', '--db', database])).code).toBe(0);
    const { stdout: again } = start(...argv);
    const output = await outputWith(again, '"event":"pool"');
    expect(output).toContain('"bans":1');
    expect(await readFile(`${database}.pid`, 'utf8')).toContain(String(child!.pid));
    const exited = once(child!, 'exit');
    child!.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite']);
  });

  it('takes its number away where the start fails', async () => {
    const database = folder.file('peers.sqlite');
    await writeFile(database, 'this is no database');
    start('run', '--network', 'n3-local', '--connect', '127.0.0.1:9', '--db', database);
    expect(await once(child!, 'exit')).toEqual([1, null]);
    expect(await readdir(folder.path)).toEqual(['peers.sqlite']);
  });

  it('exits with 2 on wrong usage and with 1 on a failure, without a stack', async () => {
    for (const [argv, code] of [
      [['run', '--connect', '127.0.0.1:1'], 2],
      [['peers', '--db', folder.file('none')], 1],
    ] as const) {
      const { stderr } = start(...argv);
      const exited = once(child!, 'exit');
      const lines = (await text(stderr)).split('\n');
      expect(await exited).toEqual([code, null]);
      expect(lines).toEqual([expect.stringMatching(/^error: NEO_PEER_/), '']);
    }
  });

  it('can be run by its name, as an installed command is', async () => {
    const source = await readFile(join(ROOT, 'src', 'main.ts'), 'utf8');
    expect(source.split('\n', 1)).toEqual(['#!/usr/bin/env node']);
  });
});
