// Builds when the build is missing, not whole (it was interrupted), or older than its sources: what `npm start` does
// before it starts.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const settings = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle.mjs'];
const bundled = ['index.js', 'testing.js', 'main.js', 'THIRD-PARTY-NOTICES.txt'];

/** When a file was changed; -Infinity where there is none. */
function changedAt(...path) {
  return statSync(join(root, ...path), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}

function isBuilt() {
  const settingsAt = Math.max(...settings.map((file) => changedAt(file)));
  const bundledAt = Math.min(...bundled.map((file) => changedAt('dist/bundle', file)));
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length))
    .every((file) => {
      const compiledAt = changedAt('dist', file.replace(/\.ts$/, '.js'));
      return compiledAt >= Math.max(changedAt('src', file), settingsAt) && bundledAt >= compiledAt;
    });
}

if (!isBuilt()) {
  console.error('building…');
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  for (const step of [[nest, 'build'], [join(root, 'scripts', 'bundle.mjs')]]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, step, { cwd: root, encoding: 'utf8' });
    if (status === 0) continue;
    process.stderr.write(stdout + stderr);
    process.exitCode = status ?? 1;
    break;
  }
}
