/**
 * Parses cells into source files.
 */
import { join } from "node:path";
import ts from "typescript";
import type { CellModule } from "./cell-modules";
import { internals, internalFile } from "./internal-typescript";
import { walk } from "../project/walk";

/** The default options for checking cells and reading the files that they import. */
export const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  // As in a bundler: the `exports` of packages are respected, and file extensions may be omitted.
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  // Deprecated options of a project must not be an error.
  ignoreDeprecations: "6.0",
  strict: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  jsx: ts.JsxEmit.React,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  noEmit: true,
};

const ownFiles = new WeakSet<ts.SourceFile>();

/** Whether a file was created by this module, for a cell or for its scope. */
export function isOwnFile(file: ts.SourceFile): boolean {
  return ownFiles.has(file);
}

/**
 * Parses and binds a text as a file in a folder.
 *
 * @param folder The folder.
 * @param name A unique name.
 * @param text The text.
 * @param hasNodeResolution Whether its imports are resolved as in Node rather than as in a bundler.
 */
export function createFile(
  folder: string,
  name: string,
  text: string,
  hasNodeResolution = false,
): ts.SourceFile {
  const file = parse(folder, name, text);
  if (hasNodeResolution) file.impliedNodeFormat = ts.ModuleKind.ESNext;
  const inside = internalFile(file);
  inside.path = inside.resolvedPath = inside.originalFileName = file.fileName;
  inside.moduleAugmentations = file.statements
    .filter(ts.isModuleDeclaration)
    .filter(isAugmentation)
    .map((declaration) => declaration.name);
  inside.ambientModuleNames = [];
  inside.imports = [];
  internals(ts).bindSourceFile(file, compilerOptions);
  ownFiles.add(file);
  return file;
}

/** Parses a text as TypeScript, or as TypeScript with JSX if only that succeeds. */
function parse(folder: string, name: string, text: string): ts.SourceFile {
  const plain = parseAs(ts.ScriptKind.TS, join(folder, `__${name}__.ts`), text);
  if (
    internalFile(plain).parseDiagnostics.length === 0 ||
    !/<[\w>]/.test(text)
  ) {
    return plain;
  }
  const path = join(folder, `__${name}__.tsx`);
  const withTags = parseAs(ts.ScriptKind.TSX, path, text);
  return internalFile(withTags).parseDiagnostics.length === 0
    ? withTags
    : plain;
}

function parseAs(kind: ts.ScriptKind, path: string, text: string) {
  return ts.createSourceFile(
    path,
    text,
    {
      languageVersion: ts.ScriptTarget.ES2022,
      setExternalModuleIndicator: (file) => {
        internalFile(file).externalModuleIndicator ??= file;
      },
      jsDocParsingMode: ts.JSDocParsingMode.ParseAll,
    },
    true,
    kind,
  );
}

/** Matches `declare global { … }` and `declare module "…" { … }`. */
function isAugmentation(declaration: ts.ModuleDeclaration): boolean {
  return (
    ts.isStringLiteral(declaration.name) ||
    (declaration.flags & ts.NodeFlags.GlobalAugmentation) !== 0
  );
}

/** Returns the modules that a cell imports, by any form of import. */
export function cellModules(file: ts.SourceFile): CellModule[] {
  const modules = new Map<string, CellModule>();
  const look = (node: ts.Node): boolean => {
    const name = moduleNameOf(node);
    if (name !== undefined && ts.isStringLiteralLike(name)) {
      const isRequired = ts.isExternalModuleReference(node);
      const mode = isRequired ? "require" : "import";
      modules.set(`${mode}:${name.text}`, { name: name.text, mode });
    }
    return true;
  };
  // Most cells import nothing and need no search.
  if (/\b(import|export|require)\b/.test(file.text)) walk(ts, file, look);
  return [...modules.values()];
}

function moduleNameOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return node.moduleSpecifier;
  }
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument)
      ? node.argument.literal
      : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require");
  return loads ? node.arguments[0] : undefined;
}
