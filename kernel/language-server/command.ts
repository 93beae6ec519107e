/**
 * Implements `convnotes language-server`, which editors start.
 */
import { parseArgs } from "node:util";
import { createConnection } from "vscode-languageserver/node";
import { serve } from "./server";

const HELP = `Usage: convnotes language-server --stdio

Serves an editor by the Language Server Protocol: errors while typing, completion, definitions, references, renaming and
quick fixes in notebooks. Editors start it and talk to it through its standard input and output.

  --stdio     Use standard input and output. No other way is supported.
  -h, --help  Show this help.`;

/** Exit code of an invalid command line, as in shells. */
const MISUSED = 2;

/**
 * Runs the command. Ends with the process once the editor disconnects.
 *
 * @param parameters The command line after `convnotes language-server`.
 * @returns The exit code: 0 after help, 2 if the command line is invalid. While serving, the
 *   promise stays pending.
 */
export async function command(parameters: readonly string[]): Promise<number> {
  let values: { readonly stdio?: boolean; readonly help?: boolean };
  try {
    // Editors add options such as --clientProcessId, which vscode-languageserver reads itself.
    ({ values } = parseArgs({
      args: parameters.filter((each) => !/^--clientProcessId\b/.test(each)),
      options: {
        stdio: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    const { message } = error as Error;
    console.error(`${message} See convnotes language-server --help.`);
    return MISUSED;
  }
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!values.stdio) {
    console.error(
      "Expected --stdio, received none. Editors start this program; see convnotes language-server --help.",
    );
    return MISUSED;
  }
  serve(createConnection(process.stdin, process.stdout));
  return new Promise(() => undefined);
}
