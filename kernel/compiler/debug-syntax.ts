/**
 * Answers what a debugger asks about the syntax of a cell or a file: where code can stop, where an
 * exception is caught, and which names an expression finds at a position.
 *
 * Only the text is parsed. The checker is not involved, so that the answers do not depend on what
 * runs.
 */
import type * as typescript from "typescript";
import { walk } from "./project/walk";

/** A position in a text. Line and column count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A position at which code can stop. */
export interface Stop extends TextPosition {
  /** The number of the function that contains it; 0 for code outside functions. */
  readonly owner: number;
  /** Whether it is inside a statement that begins on another line. */
  readonly isInner: boolean;
}

/** A part of a text in which exceptions are caught, or one inside it in which they are not. */
export interface Guard {
  readonly start: TextPosition;
  readonly end: TextPosition;
  readonly isCaught: boolean;
}

/** What a debugger knows about a text. */
export interface DebugSyntax {
  /** In the order of the text. */
  readonly stops: readonly Stop[];
  readonly guards: readonly Guard[];
}

/** An expression of a breakpoint or a debugger's console. */
export interface DebugExpression {
  /** The expression as JavaScript. */
  readonly javascript: string;
  /** Names at the position that are declared neither by the cells nor outside functions. */
  readonly locals: readonly string[];
}

/** Where an expression is evaluated. */
export interface DebugPlace extends TextPosition {
  readonly source: string;
}

type Typescript = typeof typescript;

/** Returns where the code of a text can stop, and where exceptions are caught. */
export function debugSyntax(ts: Typescript, source: string): DebugSyntax {
  const file = parse(ts, source);
  const owners = new Map<typescript.Node, number>();
  const stops: (Stop & { offset: number })[] = [];
  const guards: Guard[] = [];
  const positionOf = (offset: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line: line + 1, column: character + 1 };
  };
  const numberOf = (owner: typescript.Node | undefined): number => {
    if (owner === undefined) return 0;
    const number = owners.get(owner) ?? owners.size + 1;
    owners.set(owner, number);
    return number;
  };
  const addStop = (
    offset: number,
    owner: typescript.Node | undefined,
    isInner = false,
  ) =>
    stops.push({
      ...positionOf(offset),
      owner: numberOf(owner),
      isInner,
      offset,
    });
  const functionOf = (node: typescript.Node) =>
    ts.findAncestor(node.parent, ts.isFunctionLike);
  const addGuard = (node: typescript.Node, isCaught: boolean) =>
    guards.push({
      start: positionOf(node.getStart(file)),
      end: positionOf(node.end),
      isCaught,
    });
  walk(ts, file, (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) {
      return false;
    }
    if (ts.isTryStatement(node) && node.catchClause) {
      addGuard(node.tryBlock, true);
    }
    if (ts.isFunctionLike(node)) {
      addGuard(node, false);
      const body = "body" in node ? node.body : undefined;
      if (body && ts.isBlock(body)) addStop(body.end - 1, node);
      else if (body) addStop(body.getStart(file), node);
    } else if (isStoppable(ts, node)) {
      addStop(node.getStart(file), functionOf(node));
    } else if (ts.isPropertyDeclaration(node) && node.initializer) {
      // The initializers of a class are a function of their own.
      addStop(node.initializer.getStart(file), node.parent);
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression)
        ? expression.name
        : expression;
      addStop(name.getStart(file), functionOf(node), true);
    }
    return true;
  });
  stops.sort((one, other) => one.offset - other.offset);
  return {
    stops: stops.map(({ line, column, owner, isInner }) => ({
      line,
      column,
      owner,
      isInner,
    })),
    guards,
  };
}

/**
 * Returns an expression as JavaScript.
 *
 * @param ts TypeScript.
 * @param expression The expression, which may contain types.
 * @param place Where it is evaluated; absent for an expression outside code.
 */
