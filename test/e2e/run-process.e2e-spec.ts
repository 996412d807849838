import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm } from 'node:fs/promises';
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
