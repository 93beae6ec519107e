/**
 * Finds the magics of a cell: lines such as `%time f()` that begin where a statement can begin.
 *
 * TypeScript's parser decides what that means: `a\n%b` is an expression, and a line inside a
 * string, a template or a comment is none of its statements. There is one exception. A magic that
 * follows the statement of `%time` or `%timeit` ends that statement, because a line with a magic is
 * usually written without a semicolon.
 */
import type * as typescript from "typescript";
import { walk } from "../../compiler/project/walk";
import { findMagic, mayHaveMagics } from "../catalog";

type Typescript = typeof typescript;

/** A magic in a cell. Offsets are in UTF-16 code units from the start of the cell. */
export interface MagicLine {
  /** The name without percent signs; empty while it is being typed. */
  readonly name: string;
  /** Whether it has two percent signs. */
  readonly isCell: boolean;
  /** The offset of the first percent sign. */
  readonly start: number;
  /** The offset behind the name. */
  readonly nameEnd: number;
  /** What follows the name on the line; only the options for a magic that measures a statement. */
  readonly argument: string;
  /** The offset of the statement to measure; the end of the line for other magics. */
  readonly argumentEnd: number;
  /** The offset of the line's end. */
  readonly end: number;
}

/** A cell with magics. */
export interface MagicCell {
  readonly source: string;
  /** The cell with blanks and a semicolon in place of each magic. It has the same length. */
  readonly blanked: string;
  /** The blanked text, parsed. */
  readonly file: typescript.SourceFile;
  /** In the order of the cell. */
  readonly lines: readonly MagicLine[];
}

/** Matches lines that may be magics; the last part is for a name that is not typed yet. */
const CANDIDATE =
  /^[ \t]*(?<signs>%{1,2})(?:(?<name>[A-Za-z_]\w*)(?=[\s;]|$)|(?=[ \t]*$))/gm;

/** Matches the options of a magic that measures a statement. */
const OPTIONS = /^[ \t]*(?:-[A-Za-z][ \t]*\d*(?:[ \t]+|$))*/;

/** Returns a cell with its magics; undefined if there are none. */
export function magicCell(
  ts: Typescript,
  source: string,
): MagicCell | undefined {
  if (!mayHaveMagics(source)) return undefined;
  let left = candidates(source);
  let blanked = source;
  let file = parse(ts, source);
  const lines: MagicLine[] = [];
  for (;;) {
    const next = nextMagic(ts, file, left, lines);
    if (next === undefined) {
      return lines.length === 0 ? undefined : { source, blanked, file, lines };
    }
    left = left.filter((each) => each !== next);
    const without = blank(blanked, next);
    const parsed = parse(ts, without);
    // In a class, a statement can begin only because the parser has given the class up.
    if (!isBetweenStatements(ts, parsed, next.start)) continue;
    lines.push(next);
    lines.sort((one, other) => one.start - other.start);
    blanked = without;
    file = parsed;
  }
}

/** Whether a magic measures TypeScript, which stays part of the cell. */
export function isMeasuring({ name }: MagicLine): boolean {
  return findMagic(name)?.kind === "statement";
}

/** Returns the statement at an offset, in a list of statements; undefined if none begins there. */
export function statementAt(
  ts: Typescript,
  file: typescript.SourceFile,
  offset: number,
): typescript.Statement | undefined {
  let found: typescript.Statement | undefined;
  walkStatements(ts, file, (statement) => {
    if (statement.getStart(file) === offset) found ??= statement;
  });
  return found;
}

