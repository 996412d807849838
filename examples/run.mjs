// Runs every example against the embedded local networks and checks what it prints. `npm run examples` compiles them first.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'nestjs-neo-peer-examples-'));

/** Each example with the dialects of the nodes it is given, and what its output must contain. */
const examples = [
  [
    'request-headers',
    ['legacy'],
    ['ready: ', 'handler: 2000 headers', 'answer: 2000 headers, 1 to 2000', 'statistics: in headers 1'],
  ],
  ['override-in-tests', [], ['fake was told of 1 headers', 'the request got 1 header']],
  ['serve-headers', [], ['guarded: getheaders', 'header 3 0x', 'listener: 3 headers']],
  [
    'two-networks',
    ['legacy', 'n3'],
    [
      'legacy-local: 20 headers verified, up to 20',
      'n3-local: 20 headers verified, up to 20',
      'legacy-local: block 1 with',
      'proposed by validator',
    ],
  ],
];

/** A node that runs the embedded local network of a dialect. */
function startNode(dialect) {
  const file = join(folder, `${dialect}.sqlite`);
  const options = ['run', '--local', dialect, '--json', '--db', file];
  return spawn(process.execPath, [join(root, 'dist/bundle/main.js'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function addressOfLocalPeer(node) {
  for await (const line of createInterface({ input: node.stdout })) {
    const { event, address } = JSON.parse(line);
    if (event !== 'listening') continue;
    node.stdout.resume();
    return address;
  }
  throw new Error('the local network ended before it listened');
}

async function stop(node) {
  const gone = once(node, 'exit');
  node.kill('SIGINT');
  await gone;
}

const nodes = { legacy: startNode('legacy'), n3: startNode('n3') };
try {
  const addresses = { legacy: await addressOfLocalPeer(nodes.legacy), n3: await addressOfLocalPeer(nodes.n3) };
  for (const [name, dialects, expected] of examples) {
    const given = dialects.map((dialect) => addresses[dialect]);
    const output = execFileSync(process.execPath, [join(root, 'examples/dist', name, 'main.js'), ...given], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
    });
    const missing = expected.filter((text) => !output.includes(text));
    if (missing.length > 0) throw new Error(`${name} did not print ${JSON.stringify(missing)}:\n${output}`);
    console.log(`ok: examples/${name}`);
  }
} finally {
  await Promise.all(Object.values(nodes).map(stop));
  rmSync(folder, { recursive: true, force: true });
}
