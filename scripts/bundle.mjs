// The second half of `npm run build`: makes the few files in dist/bundle/ out of the hundreds that TypeScript wrote to
// dist/. docs/decisions/0015-bundle.md says why, and what is in them.
import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const compiled = join(root, 'dist');
const bundled = join(compiled, 'bundle');

/** Packages of which the bundle has what is used of them; every other is imported as before. */
const BUNDLED = ['zod'];

const bundle = await rolldown({
  cwd: root,
  input: {
    index: join(compiled, 'index.js'),
    testing: join(compiled, 'testing/index.js'),
    main: join(compiled, 'main.js'),
  },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id) && !BUNDLED.some((name) => isOf(name, id)),
  plugins: [{ name: 'compiled', load: (id) => (id.startsWith(compiled + sep) ? loadCompiled(id) : undefined) }],
});
const { output } = await bundle.write({
  dir: bundled,
  format: 'esm',
  cleanDir: true,
  keepNames: true, // errors, logs and Nest's messages show names of classes
  comments: { jsdoc: false },
  sourcemap: true,
});
await bundle.close();
writeFileSync(join(bundled, 'THIRD-PARTY-NOTICES.txt'), notices());

function isOf(name, id) {
  return id === name || id.startsWith(`${name}/`);
}

/** A module that finds files beside itself where it was, wherever its code goes, and whose map leads to the TypeScript. */
function loadCompiled(path) {
  const place = JSON.stringify(relative(bundled, path).replaceAll(sep, '/'));
  return {
    code: readFileSync(path, 'utf8').replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
    map: readFileSync(`${path}.map`, 'utf8'),
  };
}

/** The licences of what is bundled: they ask to be kept with it. */
function notices() {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const texts = BUNDLED.map((name) => {
    const folder = join(root, 'node_modules', name);
    if (!modules.some((id) => id.startsWith(folder + sep))) throw new Error(`nothing of ${name} is bundled`);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
  });
  return ['Parts of the files in this folder are from:\n', ...texts].join('\n');
}
