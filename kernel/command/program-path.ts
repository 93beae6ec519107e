/**
 * Where programs and this kernel's own packages are on this machine.
 */
import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve, sep } from "node:path";

/** The folder of the kernel's package.json. */
const PACKAGE_FOLDER = resolve(__dirname, "..", "..");

/** The folder in which `npm install` mends the kernel's packages: the one that has it among its own, or the kernel's. */
export function installationFolder(): string {
  const within = PACKAGE_FOLDER.lastIndexOf(`${sep}node_modules${sep}`);
  return within < 0 ? dirname(PACKAGE_FOLDER) : PACKAGE_FOLDER.slice(0, within);
}

/** Whether a path is that of a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The path of a program: itself if it is one already, else the first on the search path; undefined if there is none. */
export function findProgram(name: string): string | undefined {
  if (name.includes(sep)) return isProgram(name) ? name : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** How the person who reads this would call this program again: the start of a command line. */
export function thisProgram(): string {
  const [, script = "convnotes"] = process.argv;
  if (basename(script) !== "convnotes") return `node ${script}`;
  return script.includes(`${sep}node_modules${sep}.bin${sep}`)
    ? "npx convnotes"
    : "convnotes";
}
