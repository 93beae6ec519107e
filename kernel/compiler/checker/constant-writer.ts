/**
 * Enums in a cell's text: the values of members that the checker knows, and members of const enums where they are used.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { beginsStatement } from "./cell-syntax";

/** Writes the constants of one cell. */
export class ConstantWriter {
  readonly #text: MagicString;
  readonly #checker: ts.TypeChecker;
  readonly #visit: (node: ts.Node) => void;

  /** `visit` writes what is inside of an expression. */
  constructor(
    text: MagicString,
    checker: ts.TypeChecker,
    visit: (node: ts.Node) => void,
  ) {
    this.#text = text;
    this.#checker = checker;
    this.#visit = visit;
  }

  /** `enum E { A = Other.B, C }` becomes `enum E { A = 10, C = 11 }`; what is computed at run time stays. */
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

  /** `Direction.Up` of a const enum becomes its value. Whether it was such a use. */
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
    // `1.toFixed()` is no call of a number's method.
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

/** Whether something is taken out of a value, or it is called. */
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
  // TypeScript works it out, whatever the names of these are in the cell.
  return Number.isNaN(value) ? "0 / 0" : `${value > 0 ? "" : "-"}1 / 0`;
}
