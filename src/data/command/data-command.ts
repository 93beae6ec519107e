/**
 * Implements the command line of `convnotes data list|get|verify|clear`.
 */
import { debuglog, parseArgs } from "node:util";
import { catalog } from "../catalog/catalog";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import type { DataAction } from "./data-action";
import { clear } from "./clear";
import { get } from "./get";
import { list } from "./list";
import { verifyFiles } from "./verify-files";

/** Exit code of a failed command. */
const FAILED = 1;
/** Exit code for an invalid command line, as in the shell. */
const USAGE_ERROR = 2;
/** Exit code of a command interrupted by Ctrl-C, as in the shell. */
const INTERRUPTED = 130;

const NAMES = Object.keys(catalog).join(", ");

const HELP = `Usage: convnotes data COMMAND [NAME ...]

  list               List the data sets, their sizes and their locations on this machine
  get NAME ...       Download data sets into the cache, resuming interrupted downloads
  verify [NAME ...]  Compare the files on this machine with the publishers' SHA-256 digests
  clear NAME ...     Remove data sets from the cache

NAME is one of ${NAMES}; --all selects all of them.`;

const COMMANDS: Readonly<Record<string, DataAction>> = {
  list,
  get,
  verify: verifyFiles,
  clear,
};

/** Commands that apply to all data sets if none is named. */
const NEEDS_NO_NAME = new Set(["list", "verify"]);

/**
 * Runs a command line. Prints results to stdout, progress and errors to stderr.
 *
 * @param parameters The command line after `convnotes data`.
 * @returns The exit code: 0 on success, 1 on failure, 2 for an invalid command line, 130 if
 * interrupted.
 */
export async function command(parameters: readonly string[]): Promise<number> {
  const parsed = parse(parameters);
  if (typeof parsed === "number") return parsed;
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once("SIGINT", interrupt);
  // Otherwise a limit of file sizes (ulimit -f) ends the process; now it is an error of writing.
  process.on("SIGXFSZ", ignore);
  try {
    return await parsed.command(parsed.entries, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      console.error(
        "Interrupted. The data received so far are kept for the next attempt.",
      );
      return INTERRUPTED;
    }
    console.error(describe(error));
    return FAILED;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGXFSZ", ignore);
  }
}

function ignore(): void {}

/** Describes any error in words. `NODE_DEBUG=convnotes` also prints where it was thrown. */
function describe(error: unknown): string {
  if (error instanceof DatasetError) return error.message;
  const { stack, message } = error as Error;
  debuglog("convnotes")("%s", stack);
  return `Expected the command to complete, received an error: ${message}. NODE_DEBUG=convnotes shows where`;
}

/** Returns the requested command and data sets, or an exit code if there is nothing to run. */
function parse(
  parameters: readonly string[],
): { command: DataAction; entries: readonly DatasetEntry[] } | number {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        all: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    return usageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [verb, ...names] = positionals;
  if (values.help || verb === undefined || verb === "help") {
    console.log(HELP);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, verb)) {
    const known = Object.keys(COMMANDS).join(", ");
    return usageError(`Expected a command (${known}), received ${verb}.`);
  }
  const unknown = names.find((name) => !Object.hasOwn(catalog, name));
  if (unknown !== undefined) {
    return usageError(`Expected one of ${NAMES}, received ${unknown}.`);
  }
  const all = Object.values(catalog);
  const isAll = values.all || (names.length === 0 && NEEDS_NO_NAME.has(verb));
  if (!isAll && names.length === 0) {
    return usageError(
      `Expected the names of data sets (${NAMES}) or --all, received none.`,
    );
  }
  const entries = isAll ? all : all.filter(({ name }) => names.includes(name));
  return { command: COMMANDS[verb]!, entries };
}

function usageError(message: string): number {
  console.error(`${message} See convnotes data --help.`);
  return USAGE_ERROR;
}
