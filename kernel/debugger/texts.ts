/**
 * Reads the texts of cells and files, and what the compiler knows about their syntax.
 */
import { readFileSync, statSync } from "node:fs";
import { coded } from "@convnotes/notebook/coded-error";
import type { Compiler } from "../compiler/compiler";
import type {
  DebugSyntax,
  Guard,
  Stop,
  TextPosition,
} from "../compiler/debug-syntax";
import type { CellPaths } from "./cell-paths";

/** The texts that a user debugs. */
export class Texts {
  readonly #compiler: Compiler;
  readonly #cellPaths: CellPaths;
  /** The syntax of texts by path, with the text that it is of. */
  readonly #syntax = new Map<
    string,
    { readonly text: string; readonly found: Promise<DebugSyntax> }
  >();

  constructor(compiler: Compiler, cellPaths: CellPaths) {
    this.#compiler = compiler;
    this.#cellPaths = cellPaths;
  }

  /** Returns whether a path is that of a cell. */
  isCell(path: string): boolean {
    return path.startsWith(this.#cellPaths.prefix);
  }

  /** Returns a text; undefined if there is neither such a cell nor such a file. */
  read(path: string): string | undefined {
    if (this.isCell(path)) return this.#cellPaths.source(path);
    try {
      return statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
    } catch {
      return undefined;
    }
  }

  /** Returns the syntax of a text; undefined if it cannot be read. */
  async syntax(path: string): Promise<DebugSyntax | undefined> {
    const text = this.read(path);
    if (text === undefined) return undefined;
    const known = this.#syntax.get(path);
    if (known?.text === text) return known.found;
    const found = this.#compiler.debugSyntax(text);
    this.#syntax.set(path, { text, found });
    return found;
  }

  /** Returns the local names at a position. */
  async locals(path: string, place: TextPosition): Promise<readonly string[]> {
    const source = this.read(path) ?? "";
    const { line, column } = place;
    const { locals } = await this.#compiler.debugExpression("", {
      source,
      line,
      column,
    });
    return locals;
  }

  /** Returns TypeScript as JavaScript. */
  async javascript(code: string): Promise<string> {
    return (await this.#compiler.debugExpression(code)).javascript;
  }

  /** Returns whether the user's code catches an exception that is thrown at a position. */
  async catches(path: string, place: TextPosition): Promise<boolean> {
    const { guards = [] } = (await this.syntax(path)) ?? {};
    // The last one that contains the position is the innermost.
    const around = guards.filter((guard) => contains(guard, place));
    return around.at(-1)?.isCaught ?? false;
  }

  /** Creates the error for a value that a client should not have sent. */
  invalid(rule: string, received: string): Error {
    return coded(
      "ERR_INVALID_VALUE",
      new Error(`Expected ${rule}, received "${received}".`),
    );
  }
}

/**
 * Returns where a breakpoint on a line stops: in each function that has code on the line, or on the
 * next line with code; nowhere if there is none.
 */
export function stopsOnLine(
  { stops }: DebugSyntax,
  line: number,
): readonly Stop[] {
  const next = stops.find((stop) => stop.line >= line)?.line;
  const here = stops.filter((stop) => stop.line === next);
  const statements = here.filter(({ isInner }) => !isInner);
  if (statements.length === 0) return here.slice(0, 1);
  return statements.filter(
    ({ owner }, index) =>
      statements.findIndex((each) => each.owner === owner) === index,
  );
}

function contains({ start, end }: Guard, place: TextPosition): boolean {
  return !isBefore(place, start) && isBefore(place, end);
}

function isBefore(one: TextPosition, other: TextPosition): boolean {
  return (
    one.line < other.line ||
    (one.line === other.line && one.column < other.column)
  );
}
