/**
 * A thrown value as Jupyter's error, with the cell's own line framed.
 *
 * Stack frames arrive already mapped to TypeScript, without the kernel's (see `source-maps.ts`). Node's own frames are cut, and paths
 * are shown from the project's folder.
 */
import { dirname, relative, sep } from "node:path";
import { excerpt } from "../excerpt";
import type { CellError } from "./channel";
import { DIM, RED, RESET } from "../colours";
import {
  attempt,
  describe,
  isError,
  isSuppressing,
  propertiesOf,
  relativesOf,
} from "./thrown";

// The folder that holds runtime/: an error of the kernel itself may show its frames in other folders.
const KERNEL_FOLDER = `${dirname(__dirname)}${sep}`;

/** How many frames are shown; of a deeper stack the middle is left out. */
const SHOWN_FRAMES = 20;

/** How much of a stack is read, in characters. */
const READ_STACK = 200_000;

/** How many errors behind an error are shown. */
const SHOWN_RELATIVES = 50;

/** What is needed to read a stack. */
export interface TracebackContext {
  /** The source of a cell by its name in stack traces, such as "In[3]". */
  source(name: string): string | undefined;
  /** The folder that paths are shown from. */
  readonly projectFolder: string;
}

/** The error message for a value that a cell has thrown, whatever it is. */
export function toCellError(
  thrown: unknown,
  context: TracebackContext,
): CellError {
  const { ename, evalue } = describe(thrown);
  const traceback = [
    ...located(thrown, context),
    ...told("", thrown, context),
    ...relatives(thrown, context),
  ];
  return { ename, evalue, traceback };
}

/** Name, message, frames and properties of one thrown value. */
function told(
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

/** The stack's frames without those of the kernel and of Node. */
function frames(thrown: unknown, context: TracebackContext): string[] {
  if (!isError(thrown)) return [];
  const stack = attempt(() => String(thrown.stack), "").slice(0, READ_STACK);
  // A message may have lines that look like frames.
  const message = attempt(() => String(thrown.message), "");
  const heading = stack.indexOf(message);
  return (
    (heading < 0 ? stack : stack.slice(heading + message.length))
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("at "))
      .filter((line) => !/\(?node:/.test(line) && !line.includes(KERNEL_FOLDER))
      // Variables of earlier cells are called through the object that holds them.
      .map((line) => line.replace(/^at Proxy\./, "at "))
      .map((line) => shortenPath(line, context.projectFolder))
  );
}

/** The frames as lines of the traceback. */
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

/** The cell's line from which the error came, framed; if it came from none, that of an error behind it. */
function located(thrown: unknown, context: TracebackContext): string[] {
  for (const each of beginnings(thrown, new Set())) {
    for (const frame of frames(each, context)) {
      const place = /(In\[[^\]]*\]):(\d+):(\d+)/.exec(frame);
      const source = place && context.source(place[1]);
      if (place && source !== undefined && source !== null) {
        const [line, column] = [Number(place[2]) - 1, Number(place[3]) - 1];
        return [
          `${DIM}Cell ${place[1]}, line ${line + 1}${RESET}`,
          ...excerpt(source, { line, column }),
          "",
        ];
      }
    }
  }
  return [];
}

/** The errors where this one may have begun, the likeliest first: what a disposal throws hides what was thrown before. */
function* beginnings(thrown: unknown, seen: Set<unknown>): Generator<unknown> {
  if (seen.has(thrown) || seen.size >= SHOWN_RELATIVES) return;
  seen.add(thrown);
  if (isSuppressing(thrown)) yield* beginnings(thrown.suppressed, seen);
  yield thrown;
  for (const [, value] of relativesOf(thrown)) yield* beginnings(value, seen);
}

/** The errors behind this one, and those behind them. */
function relatives(thrown: unknown, context: TracebackContext): string[] {
  const seen = new Set([thrown]);
  const lines: string[] = [];
  let left = SHOWN_RELATIVES;
  const tell = (of: unknown): void => {
    for (const [label, value] of relativesOf(of)) {
      if (seen.has(value)) continue;
      if (left === 0) {
        lines.push("… and more errors");
        left = -1;
      }
      if (left < 0) return;
      left -= 1;
      seen.add(value);
      lines.push(...told(`${label}: `, value, context));
      tell(value);
    }
  };
  tell(thrown);
  return lines;
}
