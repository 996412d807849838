import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { TestFolder } from '../support/folder.js';

/** A file that may not say that. */
const WRONG: readonly (readonly [file: string, source: string])[] = [
  ...[
    '@nestjs/common',
    'rxjs',
    'typeorm',
    'zod',
    'net',
    'node:net',
    'node:tls',
    'node:dns',
    'node:fs/promises',
    'node:stream',
    'node:timers/promises',
  ].flatMap((specifier) =>
    ['primitives/a', 'common/a', 'legacy/a', 'n3/a', 'a'].map((file) => imports(`wire/${file}`, specifier)),
  ),
  imports('wire/primitives/a', '../common/block.js'),
  imports('wire/primitives/a', '../legacy/block.js'),
  imports('wire/primitives/a', '../messages.js'),
  imports('wire/primitives/a', '../../environment/clock.js'),
  imports('wire/common/a', '../legacy/block.js'),
  imports('wire/common/a', '../n3/block.js'),
  imports('wire/common/a', '../messages.js'),
  imports('wire/common/a', '../../environment/clock.js'),
  imports('wire/legacy/a', '../n3/block.js'),
  imports('wire/legacy/a', '../messages.js'),
  imports('wire/legacy/a', '../../environment/clock.js'),
  imports('wire/legacy/a', '../../config/networks.js'),
  imports('wire/n3/a', '../legacy/block.js'),
  imports('wire/n3/a', '../messages.js'),
  imports('wire/n3/a', '../../config/networks.js'),
  imports('wire/primitives/a', '../n3/block.js'),
  imports('wire/a', '../environment/clock.js'),
  imports('wire/a', '../index.js'),
  imports('environment/a', '../config/defaults.js'),
  imports('environment/system-a', '../config/defaults.js'),
  imports('environment/a', '../peer.module.js'),
  imports('config/a', '../persistence/peer-record.js'),
  imports('config/a', '../index.js'),
  imports('persistence/a', '../peer/peer.js'),
  imports('persistence/migrations/a', '../../peer/peer.js'),
  imports('persistence/a', '../peer-module.options.js'),
  imports('peer/a', '../pool/address-book.js'),
  imports('peer/a', '../node/dialler.js'),
  imports('peer/a', '../testing/virtual-clock.js'),
  imports('peer/requests/a', '../../cli/table.js'),
  imports('peer/a', '../peer-module.providers.js'),
  imports('pool/a', '../node/dialler.js'),
  imports('pool/book/a', '../../peer.module.js'),
  imports('pool/a', '../testing/virtual-clock.js'),
  imports('peer.module', './node/dialler.js'),
  imports('peer-module.providers', './node/dialler.js'),
  imports('index', './testing/index.js'),
  imports('index', './cli/run-cli.js'),
  imports('testing/a', '../node/dialler.js'),
  imports('testing/a', '../cli/table.js'),
  imports('node/a', '../testing/virtual-clock.js'),
  imports('node/serving/a', '../../cli/table.js'),
  imports('cli/a', '../testing/virtual-clock.js'),
  imports('cli/run/a', '../../testing/index.js'),
  imports('main', './testing/index.js'),
  imports('peer/a', 'node:timers'),
  imports('peer/a', 'node:timers/promises'),
  imports('cli/a', 'node:perf_hooks'),
  ...[
    'Date.now()',
    'Math.random()',
    'setTimeout(() => 1, 1)',
    'setInterval(() => 1, 1)',
    'setImmediate(() => 1)',
    'performance.now()',
    'globalThis.setTimeout(() => 1, 1)',
    'process.hrtime()',
  ].flatMap((call): [string, string][] => ['wire/a', 'peer/a', 'cli/a'].map((file) => [`${file}.ts`, says(call)])),
];

function imports(file: string, specifier: string): [string, string] {
  return [`${file}.ts`, `import { a } from '${specifier}';\nexport const b = a;\n`];
}

function says(call: string): string {
  return `export const a = ${call};\n`;
}

interface Finding {
  readonly code: string;
  readonly filename: string;
}

/** One file a row: the row's number is in its name, but for `main.ts`, which is a room by its name. */
function fileOf(file: string, row: number): string {
  return join('src', file === 'main.ts' ? file : file.replace(/\.ts$/, `${row}.ts`));
}

/** Files in which each an import or a clock was refused. */
async function refused(folder: TestFolder): Promise<Set<string>> {
  const oxlint = join(process.cwd(), 'node_modules/oxlint/bin/oxlint');
  const { stdout } = await promisify(execFile)(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder.path,
    maxBuffer: 1 << 26,
  }).catch((failed: { stdout: string }) => failed); // it exits with 1 where it finds something
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Finding[] };
  return new Set(diagnostics.filter(({ code }) => code.includes('no-restricted-')).map(({ filename }) => filename));
}

describe('lint', () => {
  let folder: TestFolder;
  let found: Set<string>;

  beforeAll(async () => {
    folder = await TestFolder.create();
    const config = JSON.parse(await readFile('.oxlintrc.json', 'utf8')) as object;
    await writeFile(folder.file('.oxlintrc.json'), JSON.stringify({ ...config, options: {} })); // no types are needed
    for (const [row, [file, source]] of WRONG.entries()) {
      const path = folder.file(fileOf(file, row));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, source);
    }
    found = await refused(folder);
  }, 60_000);

  afterAll(() => folder.remove());

  it.each(WRONG.map(([file, source], row) => [file, source.split('\n', 1)[0]!, row] as const))(
    'refuses in src/%s: %s',
    (file, _source, row) => {
      expect(found).toContain(fileOf(file, row));
    },
  );
});
