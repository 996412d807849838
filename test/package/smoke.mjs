// Packs the library, installs the tarball in an empty folder as a user would, and uses it from there: imported,
// required, type-checked both ways, and as a command. Needs the registry; run by CI.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const folder = mkdtempSync(join(tmpdir(), 'nestjs-neo-peer-'));

const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const versionOf = (name) => locked[`node_modules/${name}`].version;
const write = (name, text) => writeFileSync(join(folder, name), text);

const usage = `
class Headers extends HeaderHandler {
  handle() {}
}
async function main() {
  const module = PeerModule.forRoot({ network: 'legacy-privnet', persistence: { dataSource: false }, behaviours: [Headers] });
  const application = await NestFactory.createApplicationContext(module, { logger: false });
  const listener = await application.get(PeerFactory).listen({ host: '127.0.0.1', port: 0 });
  const peer = await application.get(PeerFactory).dial(listener.address).catch((error) => error.reason);
  await application.close();
  console.log(peer);
}
void main();
`;
const names = { '@nestjs/core': 'NestFactory', 'nestjs-neo-peer': 'HeaderHandler, PeerFactory, PeerModule' };
const imported = Object.entries(names).map(([from, what]) => `import { ${what} } from '${from}';`);
const required = Object.entries(names).map(([from, what]) => `const { ${what} } = require('${from}');`);

const decode = ['decode', '--network', 'legacy-mainnet', '416e740076657261636b000000000000000000005df6e0e2'];
const chain = `
import { RecordedChain } from './node_modules/nestjs-neo-peer/dist/node/recorded-chain.js';
console.log((await RecordedChain.shipped('legacy')).height);
`;

/** What the code reads is there, and nothing that a user has no use for. */
function checkFiles(installed) {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
  const assets = readdirSync(join(root, 'src'), { recursive: true }).filter((file) => /\.(json|chain)$/.test(file));
  const missing = ['LICENSE', 'README.md', ...assets.map((file) => join('dist', file))].filter(
    (f) => !files.includes(f),
  );
  if (missing.length > 0) throw new Error(`not in the package: ${missing.join(', ')}`);
  const wanted = /^(LICENSE|README\.md|package\.json|dist\/.*\.(js|js\.map|d\.ts|json|chain))$/;
  const junk = files.filter((file) => !wanted.test(file) || /\.spec\.|tsbuildinfo/.test(file));
  if (junk.length > 0) throw new Error(`does not belong into the package: ${junk.join(', ')}`);
  const dangling = files
    .filter((file) => file.endsWith('.map'))
    .filter((file) => JSON.parse(readFileSync(join(installed, file), 'utf8')).sourcesContent === undefined);
  if (dangling.length > 0) throw new Error(`source maps without their sources: ${dangling.join(', ')}`);
  console.log(`ok: ${files.length} files, ${assets.length} of them data`);
}

try {
  const tarball = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root).trim();
  write('package.json', JSON.stringify({ name: 'a-user', private: true, version: '0.0.0' }));
  const peers = Object.keys(peerDependencies).map((name) => `${name}@${versionOf(name)}`);
  const types = ['typescript', '@types/node']
    .filter((name) => name in devDependencies)
    .map((name) => `${name}@${versionOf(name)}`);
  run('npm', [
    'install',
    '--silent',
    '--ignore-scripts',
    '--prefer-offline',
    join(folder, tarball.split('\n').at(-1)),
    ...peers,
    ...types,
  ]);

  checkFiles(join(folder, 'node_modules', 'nestjs-neo-peer'));
  write('esm.mjs', [`import 'reflect-metadata';`, ...imported, usage].join('\n'));
  write('cjs.cjs', [`require('reflect-metadata');`, ...required, usage].join('\n'));
  write(
    'testing.mjs',
    `import { VirtualClock } from 'nestjs-neo-peer/testing';\nconsole.log(typeof new VirtualClock().now());`,
  );
  write('chain.mjs', chain);
  const typed = `import 'reflect-metadata';\n${imported.join('\n')}\nimport { VirtualClock } from 'nestjs-neo-peer/testing';
export const clock: number = new VirtualClock().now();\nexport const module = PeerModule.forRoot({ network: 'legacy-mainnet' });
export { HeaderHandler, NestFactory, PeerFactory };\n`;
  write('esm.mts', typed);
  write('cjs.cts', typed);

  const checks = [
    ['imports', run('node', ['esm.mjs']), 'self-connection'],
    ['is required', run('node', ['cjs.cjs']), 'self-connection'],
    ['has its testing entry point', run('node', ['testing.mjs']), 'number'],
    ['has its recorded chain', run('node', ['chain.mjs']), '6000'],
    ['decodes', JSON.parse(run('npx', ['--no-install', 'neo-peer', ...decode])).command, 'verack'],
    ['has a command', run('npx', ['--no-install', 'neo-peer', '--version']), locked[''].version],
  ];
  run('npx', [
    '--no-install',
    'tsc',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
    'esm.mts',
    'cjs.cts',
  ]);
  console.log('ok: type-checks from ESM and from CommonJS');
  for (const [what, output, expected] of checks) {
    if (output.trim() !== expected) throw new Error(`${what}: expected ${expected}, got ${output}`);
    console.log(`ok: ${what}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
