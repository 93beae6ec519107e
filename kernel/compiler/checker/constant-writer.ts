/**
 * Writes the enums of a cell: the constant values of members, and uses of const enum members.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { beginsStatement } from "./cell-syntax";

/** Writes the constants of one cell. */
export class ConstantWriter {
  readonly #text: MagicString;
  readonly #checker: ts.TypeChecker;
  readonly #visit: (node: ts.Node) => void;

  /** @param visit Writes an expression. */
  constructor(
    text: MagicString,
    checker: ts.TypeChecker,
    visit: (node: ts.Node) => void,
  ) {
    this.#text = text;
    this.#checker = checker;
    this.#visit = visit;
  }

  /**
   * Rewrites `enum E { A = Other.B, C }` as `enum E { A = 10, C = 11 }`; computed members are
   * unchanged.
   */
  writeMembers({ members }: ts.EnumDeclaration): void {
    for (const member of members) {
      const value = this.#checker.getConstantValue(member);
      const { initializer } = member;
      if (value === undefined) {
        if (initializer) this.#visit(initializer);
      } else if (initializer) {
        const start = initializer.getStart();
        this.#text.overwrite(start, initializer.end, literal(value));
      } else {
        this.#text.appendLeft(member.end, ` = ${literal(value)}`);
      }
    }
  }

  /**
   * Replaces a use of a const enum member, such as `Direction.Up`, with its value. Returns whether
   * the node was one.
   */
  writeUse(node: ts.Node): boolean {
    if (
      !ts.isPropertyAccessExpression(node) &&
      !ts.isElementAccessExpression(node)
    ) {
      return false;
    }
    const value = this.#checker.getConstantValue(node);
    if (value === undefined) return false;
    const start = node.getStart();
    const isBare = typeof value === "string" || /^\d+$/.test(literal(value));
    // `1.toFixed()` is a syntax error.
    const needsBrackets = !isBare || isTarget(node);
    const text = needsBrackets ? `(${literal(value)})` : literal(value);
    this.#text.overwrite(start, node.end, text);
    if (needsBrackets && beginsStatement(node)) {
      // The line before may end without a semicolon.
      this.#text.appendRight(start, ";");
    }
    return true;
  }
}

/** Whether a node is the object of a property access or the callee of a call. */
function isTarget(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) ||
      ts.isElementAccessExpression(parent) ||
      ts.isCallExpression(parent)) &&
    parent.expression === node
  );
}

function literal(value: string | number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : `${value}`;
  // TypeScript evaluates these, even if the cell redeclares `NaN` or `Infinity`.
  return Number.isNaN(value) ? "0 / 0" : `${value > 0 ? "" : "-"}1 / 0`;
}
