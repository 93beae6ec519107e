/**
 * Lists, shows and sets environment variables of the cells' process for `%env`.
 */
import { coded } from "@convnotes/notebook/coded-error";

/** Matches names of variables whose values a list should not show, as in IPython. */
const SECRET = /key|token|secret|pass|credential/i;

/** Matches `NAME`, `NAME=VALUE` and `NAME VALUE`. */
const ARGUMENT = /^([^\s=]+)(?:\s*=\s*|\s+|$)(.*)$/s;

/**
 * Runs `%env`. Returns the value of a variable that is asked for, and nothing otherwise.
 *
 * @param argument Empty, the name of a variable, or a name and a value.
 * @param print Prints text in the cell.
 * @throws {Error} ERR_UNKNOWN_NAME for a variable that is not set, ERR_USAGE for another argument.
 */
export function environmentMagic(
  argument: string,
  print: (text: string) => void,
): string | undefined {
  if (argument === "") {
    print(
      Object.entries(process.env)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => `${name}=${shownValue(name, value ?? "")}\n`)
        .join(""),
    );
    return undefined;
  }
  const [, name, given = ""] = ARGUMENT.exec(argument) ?? [];
  if (name === undefined) {
    throw coded(
      "ERR_USAGE",
      new Error(
        `Expected %env, %env NAME or %env NAME=VALUE, received "${argument}".`,
      ),
    );
  }
  if (argument === name) {
    const value = process.env[name];
    if (value !== undefined) return value;
    throw coded(
      "ERR_UNKNOWN_NAME",
      new Error(
        `Expected an environment variable that is set, received ${name}.`,
      ),
    );
  }
  const value = given.trim();
  process.env[name] = value;
  print(`${name}=${shownValue(name, value)}\n`);
  return undefined;
}

function shownValue(name: string, value: string): string {
  return SECRET.test(name) && value !== "" ? "<hidden>" : value;
}
