/**
 * Writes and removes the file that tells jupyter-lsp, and so JupyterLab with jupyterlab-lsp, how to
 * start the language server
 * (https://jupyterlab-lsp.readthedocs.io/en/latest/Language%20Servers.html).
 */
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "../compiler/project/atomic-write";
import {
  type SystemProperties,
  systemProperties,
  userConfigFolder,
} from "../jupyter-data";
import { isUserFolder } from "./jupyter-paths";
import { CommandError } from "./subcommand";

const FILE = "convnotes-language-server.json";

/** The name of the server in JupyterLab's settings. */
const SERVER = "convnotes";

/** The program that Jupyter starts. */
const PROGRAM = join(__dirname, "..", "language-server", "main.js");

/**
 * Returns the path of the file for a folder of kernelspecs: in the configuration of the same
 * Jupyter or user.
 */
export function languageServerFile(
  kernels: string,
  system: SystemProperties = systemProperties(),
): string {
  const configuration = isUserFolder(kernels, system)
    ? userConfigFolder(system)
    : // From PREFIX/share/jupyter/kernels.
      join(dirname(dirname(dirname(kernels))), "etc", "jupyter");
  return join(configuration, "jupyter_server_config.d", FILE);
}

/** Returns the content of the file. */
function languageServerConfiguration(): object {
  return {
    LanguageServerManager: {
      language_servers: {
        [SERVER]: {
          version: 2,
          argv: [process.execPath, PROGRAM, "--stdio"],
          languages: ["typescript"],
          mime_types: ["application/x-typescript", "application/typescript"],
          display_name: "TypeScript (convnotes)",
          requires_documents_on_disk: false,
        },
      },
    },
  };
}

/**
 * Writes the file for a folder of kernelspecs, atomically.
 *
 * @throws {CommandError} If its folder is not writable.
 */
export function writeLanguageServerFile(kernels: string): string {
  const file = languageServerFile(kernels);
  const text = JSON.stringify(languageServerConfiguration(), undefined, 2);
  try {
    writeAtomically(file, `${text}\n`);
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(
      "ERR_DISK",
      `Expected a writable folder ${dirname(file)}: ${message}. Use --user or --prefix to choose another folder.`,
    );
  }
  return file;
}

/** Removes the file for a folder of kernelspecs. Returns its path if it was there. */
export function removeLanguageServerFile(kernels: string): string | undefined {
  const file = languageServerFile(kernels);
  if (!existsSync(file)) return undefined;
  rmSync(file);
  return file;
}
