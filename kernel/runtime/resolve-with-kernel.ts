/**
 * Resolves and imports packages that are installed with the kernel, for files that have no package
 * of that name.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { nativeImport } from "@convnotes/notebook/native-import";
import { comesWithKernel, placeWithKernel } from "../packages-with-kernel";
import { codeOf } from "./module-error";

const place = placeWithKernel(dirname(__dirname));
const load = createRequire(place);

/**
 * Resolves a module for `require`. Returns undefined if it is not one of the kernel's packages.
 *
 * @param name The module.
 * @param importer The requiring file, which does not find the module itself.
 * @throws {Error} Node's error if the package is there and does not have this module.
 */
export function resolveWithKernel(
  name: string,
  importer: string,
): string | undefined {
  if (importer === place || !comesWithKernel(name, importer)) return undefined;
  try {
    return load.resolve(name);
  } catch (error) {
    if (codeOf(error) === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Returns Node's `import()` for a module: from the importing file, or from the kernel's
 * installation.
 *
 * @param importer The importing file.
 */
export function importFunction(
  importer: string,
): (name: string) => Promise<unknown> {
  const own = nativeImport(importer);
  const withKernel = nativeImport(place);
  return (name) =>
    comesWithKernel(name, importer)
      ? withKernel(name).catch((error: unknown) => {
          // The error names the importing file.
          throwUnlessMissing(error);
          return own(name);
        })
      : own(name);
}

function throwUnlessMissing(error: unknown): void {
  if (codeOf(error) !== "ERR_MODULE_NOT_FOUND") throw error;
}
