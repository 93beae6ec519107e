/**
 * `convnotes data list|get|verify|clear`, in a terminal.
 */
import { parseArgs } from "node:util";
import { catalogue } from "../catalogue/catalogue";
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { clear } from "./clear";
import { get } from "./get";
import { list } from "./list";
import { verifyFiles } from "./verify-files";

/** Exit code of a command that could not be done. */
const FAILED = 1;
/** Exit code of a command line that cannot be understood, as in the shell. */
const MISUSED = 2;
/** Exit code of a command that was interrupted by Ctrl-C, as in the shell. */
const INTERRUPTED = 130;

const NAMES = Object.keys(catalogue).join(", ");

const HELP = `Usage: convnotes data COMMAND [NAME ...]

  list             What there is, how large it is, and where it is on this machine
  get NAME ...     Bring data sets into the cache; what was interrupted is gone on with
  verify [NAME ...]  Hold the files on this machine against the publishers' SHA-256
  clear NAME ...   Remove data sets from the cache

NAME is one of ${NAMES}; --all stands for all of them.`;

/** A command: what it does with the data sets that were named. The value is the exit code. */
export type DataCommand = (
  entries: readonly DatasetEntry[],
  signal: AbortSignal,
) => Promise<number>;

const COMMANDS: Readonly<Record<string, DataCommand>> = {
  list,
  get,
  verify: verifyFiles,
  clear,
};

/** Commands that mean all data sets if none is named. */
const NEEDS_NO_NAME = new Set(["list", "verify"]);

/**
 * Does what a command line says; prints to stdout, progress and errors to stderr.
 *
 * @param parameters The command line after `convnotes data`.
 * @returns The exit code: 0, 1 if it could not be done, 2 if it could not be understood, 130 if it was interrupted.
 */
export async function dataCommand(
  parameters: readonly string[],
): Promise<number> {
  const asked = parse(parameters);
  if (typeof asked === "number") return asked;
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once("SIGINT", interrupt);
  try {
    return await asked.command(asked.entries, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      console.error("Interrupted. What has come is kept for the next time.");
      return INTERRUPTED;
    }
    if (!(error instanceof DatasetError)) throw error;
    console.error(error.message);
    return FAILED;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** What is asked for; an exit code if that is nothing more. */
function parse(
  parameters: readonly string[],
): { command: DataCommand; entries: readonly DatasetEntry[] } | number {
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
    return misused((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [verb, ...names] = positionals;
  if (values.help || verb === undefined || verb === "help") {
    console.log(HELP);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, verb)) {
    const known = Object.keys(COMMANDS).join(", ");
    return misused(`Expected a command (${known}), received ${verb}.`);
  }
  const wrong = names.find((name) => !Object.hasOwn(catalogue, name));
  if (wrong !== undefined) {
    return misused(`Expected one of ${NAMES}, received ${wrong}.`);
  }
  const all = Object.values(catalogue);
  const isAll = values.all || (names.length === 0 && NEEDS_NO_NAME.has(verb));
  if (!isAll && names.length === 0) {
    return misused(
      `Expected the names of data sets (${NAMES}) or --all, received none.`,
    );
  }
  const entries = isAll ? all : all.filter(({ name }) => names.includes(name));
  return { command: COMMANDS[verb]!, entries };
}

function misused(message: string): number {
  console.error(`${message} convnotes data --help says more.`);
  return MISUSED;
}
