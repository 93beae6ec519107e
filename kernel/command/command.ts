/**
 * Parses the command line of `convnotes kernel`, runs the command, and reports errors in one line.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";
import { parseArgs } from "node:util";
import { doctor } from "./doctor";
import { install } from "./install";
import { packages } from "./packages";
import { CommandError, type OptionValues, type Subcommand } from "./subcommand";
import { uninstall } from "./uninstall";

const COMMANDS: Readonly<Record<string, Subcommand>> = {
  install,
  uninstall,
  doctor,
  packages,
};

/** Exit code of a command that failed. */
const FAILED = 1;
/** Exit code of an invalid command line, as in shells. */
const MISUSED = 2;

/** Thrown for an invalid command line. */
class UsageError extends Error {
  override name = "UsageError";
  readonly code = "ERR_USAGE" satisfies ErrorCode;
}

/**
 * Runs a command. Prints to stdout, and errors to stderr.
 *
 * @param parameters The command line after `convnotes kernel`.
 * @returns The exit code: 0 for success, 1 if the command failed, 2 if the command line is invalid.
 */
export async function command(parameters: readonly string[]): Promise<number> {
  try {
    return await dispatch(parameters);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(error.message);
      return MISUSED;
    }
    if (error instanceof CommandError) {
      console.error(error.message);
      return FAILED;
    }
    throw error;
  }
}

async function dispatch([verb, ...rest]: readonly string[]): Promise<number> {
  if (isHelp(verb)) return print(kernelHelp());
  const subcommand =
    verb !== undefined && Object.hasOwn(COMMANDS, verb)
      ? COMMANDS[verb]
      : undefined;
  if (verb === undefined || subcommand === undefined) {
    throw unknown("a command of the kernel", Object.keys(COMMANDS), verb);
  }
  const values = parse(verb, subcommand, rest);
  if (values.help === true) return print(subcommandHelp(verb, subcommand));
  return subcommand.run(values);
}

/** Returns whether a word requests help, which a missing word does too. */
function isHelp(word: string | undefined): boolean {
  return word === undefined || ["help", "--help", "-h"].includes(word);
}

function print(text: string): number {
  console.log(text);
  return 0;
}

function unknown(
  what: string,
  known: readonly string[],
  received: string | undefined,
): UsageError {
  return new UsageError(
    `Expected ${what} (${known.join(", ")}), received ${received}. See convnotes --help.`,
  );
}

function parse(
  verb: string,
  { options }: Subcommand,
  parameters: readonly string[],
): OptionValues {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        ...Object.fromEntries(
          Object.entries(options).map(([name, { type }]) => [name, { type }]),
        ),
        help: { type: "boolean", short: "h" },
      },
    });
    return values;
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${message} See convnotes kernel ${verb} --help.`);
  }
}

function kernelHelp(): string {
  return `Usage: convnotes kernel COMMAND [OPTIONS]

${commandList()}

See convnotes kernel COMMAND --help for details.`;
}

function commandList(): string {
  return table(
    Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]),
  );
}

function subcommandHelp(verb: string, subcommand: Subcommand): string {
  const options = Object.entries(subcommand.options).map(
    ([name, { value, help }]) =>
      [value === undefined ? `--${name}` : `--${name} ${value}`, help] as const,
  );
  return `Usage: convnotes kernel ${verb} [OPTIONS]

${subcommand.description}

${table([...options, ["-h, --help", "Show this help."]])}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
    .join("\n");
}
