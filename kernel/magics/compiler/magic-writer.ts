/**
 * Writes a cell with magics as TypeScript: each magic becomes a call of the runtime
 * (`../runtime/magic-host.ts`) on the same line, and measured statements stay as they are, so that
 * they are checked like the rest of the cell.
 */
import type * as typescript from "typescript";
import type { Diagnostic, EarlyMagic } from "../../compiler/compiler";
import type { Edit } from "../../compiler/text-edit";
import { findMagic, unknownMagic } from "../catalog";
import { MAGICS_EXPRESSION } from "../host-key";
import {
  isMeasuring,
  type MagicCell,
  type MagicLine,
  statementAt,
  syntaxErrors,
} from "./magic-lines";

type Typescript = typeof typescript;

/** What is written for a cell: edits of its text, or the errors of its magics. */
export type WrittenMagics =
  | { readonly edits: readonly Edit[]; readonly errors?: undefined }
  | { readonly edits?: undefined; readonly errors: readonly Diagnostic[] };

/** The variables of the loops of `%timeit`, which a cell hardly declares itself. */
const RUN = "ºrun";
const COUNTER = "ºindex";
const LOOP = `for (let ${COUNTER} = ${RUN}.begin(); ${COUNTER} > 0; ${COUNTER}--) {`;

/** Returns the edits that turn a cell with magics into TypeScript. */
export function writeMagics(ts: Typescript, cell: MagicCell): WrittenMagics {
  const errors = wrongMagics(ts, cell).map(({ line, message }) =>
    errorAt(cell.source, line, message),
  );
  if (errors.length > 0) return { errors };
  return { edits: cell.lines.flatMap((line) => written(ts, cell, line)) };
}

/** Returns the magics of a cell that cannot run, each with its error message. */
export function wrongMagics(
  ts: Typescript,
  cell: MagicCell,
): readonly { readonly line: MagicLine; readonly message: string }[] {
  return cell.lines.flatMap((line) => {
    const message = mistake(ts, cell, line);
    return message === undefined ? [] : [{ line, message }];
  });
}

/**
 * Returns the magics that run before the cell, in its order.
 *
 * A cell with a syntax error or a wrong magic has none, because it will not run.
 *
 * @param ts TypeScript.
 * @param cell The cell.
 */
export function earlyMagics(
  ts: Typescript,
  cell: MagicCell,
): readonly EarlyMagic[] {
  const early = cell.lines.filter(
    ({ name }) => findMagic(name)?.kind === "early",
  );
  if (
    early.length === 0 ||
    syntaxErrors(cell.file).length > 0 ||
    writeMagics(ts, cell).errors
  ) {
    return [];
  }
  return early.map((line) => ({
    name: line.name,
    argument: plainArgument(line),
  }));
}

/** Returns the argument of a magic without a comment and a semicolon at its end. */
function plainArgument({ argument }: MagicLine): string {
  return argument.replace(/(?:^|\s)\/\/.*$/, "").replace(/\s*;?\s*$/, "");
}

/** Returns what is wrong with a magic; undefined if nothing is. */
function mistake(
  ts: Typescript,
  cell: MagicCell,
  line: MagicLine,
): string | undefined {
  const { name, isCell } = line;
  if (name === "")
    return "Expected the name of a magic behind %. %help lists all.";
  const magic = findMagic(name);
  if (magic === undefined) return unknownMagic(name);
  if (isCell) {
    if (magic.hasCellForm !== true) {
      return `Expected a magic with two percent signs (%%time, %%timeit), received %%${name}. Did you mean %${name}?`;
    }
    if (cell.source.slice(0, line.start).trim() !== "") {
      return `Expected %%${name} in the first line of its cell; %${name} measures a single statement.`;
    }
    return cell.blanked.slice(line.nameEnd).trim() === ""
      ? `Expected statements below %%${name}, received none.`
      : undefined;
  }
  if (isMeasuring(line)) return measuringMistake(ts, cell, line);
  if (name === "reset") {
    const isFirst = cell.file.statements.every(
      (each) =>
        ts.isEmptyStatement(each) || each.getStart(cell.file) >= line.start,
    );
    if (!isFirst)
      return "Expected %reset above the statements of its cell, because it runs before they are checked.";
  }
  if (magic.kind === "early" && isNested(ts, cell, line)) {
    return `Expected %${name} outside of blocks and functions, because it runs before the cell.`;
  }
  return undefined;
}

