/**
 * Runs commands of the library `convnotes`, which is a separate package written in TypeScript.
 */
import { CommandError } from "./subcommand";

type Command = (parameters: readonly string[]) => Promise<number>;

/**
 * Runs `convnotes data …`.
 *
 * @param parameters The command line after `data`.
 * @returns The exit code.
 * @throws {CommandError} If the library is neither in the current folder's packages nor in the
 *   kernel's.
 */
export async function dataCommand(
  parameters: readonly string[],
): Promise<number> {
  await import("../typescript-register");
  const name = "convnotes/data/command/data-command";
  const path = find(name);
  const module = (await import(path)) as { dataCommand: Command };
  return module.dataCommand(parameters);
}

function find(name: string): string {
  try {
    return require.resolve(name, { paths: [process.cwd(), __dirname] });
  } catch {
    throw new CommandError(
      "ERR_FILE_MISSING",
      "Expected the library convnotes among the packages of this folder or of the kernel, found none.",
    );
  }
}
