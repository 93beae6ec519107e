/**
 * Converts thrown values to Jupyter errors with an excerpt of the cell.
 *
 * Stack frames are already mapped to TypeScript, without the kernel's (see `source-maps.ts`).
 * Node's own frames are removed, and paths are relative to the project's folder.
 */
import { dirname, relative, sep } from "node:path";
import { excerpt } from "../excerpt";
import type { CellError } from "./channel";
import { DIM, RED, RESET } from "../colors";
import {
  attempt,
  describe,
  isError,
  isSuppressing,
  propertiesOf,
  relatedErrors,
} from "./thrown";

// The parent of runtime/, because errors of the kernel may have frames in its other folders.
const KERNEL_FOLDER = `${dirname(__dirname)}${sep}`;

/** Maximum number of frames shown; the middle of a deeper stack is omitted. */
const SHOWN_FRAMES = 20;

/** Maximum length of a stack that is read, in characters. */
const READ_STACK = 200_000;

/** Maximum number of related errors shown. */
const SHOWN_RELATED = 50;

/** Information needed to format a stack. */
export interface TracebackContext {
  /** Returns the source of a cell by its name in stack traces, such as "In[3]". */
  source(name: string): string | undefined;
  /** The folder to which paths are relative. */
  readonly projectFolder: string;
}

/** Converts any thrown value to a Jupyter error. */
export function toCellError(
  thrown: unknown,
  context: TracebackContext,
): CellError {
  const { ename, evalue } = describe(thrown);
  const traceback = [
    ...sourceExcerpt(thrown, context),
    ...errorLines("", thrown, context),
    ...relatedLines(thrown, context),
  ];
  return { ename, evalue, traceback };
}

/** Returns the lines of one thrown value: name, message, frames and properties. */
function errorLines(
  label: string,
  thrown: unknown,
  context: TracebackContext,
): string[] {
  const { ename, evalue } = describe(thrown);
  const properties = propertiesOf(thrown);
  return [
    `${label}${RED}${ename}${RESET}: ${evalue}`,
    ...shownFrames(thrown, context),
    ...(properties === undefined ? [] : [properties]),
  ];
}

/** Returns the stack's frames without those of the kernel and of Node. */
function frames(thrown: unknown, context: TracebackContext): string[] {
  if (!isError(thrown)) return [];
  const stack = attempt(() => String(thrown.stack), "").slice(0, READ_STACK);
  // The message may contain lines that look like frames.
  const message = attempt(() => String(thrown.message), "");
  const heading = stack.indexOf(message);
  return (
    (heading < 0 ? stack : stack.slice(heading + message.length))
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("at "))
      .filter((line) => !/\(?node:/.test(line) && !line.includes(KERNEL_FOLDER))
      // Functions of earlier cells are called as methods of the proxy that holds the variables.
      .map((line) => line.replace(/^at Proxy\./, "at "))
      .map((line) => shortenPath(line, context.projectFolder))
  );
}

/** Returns the frames as lines of the traceback. */
function shownFrames(thrown: unknown, context: TracebackContext): string[] {
  const all = frames(thrown, context);
  const left = all.length - SHOWN_FRAMES;
  if (left > 0) {
    all.splice(SHOWN_FRAMES / 2, left, `... ${left} more`);
  }
  return all.map((frame) => `${DIM}    ${frame}${RESET}`);
}

function shortenPath(frame: string, projectFolder: string): string {
  return frame.replace(
    /(\(|at (?:async )?)((?:file:\/\/)?\/[^()]+?)(:\d+:\d+)/,
    (_all, before: string, path: string, place: string) => {
      const plain = path.replace(/^file:\/\//, "");
      const short = relative(projectFolder, plain);
      const cell = /In\[[^\]]*\]$/.exec(plain)?.[0];
      return `${before}${cell ?? (short.startsWith("..") ? plain : short)}${place}`;
    },
  );
}

/** Returns an excerpt of the cell where the error, or else a related error, was thrown. */
function sourceExcerpt(thrown: unknown, context: TracebackContext): string[] {
  for (const each of origins(thrown, new Set())) {
    for (const frame of frames(each, context)) {
      const [, cell, lineNumber, columnNumber] =
        /(In\[[^\]]*\]):(\d+):(\d+)/.exec(frame) ?? [];
      const source = cell === undefined ? undefined : context.source(cell);
      if (source !== undefined) {
        const [line, column] = [
          Number(lineNumber) - 1,
          Number(columnNumber) - 1,
        ];
        return [
          `${DIM}Cell ${cell}, line ${line + 1}${RESET}`,
          ...excerpt(source, { line, column }),
          "",
        ];
      }
    }
  }
  return [];
}

/**
 * Yields the errors that may be the origin of this one, most likely first. A suppressed error
 * precedes the error of the disposal.
 */
function* origins(thrown: unknown, seen: Set<unknown>): Generator<unknown> {
  if (seen.has(thrown) || seen.size >= SHOWN_RELATED) return;
  seen.add(thrown);
  if (isSuppressing(thrown)) yield* origins(thrown.suppressed, seen);
  yield thrown;
  for (const [, value] of relatedErrors(thrown)) yield* origins(value, seen);
}

/** Returns the lines of all direct and indirect related errors. */
function relatedLines(thrown: unknown, context: TracebackContext): string[] {
  const seen = new Set([thrown]);
  const lines: string[] = [];
  let left = SHOWN_RELATED;
  const add = (of: unknown): void => {
    for (const [label, value] of relatedErrors(of)) {
      if (seen.has(value)) continue;
      if (left === 0) {
        lines.push("… and more errors");
        left = -1;
      }
      if (left < 0) return;
      left -= 1;
      seen.add(value);
      lines.push(...errorLines(`${label}: `, value, context));
      add(value);
    }
  };
  add(thrown);
  return lines;
}
