/**
 * Reads the doc comments of packages on demand.
 *
 * Checking does not need them, and they would make up an eighth of a start-up snapshot. Files are
 * therefore parsed without them (see `file-store.ts`). A file whose comments are needed is parsed
 * again, and its comments are attached to the existing tree.
 */
import ts from "typescript";
import type { DocumentedNode } from "./internal-typescript";

const isRead = new WeakSet<ts.SourceFile>();

/**
 * Reads the doc comments that TypeScript uses for information about a symbol: those of its
 * declarations, of the target of an alias, of the functions it holds, and of inherited members.
 */
export function readDocComments(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): void {
  const seen = new Set<ts.Symbol>();
  const visit = (next: ts.Symbol | undefined): void => {
    if (next === undefined || seen.has(next)) return;
    seen.add(next);
    if (next.flags & ts.SymbolFlags.Alias) {
      visit(checker.getAliasedSymbol(next));
    }
    for (const declaration of next.declarations ?? []) {
      readFile(declaration.getSourceFile());
      for (const type of inheritedBy(declaration.parent)) {
        visit(checker.getTypeAtLocation(type).getProperty(next.name));
      }
    }
  };
  visit(symbol);
  for (const next of [...seen]) {
    const type = checker.getTypeOfSymbol(next);
    for (const { declaration } of [
      ...type.getCallSignatures(),
      ...type.getConstructSignatures(),
    ]) {
      if (declaration) readFile(declaration.getSourceFile());
    }
  }
}

/** Returns the types that a class or an interface extends or implements. */
function inheritedBy(
  node: ts.Node | undefined,
): readonly ts.ExpressionWithTypeArguments[] {
  if (!node || !(ts.isClassLike(node) || ts.isInterfaceDeclaration(node))) {
    return [];
  }
  return node.heritageClauses?.flatMap(({ types }) => [...types]) ?? [];
}

function readFile(file: ts.SourceFile): void {
  if (isRead.has(file)) return;
  isRead.add(file);
  const { fileName, text, languageVersion } = file;
  const options = {
    languageVersion,
    jsDocParsingMode: ts.JSDocParsingMode.ParseAll,
  };
  attach(file, ts.createSourceFile(fileName, text, options, true));
}

/**
 * Attaches doc comments to a tree. Both trees come from the same text and differ only in these
 * comments.
 */
function attach(node: DocumentedNode, read: DocumentedNode): void {
  // TypeScript stores an empty list in nodes that it has visited.
  if (read.jsDoc !== undefined && !node.jsDoc?.length) {
    node.jsDoc = read.jsDoc;
    for (const comment of read.jsDoc) {
      (comment as { parent: ts.Node }).parent = node;
    }
  }
  const children = childrenOf(node);
  for (const [index, child] of childrenOf(read).entries()) {
    attach(children[index]!, child);
  }
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}
