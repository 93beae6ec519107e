// Finds the commands of installed packages: of convnotes, @convnotes/NAME and convnotes-NAME.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A command of a package.
 *
 * @typedef {object} Command
 * @property {string} summary One line for the list of commands.
 * @property {string} module Absolute path of the module that exports `command(parameters)`.
 * @property {string[]} requires Modules to load first.
 * @property {string} package The package's name.
 * @property {string} folder The package's folder.
 */

/** Folder of the package that this file belongs to. */
const ownFolder = fileURLToPath(new URL("..", import.meta.url));

/**
 * Looks in the folders of packages above the current folder, then in those above this program. If
 * two packages define a command of the same name, the first one found is used.
 *
 * @returns {Map<string, Command>} By name, in alphabetical order.
 */
export function installedCommands() {
  /** @type {Map<string, Command>} */
  const commands = new Map();
  for (const folder of [...above(process.cwd()), ...above(ownFolder)]) {
    for (const name of packagesIn(folder)) {
      for (const [command, found] of commandsOf(path.join(folder, name))) {
        if (!commands.has(command)) commands.set(command, found);
      }
    }
  }
  return new Map([...commands].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {string} start
 * @returns {string[]} The folders in which Node would look for a package imported there.
 */
function above(start) {
  const folders = [];
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    folders.push(
      path.basename(folder) === "node_modules"
        ? folder
        : path.join(folder, "node_modules"),
    );
    if (folder === path.dirname(folder)) return folders;
  }
}

/**
 * @param {string} folder
 * @returns {string[]} The packages in it that may have commands.
 */
function packagesIn(folder) {
  const scoped = entries(path.join(folder, "@convnotes"));
  return [
    ...entries(folder).filter((name) => /^convnotes(-|$)/.test(name)),
    ...scoped.map((name) => path.join("@convnotes", name)),
  ];
}

/**
 * @param {string} folder
 * @returns {string[]} The names in it; none if it does not exist.
 */
function entries(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * @param {string} link
 * @returns {[string, Command][]} The package's commands; none if it has no readable package.json.
 */
function commandsOf(link) {
  try {
    const folder = fs.realpathSync(link);
    const { name, convnotes } = JSON.parse(
      fs.readFileSync(path.join(folder, "package.json"), "utf8"),
    );
    /** @type {Record<string, { summary: string, module: string, requires?: string[] }>} */
    const declared = convnotes?.commands ?? {};
    return Object.entries(declared).map(
      ([command, { summary, module, requires = [] }]) => [
        command,
        {
          summary: String(summary),
          module: path.join(folder, module),
          requires,
          package: name,
          folder,
        },
      ],
    );
  } catch {
    return [];
  }
}
