import ts from 'typescript';

/** One exported name as a user of the package sees it. */
export interface ExportedDeclaration {
  readonly name: string;
  /** Its declaration without comments and bodies. */
  readonly text: string;
  readonly documented: boolean;
}

const configOf = (): ts.CompilerOptions => {
  const { config } = ts.readConfigFile('tsconfig.build.json', (path) => ts.sys.readFile(path)) as { config: object };
  return ts.parseJsonConfigFileContent(config, ts.sys, process.cwd()).options;
};

/** The declarations behind every export of an entry point, sorted by name. */
export function exportedDeclarations(entryPoint: string): ExportedDeclaration[] {
  const program = ts.createProgram([entryPoint], { ...configOf(), noEmit: false, emitDeclarationOnly: true });
  const emitted = emitDeclarations(program);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entryPoint);
  if (source === undefined) throw new Error(`no such entry point: ${entryPoint}`);
  const moduleSymbol = checker.getSymbolAtLocation(source);
  if (moduleSymbol === undefined) throw new Error(`not a module: ${entryPoint}`);
  return checker
    .getExportsOfModule(moduleSymbol)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .map((symbol, i) => ({
      name: checker.getExportsOfModule(moduleSymbol)[i]!.name,
      text: declarationText(symbol, emitted),
      documented: symbol.getDocumentationComment(checker).length > 0,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function emitDeclarations(program: ts.Program): ReadonlyMap<string, ts.SourceFile> {
  const files = new Map<string, ts.SourceFile>();
  program.emit(undefined, (_path, text, _bom, _error, sources) => {
    const source = sources?.[0];
    if (source === undefined) return;
    files.set(source.fileName, ts.createSourceFile(source.fileName, text, ts.ScriptTarget.Latest, true));
  });
  return files;
}

function declarationText(symbol: ts.Symbol, emitted: ReadonlyMap<string, ts.SourceFile>): string {
  const printer = ts.createPrinter({ removeComments: true });
  const texts = (symbol.declarations ?? []).flatMap((declaration) => {
    const file = emitted.get(declaration.getSourceFile().fileName);
    if (file === undefined) return [];
    if (ts.isSourceFile(declaration))
      return [`// namespace over ${declaration.fileName.replace(/^.*\/src\//, 'src/')}`];
    return file.statements
      .filter((statement) => declares(statement, symbol.name))
      .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, file));
  });
  return [...new Set(texts)].join('\n');
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declaration) => declaration.name.getText() === name);
  }
  const declaration = statement as ts.Statement & { readonly name?: ts.Node };
  return declaration.name?.getText() === name;
}
