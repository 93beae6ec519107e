/**
 * Provides information about a name in a cell.
 */
import { relative } from "node:path";
import ts from "typescript";
import type { Inspection } from "../compiler";
import { documentation, signature } from "../quick-info";
import type { CellProgram } from "./cell-program";
import { readDocComments } from "./doc-comments";
import { internals } from "./internal-typescript";
import { stringAt } from "./string-place";

/**
 * Returns information about the name at the offset, or else about the function whose call surrounds
 * it; undefined if nothing is known.
 *
 * Editors request the called function with the cursor after its bracket: JupyterLab does so on
 * Shift-Tab.
 */
export function inspect(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): Inspection | undefined {
  const string = stringAt(cell, offset);
  const file = string && inspectModule(program, string.literal);
  if (file !== undefined) return file;
  const node = internals(ts).getTouchingPropertyName(cell, offset);
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
  const display = internals(
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

/** The content of a doc comment. */
interface DocComment {
  readonly documentation: ts.SymbolDisplayPart[];
  readonly tags?: ts.JSDocTagInfo[] | undefined;
}

function isDocumented({ documentation: text, tags = [] }: DocComment): boolean {
  return text.length > 0 || tags.length > 0;
}

/**
 * Returns the documentation of a function type. A variable that holds a function may have none
 * itself, such as `const add: typeof add_`.
 */
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

/** Returns information about the file that a module specifier resolves to. */
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

/** Returns the name of the callee of the innermost call whose brackets contain the offset. */
export function calledName(
  cell: ts.SourceFile,
  offset: number,
): ts.Identifier | ts.PrivateIdentifier | undefined {
  // The parser ends an unclosed call before trailing white space, which the cursor may follow.
  const place = cell.text.slice(0, offset).trimEnd().length;
  let found: ts.CallExpression | ts.NewExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > place || node.end < place) return;
    // A statement inside a function argument does not belong to the call.
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

/** Whether an offset is in a comment. */
export function isInComment(cell: ts.SourceFile, offset: number): boolean {
  // Comments precede the next token.
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

/** Whether a symbol is an import that cannot be resolved. */
function isUnresolved(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (!(symbol.flags & ts.SymbolFlags.Alias)) return false;
  const target = checker.getAliasedSymbol(symbol);
  return target.escapedName === "unknown" && !target.declarations;
}

/** Returns the text of the declaration of a symbol; undefined if it is in a declaration file. */
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
  // The declaration of a variable is only `a = 1`; its statement includes `const`.
  return (
    ts.findAncestor(declaration, ts.isVariableStatement) ?? declaration
  ).getText();
}