export function debugExpression(
  ts: Typescript,
  expression: string,
  place?: DebugPlace,
): DebugExpression {
  const { outputText } = ts.transpileModule(expression, {
    fileName: "expression.ts",
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
    },
  });
  const javascript = outputText
    // A `with` statement around it must remain possible.
    .replace(/^"use strict";/, "")
    .replace(/^export \{\};\s*$/m, "")
    .trim()
    .replace(/;$/, "");
  return { javascript, locals: place ? localsAt(ts, place) : [] };
}

function parse(ts: Typescript, source: string): typescript.SourceFile {
  const target = ts.ScriptTarget.ES2022;
  const file = ts.createSourceFile("cell.ts", source, target, true);
  const { parseDiagnostics } = file as typescript.SourceFile & {
    readonly parseDiagnostics: readonly unknown[];
  };
  return parseDiagnostics.length === 0
    ? file
    : ts.createSourceFile("cell.tsx", source, target, true);
}

/** Whether a node is a statement that runs code of its own. */
function isStoppable(ts: Typescript, node: typescript.Node): boolean {
  if (ts.isVariableStatement(node)) {
    return (
      !isDeclared(ts, node) &&
      node.declarationList.declarations.some((each) => each.initializer)
    );
  }
  if (ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
    return !isDeclared(ts, node);
  }
  return (
    ts.isExpressionStatement(node) ||
    ts.isIfStatement(node) ||
    ts.isIterationStatement(node, false) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isSwitchStatement(node) ||
    ts.isBreakOrContinueStatement(node) ||
    ts.isDebuggerStatement(node) ||
    ts.isExportAssignment(node)
  );
}

function isDeclared(ts: Typescript, node: typescript.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.DeclareKeyword,
    )
  );
}

/** Returns the names that are declared in the blocks and functions around a position. */
function localsAt(ts: Typescript, place: DebugPlace): readonly string[] {
  const file = parse(ts, place.source);
  const { line, column } = place;
  const offset = file.getPositionOfLineAndCharacter(line - 1, column - 1);
  const names = new Set<string>();
  const add = (name: typescript.BindingName): void => {
    if (ts.isIdentifier(name)) {
      names.add(name.text);
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) add(element.name);
    }
  };
  const addList = (list: typescript.VariableDeclarationList) =>
    list.declarations.forEach((each) => add(each.name));
  const addStatements = (statements: readonly typescript.Statement[]) => {
    for (const statement of statements) {
      if (ts.isVariableStatement(statement)) addList(statement.declarationList);
      else if (
        (ts.isFunctionDeclaration(statement) ||
          ts.isClassDeclaration(statement) ||
          ts.isEnumDeclaration(statement)) &&
        statement.name
      ) {
        names.add(statement.name.text);
      }
    }
  };
  walk(ts, file, (node) => {
    if (offset < node.pos || offset > node.end) return false;
    if (ts.isFunctionLike(node)) {
      node.parameters.forEach((parameter) => add(parameter.name));
      if (ts.isFunctionExpression(node) && node.name) names.add(node.name.text);
      addHoisted(ts, node, addList);
    } else if (ts.isBlock(node) || ts.isCaseOrDefaultClause(node)) {
      addStatements(node.statements);
    } else if (ts.isForStatement(node)) {
      const { initializer } = node;
      if (initializer && ts.isVariableDeclarationList(initializer)) {
        addList(initializer);
      }
    } else if (ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      const { initializer } = node;
      if (ts.isVariableDeclarationList(initializer)) addList(initializer);
    } else if (ts.isCatchClause(node) && node.variableDeclaration) {
      add(node.variableDeclaration.name);
    }
    return true;
  });
  return [...names];
}

/** Calls `add` with the `var` declarations of a function. */
function addHoisted(
  ts: Typescript,
  owner: typescript.Node,
  add: (list: typescript.VariableDeclarationList) => void,
): void {
  walk(ts, owner, (node) => {
    if (node !== owner && ts.isFunctionLike(node)) return false;
    if (
      ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.BlockScoped) === 0
    ) {
      add(node);
    }
    return true;
  });
}