function measuringMistake(
  ts: Typescript,
  cell: MagicCell,
  line: MagicLine,
): string | undefined {
  const statement = measuredStatement(ts, cell, line);
  if (statement === undefined) {
    return `Expected a statement behind %${line.name}, received none.`;
  }
  return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
    ? `Expected a statement that runs behind %${line.name}, received an import, which is loaded before the cell runs.`
    : undefined;
}

/** Whether a magic is inside a statement of the cell, such as a block or a function. */
function isNested(
  ts: Typescript,
  { file }: MagicCell,
  { start }: MagicLine,
): boolean {
  return file.statements.some(
    (each) =>
      !ts.isEmptyStatement(each) &&
      each.getStart(file) < start &&
      // The semicolon in place of the magic may end the statement.
      each.end > start + 1,
  );
}

function measuredStatement(
  ts: Typescript,
  { file, source }: MagicCell,
  { argumentEnd, end }: MagicLine,
): typescript.Statement | undefined {
  const hasText = source.slice(argumentEnd, end).trim() !== "";
  return hasText ? statementAt(ts, file, argumentEnd) : undefined;
}

function written(
  ts: Typescript,
  cell: MagicCell,
  line: MagicLine,
): readonly Edit[] {
  const { name, isCell, start, end, argumentEnd } = line;
  const call = (method: string, ...values: readonly (string | number)[]) =>
    `${MAGICS_EXPRESSION}.${method}(${values.map((each) => JSON.stringify(each)).join(", ")})`;
  const magic = findMagic(name);
  if (magic?.kind === "early") return [{ start, end, text: ";" }];
  if (magic?.kind !== "statement") {
    const argument = name === "env" ? line.argument : plainArgument(line);
    return [{ start, end, text: `;${call("run", name, argument)};` }];
  }
  const begin = (text: string): Edit => ({ start, end: argumentEnd, text });
  const insert = (at: number, text: string): Edit => ({
    start: at,
    end: at,
    text,
  });
  const runs = `;for (const ${RUN} of ${call("runs", line.argument)}) {`;
  if (isCell && name === "timeit") {
    return [
      begin(runs),
      insert(end, `;${LOOP}`),
      insert(cell.source.length, "\n;}}"),
    ];
  }
  if (isCell) {
    const last = lastExpression(ts, cell);
    return [
      begin(`;${call("start", start)};`),
      ...(last
        ? [
            insert(
              last.getStart(cell.file),
              `${MAGICS_EXPRESSION}.timed(${start}, (`,
            ),
            insert(last.end, "))"),
          ]
        : [insert(cell.source.length, `\n;${call("stop", start)};`)]),
    ];
  }
  const statement = measuredStatement(ts, cell, line)!;
  if (name === "timeit") {
    return [begin(`${runs}${LOOP}`), insert(statement.end, "}}")];
  }
  if (!ts.isExpressionStatement(statement)) {
    return [
      begin(`;${call("start", start)};`),
      insert(statement.end, `;${call("stop", start)};`),
    ];
  }
  // One expression, so that its value is the cell's result if it is the last one.
  return [
    begin(`;${MAGICS_EXPRESSION}.timed(${call("start", start)}, (`),
    insert(statement.expression.end, "))"),
  ];
}

/** Returns the expression at the end of a cell, whose value is the result; undefined if none is. */
function lastExpression(
  ts: Typescript,
  { file, lines }: MagicCell,
): typescript.Expression | undefined {
  const last = file.statements.at(-1);
  if (last === undefined || !ts.isExpressionStatement(last)) return undefined;
  const isMeasured = lines.some(
    (each) => !each.isCell && each.argumentEnd === last.getStart(file),
  );
  return isMeasured ? undefined : last.expression;
}

function errorAt(source: string, line: MagicLine, message: string): Diagnostic {
  const before = source.slice(0, line.start).split(/\r\n|[\n\r\u2028\u2029]/);
  const position = {
    line: before.length - 1,
    column: before.at(-1)!.length,
  };
  const length = line.nameEnd - line.start;
  return {
    code: 0,
    message,
    syntax: true,
    start: position,
    end: { ...position, column: position.column + length },
  };
}
