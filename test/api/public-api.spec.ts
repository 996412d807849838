import { describe, expect, it } from '@jest/globals';
import { exportedDeclarations } from './declarations.js';

describe.each([
  ['nestjs-neo-peer', 'src/index.ts'],
  ['nestjs-neo-peer, namespace legacy', 'src/wire/legacy/index.ts'],
  ['nestjs-neo-peer/testing', 'src/testing/index.ts'],
])('the public API of %s', (_name, entryPoint) => {
  const declarations = exportedDeclarations(entryPoint);

  it('changes only on purpose', () => {
    expect(declarations.map(({ name, text }) => `// ${name}\n${text}`).join('\n\n')).toMatchSnapshot();
  });

  it('is documented throughout', () => {
    expect(
      declarations
        .filter(({ documented, text }) => !documented && !text.startsWith('// namespace'))
        .map(({ name }) => name),
    ).toEqual([]);
  });
});