function candidates(source: string): readonly MagicLine[] {
  return [...source.matchAll(CANDIDATE)].map((match) => {
    const { signs = "", name = "" } = match.groups ?? {};
    const start = match.index + match[0].length - signs.length - name.length;
    const nameEnd = match.index + match[0].length;
    const rest = /^[^\r\n\u2028\u2029]*/.exec(source.slice(nameEnd))![0];
    const end = nameEnd + rest.length;
    const line = { name, isCell: signs === "%%", start, nameEnd, end };
    if (findMagic(name)?.kind !== "statement") {
      return { ...line, argument: rest.trim(), argumentEnd: end };
    }
    const options = OPTIONS.exec(rest)![0];
    const argumentEnd = nameEnd + options.length;
    return { ...line, argument: options.trim(), argumentEnd };
  });
}

/** Returns the first magic of these candidates that the parsed text still contains. */
function nextMagic(
  ts: Typescript,
  file: typescript.SourceFile,
  left: readonly MagicLine[],
  found: readonly MagicLine[],
): MagicLine | undefined {
  if (left.length === 0) return undefined;
  const starts = statementStarts(ts, file);
  return left.find(
    (each) =>
      starts.has(each.start) || endsMeasuredStatement(ts, file, each, found),
  );
}

/**
 * Whether a line is a known magic inside the statement of a magic above it, and that statement is
 * complete without it.
 */
function endsMeasuredStatement(
  ts: Typescript,
  file: typescript.SourceFile,
  line: MagicLine,
  found: readonly MagicLine[],
): boolean {
  if (findMagic(line.name) === undefined) return false;
  const above = found.filter((each) => each.start < line.start).at(-1);
  if (above === undefined || above.isCell || !isMeasuring(above)) return false;
  const statement = statementAt(ts, file, above.argumentEnd);
  if (statement === undefined || statement.end <= line.start) return false;
  const text = file.text.slice(above.argumentEnd, line.start);
  return syntaxErrors(parse(ts, text)).length === 0;
}

/** Whether the semicolon at an offset is a statement of its own, or ends the one before. */
function isBetweenStatements(
  ts: Typescript,
  file: typescript.SourceFile,
  offset: number,
): boolean {
  let isFound = false;
  walkStatements(ts, file, (statement) => {
    isFound ||=
      statement.getStart(file) === offset || statement.end === offset + 1;
  });
  return isFound;
}

/** Returns the offsets at which statements in lists begin. */
function statementStarts(
  ts: Typescript,
  file: typescript.SourceFile,
): ReadonlySet<number> {
  const starts = new Set<number>();
  walkStatements(ts, file, (statement) => {
    starts.add(statement.getStart(file));
  });
  return starts;
}

/** Calls `visit` with each statement in a list, where more statements can be added. */
function walkStatements(
  ts: Typescript,
  file: typescript.SourceFile,
  visit: (statement: typescript.Statement) => void,
): void {
  walk(ts, file, (node) => {
    if (
      ts.isSourceFile(node) ||
      ts.isBlock(node) ||
      ts.isModuleBlock(node) ||
      ts.isCaseOrDefaultClause(node)
    ) {
      node.statements.forEach(visit);
    }
    return true;
  });
}

/** Replaces a magic by a semicolon and blanks, up to the TypeScript that it measures. */
function blank(text: string, line: MagicLine): string {
  const { start, argumentEnd } = line;
  const blanks = ";".padEnd(argumentEnd - start);
  return text.slice(0, start) + blanks + text.slice(argumentEnd);
}

/** Returns the syntax errors of a parsed text. */
export function syntaxErrors(file: typescript.SourceFile): readonly unknown[] {
  return (
    file as typescript.SourceFile & {
      readonly parseDiagnostics: readonly unknown[];
    }
  ).parseDiagnostics;
}

/** Parses a text as TypeScript, or as TypeScript with JSX if only that succeeds. */
function parse(ts: Typescript, text: string): typescript.SourceFile {
  const read = (name: string) =>
    ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const plain = read("cell.ts");
  if (syntaxErrors(plain).length === 0 || !/<[\w>]/.test(text)) return plain;
  const withTags = read("cell.tsx");
  return syntaxErrors(withTags).length < syntaxErrors(plain).length
    ? withTags
    : plain;
}
