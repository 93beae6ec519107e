/**
 * The doc comments of packages, which are read when somebody asks for one.
 *
 * Checking needs none of them, and they are an eighth of what a start-up snapshot would hold. So files are parsed without (see
 * `file-store.ts`), and a file whose comments are asked for is parsed once more and its comments are hung into the tree that is there.
 */
import ts from "typescript";
import type { DocumentedNode } from "./inner-typescript";

const isRead = new WeakSet<ts.SourceFile>();

/**
 * Reads the doc comments that TypeScript looks at when it is asked what is known of a symbol: those of its declarations, of what it
 * is an alias of, of the functions it holds, and of what its members inherit.
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

/** The types that a class or an interface names as those it extends or implements. */
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
  hang(file, ts.createSourceFile(fileName, text, options, true));
}

/** Both trees come from one text and differ in nothing but the comments. */
function hang(node: DocumentedNode, read: DocumentedNode): void {
  // TypeScript writes down an empty list for nodes that it has looked at.
  if (read.jsDoc !== undefined && !node.jsDoc?.length) {
    node.jsDoc = read.jsDoc;
    for (const comment of read.jsDoc) {
      (comment as { parent: ts.Node }).parent = node;
    }
  }
  const children = childrenOf(node);
  for (const [index, child] of childrenOf(read).entries()) {
    hang(children[index]!, child);
  }
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}
