// Selects the command that a command line names, and runs it.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { installedCommands } from "./installed-commands.mjs";
import { nearest } from "./nearest.mjs";

/** Exit code of a command that failed. */
const FAILED = 1;
/** Exit code of an invalid command line, as in shells. */
const MISUSED = 2;

/**
 * @param {string[]} parameters The command line after the program's name.
 * @returns {Promise<number>} The exit code: 0 for success, 1 if the command failed, 2 if the
 *   command line is invalid.
 */
export async function runCommand([name, ...parameters]) {
  const commands = installedCommands();
  if (name === undefined || ["help", "--help", "-h"].includes(name)) {
    console.log(help(commands));
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined) {
    console.error(unknown(name, [...commands.keys()]));
    return MISUSED;
  }
  const load = createRequire(path.join(command.folder, "package.json"));
  if (!fs.existsSync(command.module)) {
    console.error(
      `Expected the compiled package ${command.package}, found no ${command.module}.\nRun npm run setup to compile it.`,
    );
    return FAILED;
  }
  for (const required of command.requires) load(required);
  const module = command.module.endsWith(".mjs")
    ? await import(pathToFileURL(command.module).href)
    : load(command.module);
  return module.command(parameters);
}

/**
 * @param {string} name
 * @param {string[]} known
 * @returns {string}
 */
function unknown(name, known) {
  const similar = nearest(name, known);
  const guess = similar === undefined ? "" : ` Did you mean ${similar}?`;
  return `Expected a command (${known.join(", ")}), received ${name}.${guess} See convnotes --help.`;
}

/**
 * @param {ReadonlyMap<string, import("./installed-commands.mjs").Command>} commands
 * @returns {string}
 */
function help(commands) {
  const rows = [...commands].map(
    ([name, { summary }]) => /** @type {const} */ ([name, summary]),
  );
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const list = rows.map(
    ([name, summary]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `convnotes: a Jupyter kernel for TypeScript, and libraries for its notebooks

Usage: convnotes COMMAND [PARAMETERS]

${list.length > 0 ? list.join("\n") : "  (no package with commands is installed)"}

See convnotes COMMAND --help for details.`;
}
