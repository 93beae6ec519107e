/**
 * The function around a cell's JavaScript: its parameters, which no name in the cell is like, and what is done before the cell begins.
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
import { innerFile } from "./inner-typescript";

/** A name that `eval` in a cell may use, and where its value lies. */
export interface VisibleName {
  readonly name: string;
  readonly slot: string;
  /** Whether it cannot be given another value. */
  readonly isConstant: boolean;
}

/** Writes the function around one cell. */
export class CellWrapper {
  /** The name of the object that has the variables of all cells. */
  readonly cells: string;
  /** The name of what `import()` and `import.meta` become. */
  readonly load: string;
  /** The name of what loops look at. */
  readonly stop: string;
  /** The name of the cell's `require`: another, if the cell declares one of its own. */
  readonly #require: string;
  readonly #isFree: (name: string) => boolean;

  /** @param file The cell; its identifiers may be written with escapes, so its text alone does not tell. */
  constructor(file: ts.SourceFile) {
    const { text } = file;
    const { identifiers, locals } = innerFile(file);
    this.#isFree = (name) => !text.includes(name) && !identifiers.has(name);
    this.cells = freeName(CELLS, this.#isFree);
    this.load = freeName(IMPORT, this.#isFree);
    this.stop = freeName(STOP, this.#isFree);
    this.#require = locals.has("require" as ts.__String)
      ? freeName(REQUIRE, this.#isFree)
      : "require";
  }

  /** A name for one of the values that are awaited before the class that needs them. */
  awaited(count: number): string {
    return freeName(`${AWAITED}${count}_`, this.#isFree);
  }

  /** The field that has a slot's value. */
  field(slot: string): string {
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(slot)
      ? `${this.cells}.${slot}`
      : `${this.cells}[${JSON.stringify(slot)}]`;
  }

  /** Lets a new slot begin with the value of an old one: a cell that fails before its declaration leaves the name its value. */
  carry(slot: string, old: string): string {
    const missing = `${JSON.stringify(slot)} in ${this.cells}`;
    return `${missing} || (${this.field(slot)} = ${this.field(old)});`;
  }

  /**
   * The whole script. The line of the function's head is one of its own, so that the columns of the rest stay as they are.
   *
   * @param body The cell.
   * @param first Statements to run first.
   * @param visible The names that `eval` in the cell may use; undefined for a cell without one.
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
    // Strict code may stand in a `with`, though it has none of its own.
    const scope = freeName(
      SCOPE,
      (name) =>
        this.#isFree(name) && visible.every((each) => each.name !== name),
    );
    return `(function (${scope}) { with (${namesObject(visible, scope)}) return ${head} ${scope}.cells = ${cells};${start}\n${body}\n}})({})`;
  }
}

/** A name that is free: the one that is wanted, or that with a number. */
function freeName(wanted: string, isFree: (name: string) => boolean): string {
  let name = wanted;
  for (let count = 1; !isFree(name); count += 1) name = `${wanted}${count}`;
  return name;
}

/** An object that has the variables of cells under their names. `scope.cells` has them under those of their slots. */
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
