/**
 * What is known of a name in a cell.
 */
import { relative } from "node:path";
import ts from "typescript";
import type { Inspection } from "../compiler";
import { documentation, signature } from "../quick-info";
import type { CellProgram } from "./cell-program";
import { readDocComments } from "./doc-comments";
import { inner } from "./inner-typescript";
import { stringAt } from "./string-place";

/**
 * What is known of the name at the offset, or else of what is called around it; undefined if there is nothing to tell.
 *
 * Editors ask for the called function by the cursor behind its bracket: JupyterLab does at Shift-Tab.
 */
export function inspect(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): Inspection | undefined {
  const string = stringAt(cell, offset);
  const file = string && inspectModule(program, string.literal);
  if (file !== undefined) return file;
  const node = inner(ts).getTouchingPropertyName(cell, offset);
  const isAtName =
    isName(node) && node.getStart(cell) <= offset && offset <= node.end;
  if (isAtName) return inspectName(program, cell, node);
  if (isInComment(cell, offset)) return undefined;
  const called = calledName(cell, offset);
  return called && inspectName(program, cell, called);
}

function inspectName(
  { checker }: CellProgram,
  cell: ts.SourceFile,
  node: ts.Identifier | ts.PrivateIdentifier,
): Inspection | undefined {
  const symbol = checker.getSymbolAtLocation(node);
  if (symbol === undefined || isUnresolved(symbol, checker)) return undefined;
  readDocComments(symbol, checker);
  const place = ts.findAncestor(node.parent, ts.isFunctionLike) ?? cell;
  const display = inner(
    ts,
  ).SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
    checker,
    symbol,
    cell,
    place,
    node,
  );
  const info = {
    displayParts: display.displayParts,
    ...(isDocumented(display)
      ? display
      : documentationOfFunction(checker.getTypeAtLocation(node), checker)),
  };
  const shown = signature(info);
  if (shown === "" || shown === "any") return undefined;
  const source = sourceOf(symbol, checker);
  return {
    signature: shown,
    documentation: documentation(info),
    ...(source === undefined ? {} : { source }),
  };
}

/** What a doc comment says. */
interface DocComment {
  readonly documentation: ts.SymbolDisplayPart[];
  readonly tags?: ts.JSDocTagInfo[] | undefined;
}

function isDocumented({ documentation: text, tags = [] }: DocComment): boolean {
  return text.length > 0 || tags.length > 0;
}

/** A variable that holds a function may say nothing itself: `const conv2d: typeof conv2d_` in TensorFlow.js. */
function documentationOfFunction(
  type: ts.Type,
  checker: ts.TypeChecker,
): DocComment {
  const [call] = type.getCallSignatures();
  return {
    documentation: call?.getDocumentationComment(checker) ?? [],
    tags: call?.getJsDocTags() ?? [],
  };
}

/** The file that the name of a module leads to. */
function inspectModule(
  { checker, files }: CellProgram,
  literal: ts.StringLiteralLike,
): Inspection | undefined {
  const symbol = checker.getSymbolAtLocation(literal);
  const declaration = symbol?.declarations?.[0];
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Module) || !declaration) {
    return undefined;
  }
  const { fileName } = declaration.getSourceFile();
  return {
    signature: `module ${JSON.stringify(literal.text)}`,
    documentation: `\`${relative(files.getCurrentDirectory(), fileName)}\``,
  };
}

/** The name of what is called, by the innermost call between whose brackets the offset lies. */
function calledName(
  cell: ts.SourceFile,
  offset: number,
): ts.Identifier | ts.PrivateIdentifier | undefined {
  // To the parser, a call that nobody has closed yet ends before the spaces that the cursor may stand behind.
  const place = cell.text.slice(0, offset).trimEnd().length;
  let found: ts.CallExpression | ts.NewExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > place || node.end < place) return;
    // A statement in a function that is an argument is no longer of the call.
    if (ts.isBlock(node) && node.getStart(cell) < place) found = undefined;
    if (
      (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
      isBetweenBrackets(node, cell.text, place)
    ) {
      found = node;
    }
    ts.forEachChild(node, visit);
  };
  visit(cell);
  const callee = found?.expression;
  if (callee === undefined) return undefined;
  if (ts.isPropertyAccessExpression(callee)) return callee.name;
  return ts.isIdentifier(callee) ? callee : undefined;
}

function isBetweenBrackets(
  { arguments: values, end }: ts.CallExpression | ts.NewExpression,
  text: string,
  place: number,
): boolean {
  if (values === undefined || place < values.pos) return false;
  return place < end || !text.slice(values.end, end).includes(")");
}

function isInComment(cell: ts.SourceFile, offset: number): boolean {
  // Comments lie before the token that follows them.
  let token: ts.Node = cell;
  for (let next: ts.Node | undefined = cell; next;) {
    token = next;
    next = token
      .getChildren(cell)
      .filter(({ pos, end }) => pos <= offset && offset <= end)
      .at(-1);
  }
  return [
    ...(ts.getLeadingCommentRanges(cell.text, token.pos) ?? []),
    ...(ts.getTrailingCommentRanges(cell.text, token.pos) ?? []),
  ].some(({ pos, end }) => pos < offset && offset <= end);
}

function isName(node: ts.Node): node is ts.Identifier | ts.PrivateIdentifier {
  return ts.isIdentifier(node) || ts.isPrivateIdentifier(node);
}

/** Whether a name is imported from where it cannot be found. */
function isUnresolved(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (!(symbol.flags & ts.SymbolFlags.Alias)) return false;
  const target = checker.getAliasedSymbol(symbol);
  return target.escapedName === "unknown" && !target.declarations;
}

/** The text that declares a symbol; undefined where that is only a declaration of types. */
function sourceOf(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): string | undefined {
  const target =
    symbol.flags & ts.SymbolFlags.Alias
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const declaration = target.declarations?.[0];
  if (!declaration || declaration.getSourceFile().isDeclarationFile) {
    return undefined;
  }
  if (ts.isSourceFile(declaration)) return undefined;
  // A variable's declaration is only `a = 1`; its statement says `const`.
  return (
    ts.findAncestor(declaration, ts.isVariableStatement) ?? declaration
  ).getText();
}
