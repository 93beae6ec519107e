/**
 * What each of the commands below `convnotes kernel` is made of, and the ways in which one may fail.
 */

/** The options a person may give; without a value an option is a yes. */
export type OptionValues = Readonly<
  Record<string, string | boolean | undefined>
>;

/** One option of a command, as node:util's parseArgs takes it, and its line of help. */
export interface Option {
  readonly type: "string" | "boolean";
  /** What the help calls the option's value. */
  readonly value?: string;
  readonly help: string;
}

/** A command such as `convnotes kernel install`. */
export interface Subcommand {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command's own help says, after the line of usage. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  /**
   * Does it, printing what a person wants to know.
   *
   * @returns The exit code.
   * @throws {CommandError} If it cannot be done for a reason that the person can do something about.
   */
  run(values: OptionValues): number | Promise<number>;
}

/** Why a command cannot be done, for the person who gave it: shown without a stack. */
export class CommandError extends Error {
  override name = "CommandError";
}

/** The value of an option that takes a text. */
export function textOption(
  values: OptionValues,
  name: string,
): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
