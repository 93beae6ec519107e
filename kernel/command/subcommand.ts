/**
 * Defines the subcommands of `convnotes kernel`, their options and their errors.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";

/** Values of command-line options; an option without a value is true. */
export type OptionValues = Readonly<
  Record<string, string | boolean | undefined>
>;

/** An option of a command, as for node:util's parseArgs, with its help text. */
export interface Option {
  readonly type: "string" | "boolean";
  /** The placeholder of the option's value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** A command such as `convnotes kernel install`. */
export interface Subcommand {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The description in the command's help, after the usage line. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  /**
   * Runs the command and prints its results.
   *
   * @returns The exit code.
   * @throws {CommandError} If the command fails for a reason that the user can fix.
   */
  run(values: OptionValues): number | Promise<number>;
}

/** Thrown if a command fails; shown to the user without a stack trace. */
export class CommandError extends Error {
  override name = "CommandError";

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Returns the value of an option that takes a string. */
export function textOption(
  values: OptionValues,
  name: string,
): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
