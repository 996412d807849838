import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every block of TypeScript in the documentation, as a file beside the sources that doesn't exist on disk. */
const blocks = new Map(
  pages.flatMap((page) =>
    Array.from(readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms), (match, i) => {
      const name = resolve('test/docs', `${page.replaceAll(/\W/g, '-')}-${i + 1}.ts`);
      return [name, { page, text: `${match[1]}\nexport {};\n` }] as const;
    }),
  ),
);

function problemsOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start, messageText }) => {
      const { line } = source!.getLineAndCharacterOfPosition(start ?? 0);
      return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    },
  );
}

function programOverBlocks(): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const own: ts.CompilerOptions = {
    ...options,
    noUnusedLocals: false,
    paths: {
      'nestjs-neo-peer': [resolve('src/index.ts')],
      'nestjs-neo-peer/testing': [resolve('src/testing/index.ts')],
    },
  };
  const host = ts.createCompilerHost(own);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => blocks.has(name) || fileExists(name);
  host.readFile = (name) => blocks.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const block = blocks.get(name);
    if (block === undefined) return getSourceFile(name, languageVersion, ...rest);
    return ts.createSourceFile(name, block.text, languageVersion);
  };
  return ts.createProgram([...blocks.keys()], own, host);
}

describe('the TypeScript blocks of the documentation', () => {
  const program = programOverBlocks();

  it('are found', () => {
    expect(blocks.size).toBeGreaterThan(10);
  });

  it.each([...blocks].map(([file, { page }]) => [page, file]))('compile: %s', (_page, file) => {
    expect(problemsOf(program, file)).toEqual([]);
  });
});

describe('the links of the documentation', () => {
  it.each(pages)('lead somewhere: %s', (page) => {
    const targets = Array.from(readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g), (match) => match[1]!);
    const folder = page.startsWith('docs/') ? 'docs' : '.';
    const missing = targets.filter(
      (target) => !ts.sys.fileExists(resolve(folder, target)) && !ts.sys.directoryExists(resolve(folder, target)),
    );
    expect(missing).toEqual([]);
  });
});
