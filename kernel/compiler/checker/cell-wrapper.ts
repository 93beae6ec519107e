/**
 * Generates the function around a cell's JavaScript: its parameters, whose names do not occur in
 * the cell, and the statements that run before the cell.
 */
import type * as ts from "typescript";
import {
  AWAITED,
  CELLS,
  IMPORT,
  REQUIRE,
  SCOPE,
  STOP,
} from "../../wrapper-names";
import { internalFile } from "./internal-typescript";
import { isIdentifier } from "../../identifier";

/** A name that is accessible to `eval` in a cell, with the slot of its value. */
export interface VisibleName {
  readonly name: string;
  readonly slot: string;
  /** Whether it cannot be reassigned. */
  readonly isConstant: boolean;
}

/** Generates the function around one cell. */
export class CellWrapper {
  /** The name of the object that contains the variables of all cells. */
  readonly cells: string;
  /** The name that replaces `import` in `import()` and `import.meta`. */
  readonly load: string;
  /** The name of the stop flag that loops check. */
  readonly stop: string;
  /** The name of the `require` parameter; a different one if the cell declares `require` itself. */
  readonly #require: string;
  readonly #isFree: (name: string) => boolean;

  /**
   * @param file The cell. Its identifiers may contain escapes, so that searching the text is not
   *   sufficient.
   */
  constructor(file: ts.SourceFile) {
    const { text } = file;
    const { identifiers, locals } = internalFile(file);
    this.#isFree = (name) => !text.includes(name) && !identifiers.has(name);
    this.cells = freeName(CELLS, this.#isFree);
    this.load = freeName(IMPORT, this.#isFree);
    this.stop = freeName(STOP, this.#isFree);
    this.#require = locals.has("require" as ts.__String)
      ? freeName(REQUIRE, this.#isFree)
      : "require";
  }

  /** Returns the name of a variable for an `await` expression that is hoisted out of a class. */
  awaited(count: number): string {
    return freeName(`${AWAITED}${count}_`, this.#isFree);
  }

  /** Returns the expression for the value of a slot. */
  field(slot: string): string {
    return isIdentifier(slot)
      ? `${this.cells}.${slot}`
      : `${this.cells}[${JSON.stringify(slot)}]`;
  }

  /**
   * Returns a statement that initializes a new slot with the value of an old one, so that a cell
   * that fails before its declaration keeps the previous value of the name.
   */
  carry(slot: string, old: string): string {
    const missing = `${JSON.stringify(slot)} in ${this.cells}`;
    return `${missing} || (${this.field(slot)} = ${this.field(old)});`;
  }

  /**
   * Returns the whole script. The function's head is on a separate line, so that the columns of the
   * cell do not change.
   *
   * @param body The cell's JavaScript.
   * @param first Statements to run first.
   * @param visible The names accessible to `eval` in the cell; undefined if the cell does not call
   *   it.
   */
  script(
    body: string,
    first: readonly string[],
    isAsync: boolean,
    visible: readonly VisibleName[] | undefined,
  ): string {
    const { cells, load, stop } = this;
    const kind = isAsync ? "async function" : "function";
    const head = `${kind} (${cells}, ${this.#require}, ${load}, ${stop}) { "use strict";`;
    const start = first.map((statement) => ` ${statement}`).join("");
    if (visible === undefined) return `(${head}${start}\n${body}\n})`;
    // Strict code must not contain a `with` statement but may be inside one.
    const scope = freeName(
      SCOPE,
      (name) =>
        this.#isFree(name) && visible.every((each) => each.name !== name),
    );
    return `(function (${scope}) { with (${namesObject(visible, scope)}) return ${head} ${scope}.cells = ${cells};${start}\n${body}\n}})({})`;
  }
}

/** Returns an unused name: the given one, with a number appended if necessary. */
function freeName(wanted: string, isFree: (name: string) => boolean): string {
  let name = wanted;
  for (let count = 1; !isFree(name); count += 1) name = `${wanted}${count}`;
  return name;
}

/**
 * Returns the source of an object that maps the names of variables to their values. `scope.cells`
 * contains the values by slot.
 */
function namesObject(visible: readonly VisibleName[], scope: string): string {
  const slots = visible.map(({ name, slot, isConstant }) => [
    name,
    { slot, isConstant },
  ]);
  const place = `${scope}.cells[names.get(name).slot]`;
  return [
    "((names) => new Proxy({}, {",
    "has: (_, name) => names.has(name),",
    `get: (_, name) => names.has(name) ? ${place} : undefined,`,
    "set: (_, name, value) => {",
    'if (names.get(name).isConstant) throw new TypeError("Assignment to constant variable.");',
    `${place} = value; return true; }`,
    `}))(new Map(${JSON.stringify(slots)}))`,
  ].join(" ");
}
