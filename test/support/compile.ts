import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles sources for a child process, to which Jest's transformer can't be given: a folder below `node_modules`, so that
 * packages are found, with the same layout as the repository. The caller removes it.
 *
 * @param paths folders and files of the repository
 */
export async function compile(...paths: string[]): Promise<string> {
  const cache = join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const out = await mkdtemp(join(cache, 'neo-peer-'));
  await writeFile(join(out, 'package.json'), '{"type":"module"}');
  for (const path of paths) {
    for (const file of await typescriptFiles(join(ROOT, path))) {
      const target = join(out, relative(ROOT, file)).replace(/\.ts$/, '.js');
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, await compiled(file));
    }
  }
  return out;
}

async function typescriptFiles(path: string): Promise<string[]> {
  if (path.endsWith('.ts')) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries.filter((entry) => entry.endsWith('.ts')).map((entry) => join(path, entry));
}

async function compiled(file: string): Promise<string> {
  const { code } = await transformFile(file, {
    swcrc: false,
    configFile: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  });
  return code;
}
