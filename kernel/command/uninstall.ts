/**
 * Implements `convnotes kernel uninstall`, which removes what `install.ts` writes.
 */
import { join } from "node:path";
import {
  defaultLocation,
  kernelsFolder,
  knownKernelsFolders,
  locationOption,
  locationOptions,
} from "./jupyter-paths";
import { removeLabExtension } from "./lab-extension";
import {
  hasOurs,
  isOurs,
  kernelspecExists,
  kernelspecName,
  nameOption,
  readKernelspec,
  removeKernelspec,
} from "./kernelspec";
import { removeLanguageServerFile } from "./language-server-file";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Removes the kernelspec; the kernel itself is kept. */
export const uninstall: Subcommand = {
  summary: "Remove this kernel from Jupyter",
  description: `Removes the files that install wrote; use the same options. The kernel itself stays installed.

${defaultLocation}`,
  options: {
    ...locationOptions,
    name: nameOption,
    force: {
      type: "boolean",
      help: "Also remove the kernelspec of another kernel.",
    },
  },

  async run(values) {
    const folder = kernelsFolder(values);
    const name = kernelspecName(textOption(values, "name"));
    if (!kernelspecExists(folder, name)) {
      throw new CommandError(
        "ERR_FILE_MISSING",
        `Expected a kernelspec in ${join(folder, name)}, found none.${elsewhere(folder, name)}`,
      );
    }
    if (values.force !== true && !isOurs(readKernelspec(folder, name))) {
      throw new CommandError(
        "ERR_INVALID_STATE",
        `Expected a kernelspec of this kernel in ${join(folder, name)}, found another kernel's. Use --force to remove it.`,
      );
    }
    removeKernelspec(folder, name);
    console.log(`Removed: ${join(folder, name)}`);
    // Kernels of other names use the rest, too.
    if (hasOurs(folder)) return 0;
    await removeLabExtension(folder);
    const server = removeLanguageServerFile(folder);
    if (server !== undefined) console.log(`Removed: ${server}`);
    return 0;
  },
};

/**
 * Returns a sentence about another folder with a kernelspec of this kernel of that name, or an
 * empty string.
 */
function elsewhere(folder: string, name: string): string {
  const other = knownKernelsFolders().find(
    (known) => known !== folder && isOurs(readKernelspec(known, name)),
  );
  return other === undefined
    ? ""
    : ` There is one in ${join(other, name)}: use ${locationOption(other)}.`;
}
