import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FOLDER = import.meta.dirname;

/** Hash of the genesis block of the recorded NEO-ONE network of seven validators. */
export const NEO_ONE_GENESIS = '0x6b8dbaa8c36108a513cfe5d75ae9df712d8e2d98e39a9f756bc568d5faf429ad';

/** NEO-ONE's network uses MainNet's magic. */
export const NEO_ONE_MAGIC = 7630401;

/** Options that make it serve the recorded chain: genesis and blocks 1 to 2599. */
export const RECORDED_CHAIN = ['--validators', '7', '--chain', join(FOLDER, 'priv7-2600.acc')];

/** A NEO-ONE 2.7.4 full node in a process of its own. */
export class NeoOne {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: { readonly host: string; readonly port: number },
    /** What it said when it was up: its height, genesis hash, nonce, user agent. */
    readonly facts: {
      readonly height: number;
      readonly genesis: string;
      readonly nonce: number;
      readonly userAgent: string;
    },
  ) {}

  /** Starts it on a free port; another one is tried if somebody else was faster. */
  static async start(...options: string[]): Promise<NeoOne> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await NeoOne.#startOn(await freePort(), options);
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  static async #startOn(port: number, options: string[]): Promise<NeoOne> {
    const args = [
      'neo-one-node.cjs',
      '--log',
      'silent',
      '--status-every',
      '600000',
      '--port',
      String(port),
      ...options,
    ];
    const child = spawn(process.execPath, args, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      const up = / up (\{.*\})$/.exec(line)?.[1];
      if (up === undefined) continue;
      child.stdout.resume();
      return new NeoOne(child, { host: '127.0.0.1', port }, JSON.parse(up) as NeoOne['facts']);
    }
    throw new Error(`NEO-ONE did not start:\n${said.join('\n')}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
