/**
 * The runtime's reading lamp: a thrown value as Jupyter's error, with the cell's own line framed.
 *
 * Stack frames arrive already mapped to TypeScript (see `source-maps.ts`). The kernel's and Node's own
 * frames are cut, and paths are shown from the project's folder.
 */
import { dirname, relative, sep } from "node:path";
import { inspect } from "node:util";
import { excerpt } from "../excerpt";
import { withoutWrapperNames } from "../wrapper-names";
import type { CellError } from "./channel";
import { DIM, RED, RESET } from "../colours";

// The folder that holds runtime/: the kernel is compiled without source maps, so its frames name what runs.
const KERNEL_FOLDER = `${dirname(__dirname)}${sep}`;

/** The name of what is thrown and is no error. */
const THROWN_VALUE = "Thrown value";

/** How many frames are shown; of a deeper stack the middle is left out. */
const SHOWN_FRAMES = 20;

/** What is needed to read a stack. */
export interface TracebackContext {
  /** The source of a cell by its name in stack traces, such as "In[3]". */
  source(name: string): string | undefined;
  /** The folder that paths are shown from. */
  readonly projectFolder: string;
}

/** The error message for a value that a cell has thrown. */
export function toCellError(
  thrown: unknown,
  context: TracebackContext,
): CellError {
  try {
    return read(thrown, context);
  } catch {
    // Such as a proxy, or an error whose message is a getter that throws.
    const evalue = "a value that itself throws when it is looked at";
    return {
      ename: THROWN_VALUE,
      evalue,
      traceback: [`${RED}${THROWN_VALUE}${RESET}: ${evalue}`],
    };
  }
}

function read(thrown: unknown, context: TracebackContext): CellError {
  const { ename, evalue } = describe(thrown);
  const lines = [
    ...located(thrown, context),
    `${RED}${ename}${RESET}: ${evalue}`,
    ...shownFrames(thrown, context),
    ...relatives(thrown, context, new Set([thrown])),
  ];
  return { ename, evalue, traceback: lines };
}

function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    Object.prototype.toString.call(value) === "[object Error]"
  );
}

function describe(thrown: unknown): { ename: string; evalue: string } {
  if (!isError(thrown)) {
    return { ename: THROWN_VALUE, evalue: inspect(thrown, { depth: 2 }) };
  }
  return {
    ename: String(thrown.name || "Error"),
    evalue: withoutWrapperNames(String(thrown.message)),
  };
}

/** The stack's frames without those of the kernel and of Node. */
function frames(thrown: unknown, context: TracebackContext): string[] {
  if (!isError(thrown) || typeof thrown.stack !== "string") return [];
  return (
    thrown.stack
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

/** The cell's line from which the error came, framed. */
function located(thrown: unknown, context: TracebackContext): string[] {
  for (const frame of frames(thrown, context)) {
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
  return [];
}

/** The errors behind this one: its cause, and those an AggregateError holds. */
function relatives(
  thrown: unknown,
  context: TracebackContext,
  seen: Set<unknown>,
): string[] {
  if (!isError(thrown)) return [];
  const { cause, errors } = thrown as Error & { errors?: unknown };
  const related: [string, unknown][] = [];
  if (cause !== undefined) related.push(["Caused by", cause]);
  if (Array.isArray(errors)) {
    errors.forEach((error, index) =>
      related.push([`Error ${index + 1} of ${errors.length}`, error]),
    );
  }
  return related.flatMap(([label, value]) => {
    if (seen.has(value)) return [];
    seen.add(value);
    const { ename, evalue } = describe(value);
    return [
      `${label}: ${RED}${ename}${RESET}: ${evalue}`,
      ...shownFrames(value, context),
      ...relatives(value, context, seen),
    ];
  });
}
