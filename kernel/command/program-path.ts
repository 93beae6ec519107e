/**
 * Locates programs and the kernel's own packages.
 */
import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve, sep } from "node:path";

/** The folder of the kernel's package.json. */
const PACKAGE_FOLDER = resolve(__dirname, "..", "..");

/**
 * Returns the folder in which `npm install` repairs the kernel's packages: the project that
 * contains the kernel.
 */
export function installationFolder(): string {
  const within = PACKAGE_FOLDER.lastIndexOf(`${sep}node_modules${sep}`);
  return within < 0 ? dirname(PACKAGE_FOLDER) : PACKAGE_FOLDER.slice(0, within);
}

/** Returns whether a path is an executable file. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns the path of a program, from the search path if `name` is not a path, or undefined if it
 * does not exist.
 */
export function findProgram(name: string): string | undefined {
  if (name.includes(sep)) return isProgram(name) ? name : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** Returns the beginning of a command line that starts this program again. */
export function thisProgram(): string {
  const [, script = "convnotes"] = process.argv;
  if (basename(script) !== "convnotes") return `node ${script}`;
  return script.includes(`${sep}node_modules${sep}.bin${sep}`)
    ? "npx convnotes"
    : "convnotes";
}
