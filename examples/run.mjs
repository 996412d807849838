// Runs every example against the embedded local network and checks what it prints. `npm run examples` compiles them first.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'nestjs-neo-peer-examples-'));
const node = spawn(
  process.execPath,
  [join(root, 'dist/main.js'), 'run', '--json', '--db', join(folder, 'node.sqlite')],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);

/** Each example with what its output must contain. */
const examples = [
  [
    'request-headers',
    ['ready: ', 'handler: 2000 headers', 'answer: 2000 headers, 1 to 2000', 'statistics: in headers 1'],
  ],
  ['override-in-tests', ['fake was told of 1 headers', 'the request got 1 header']],
  ['serve-headers', ['guarded: getheaders', 'header 3 0x', 'listener: 3 headers']],
];

async function addressOfLocalPeer() {
  for await (const line of createInterface({ input: node.stdout })) {
    const { event, address } = JSON.parse(line);
    if (event === 'listening') return address;
  }
  throw new Error('the local network ended before it listened');
}

try {
  const address = await addressOfLocalPeer();
  node.stdout.resume();
  for (const [name, expected] of examples) {
    const output = execFileSync(process.execPath, [join(root, 'examples/dist', name, 'main.js'), address], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
    });
    const missing = expected.filter((text) => !output.includes(text));
    if (missing.length > 0) throw new Error(`${name} did not print ${JSON.stringify(missing)}:\n${output}`);
    console.log(`ok: examples/${name}`);
  }
} finally {
  const gone = once(node, 'exit');
  node.kill('SIGINT');
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
