/**
 * Decides which packages are those installed with the kernel: those that are not installed where
 * they are imported.
 *
 * A notebook thus runs in any folder, with the packages of the kernel's installation. A package is
 * taken from one place as a whole: if the importer's folders have it, even without the module that
 * is imported, the kernel's is not used.
 */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, sep } from "node:path";
import { providedModules } from "./compiler/provided-modules";
import { packageOf, typesPackageOf } from "./extensions/installed-packages";

/** The library, which packages may import too; other packages have their own dependencies. */
const LIBRARY = "convnotes";

/**
 * Returns the path of a file that finds the packages installed with the kernel, as Node does: those
 * of the folder that contains the kernel's package, not the kernel's own versions in it.
 *
 * @param kernelFolder The folder of the kernel's compiled modules, in its package.
 */
export function placeWithKernel(kernelFolder: string): string {
  return join(dirname(dirname(kernelFolder)), "cell.ts");
}

/**
 * Whether a module's package is to be looked for in the kernel's installation.
 *
 * @param name The specifier as written in the import.
 * @param importer The importing file.
 */
export function comesWithKernel(name: string, importer: string): boolean {
  const wanted = packageName(name);
  if (wanted === undefined || importer === "") return false;
  const isInstalled = importer.includes(`${sep}node_modules${sep}`);
  if (isInstalled && wanted !== LIBRARY) return false;
  return !packageFolders(wanted, importer).some(existsSync);
}

/**
 * Returns the files whose creation ends {@link comesWithKernel}.
 *
 * @param name The specifier as written in the import.
 * @param importer The importing file.
 */
export function ownPackageFiles(name: string, importer: string): string[] {
  const wanted = packageName(name);
  return wanted === undefined
    ? []
    : packageFolders(wanted, importer).map((folder) =>
        join(folder, "package.json"),
      );
}

/** Returns the folders in which a package or its types would be. */
function packageFolders(name: string, importer: string): readonly string[] {
  const types = typesPackageOf(name);
  return moduleFolders(importer).flatMap((each) => [
    join(each, name),
    join(each, types),
  ]);
}

/**
 * Returns the folders in which Node looks for a package. Not `require.resolve.paths`, which a
 * process that starts from a snapshot does not have.
 */
function moduleFolders(importer: string): readonly string[] {
  const folders: string[] = [];
  let folder = dirname(importer);
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    if (basename(folder) !== "node_modules") folders.push(folder);
  }
  const { NODE_PATH = "" } = process.env;
  return [
    ...[...folders, folder].map((each) => join(each, "node_modules")),
    ...NODE_PATH.split(delimiter).filter((each) => each !== ""),
    join(homedir(), ".node_modules"),
    join(homedir(), ".node_libraries"),
  ];
}

/** Returns the name of a specifier's package, or undefined if it does not name one. */
function packageName(name: string): string | undefined {
  // Such as `#internal`, `data:` and `https:`, or the kernel's own module.
  if (/^#|^\w+:/.test(name) || name === "") return undefined;
  if (isBuiltin(name) || providedModules.has(name)) return undefined;
  return packageOf(name);
}
