/**
 * A cell as a parsed file.
 */
import { join } from "node:path";
import ts from "typescript";
import type { CellModule } from "./cell-modules";
import { inner, innerFile } from "./inner-typescript";
import { walk } from "../project/walk";

/** How cells are checked and files that they import are read. */
export const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  // As a bundler does: the `exports` of packages count, and file names need no ending.
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  // A project's options for older versions of TypeScript are no reason to stop.
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

/** Whether a file was made here, for a cell or for the scope that it sees. */
export function isOwnFile(file: ts.SourceFile): boolean {
  return ownFiles.has(file);
}

/**
 * Parses and binds a text that stands in a folder.
 *
 * @param folder The folder.
 * @param name A name that no other such file has.
 * @param text The text.
 * @param isNodes Whether its imports are understood as Node does it, and not as a bundler.
 */
export function createFile(
  folder: string,
  name: string,
  text: string,
  isNodes = false,
): ts.SourceFile {
  const file = parse(folder, name, text);
  if (isNodes) file.impliedNodeFormat = ts.ModuleKind.ESNext;
  const inside = innerFile(file);
  inside.path = inside.resolvedPath = inside.originalFileName = file.fileName;
  inside.moduleAugmentations = file.statements
    .filter(ts.isModuleDeclaration)
    .filter(isAugmentation)
    .map((declaration) => declaration.name);
  inside.ambientModuleNames = [];
  inside.imports = [];
  inner(ts).bindSourceFile(file, compilerOptions);
  ownFiles.add(file);
  return file;
}

/** As TypeScript; as TypeScript with JSX if it is nothing else. */
function parse(folder: string, name: string, text: string): ts.SourceFile {
  const plain = parseAs(ts.ScriptKind.TS, join(folder, `__${name}__.ts`), text);
  if (innerFile(plain).parseDiagnostics.length === 0 || !/<[\w>]/.test(text)) {
    return plain;
  }
  const path = join(folder, `__${name}__.tsx`);
  const withTags = parseAs(ts.ScriptKind.TSX, path, text);
  return innerFile(withTags).parseDiagnostics.length === 0 ? withTags : plain;
}

function parseAs(kind: ts.ScriptKind, path: string, text: string) {
  return ts.createSourceFile(
    path,
    text,
    {
      languageVersion: ts.ScriptTarget.ES2022,
      setExternalModuleIndicator: (file) => {
        innerFile(file).externalModuleIndicator ??= file;
      },
      jsDocParsingMode: ts.JSDocParsingMode.ParseAll,
    },
    true,
    kind,
  );
}

/** `declare global { … }` or `declare module "…" { … }`. */
function isAugmentation(declaration: ts.ModuleDeclaration): boolean {
  return (
    ts.isStringLiteral(declaration.name) ||
    (declaration.flags & ts.NodeFlags.GlobalAugmentation) !== 0
  );
}

/** The modules that a cell asks for, by whatever form of import. */
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
  // Most cells import nothing, and need not be searched.
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
