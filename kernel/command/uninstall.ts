/**
 * `convnotes kernel uninstall`, which undoes what `install.ts` does.
 */
import { join } from "node:path";
import {
  defaultPlace,
  kernelsFolder,
  knownKernelsFolders,
  placeOption,
  placeOptions,
} from "./jupyter-paths";
import {
  DEFAULT_NAME,
  isOurs,
  kernelspecExists,
  kernelspecName,
  readKernelspec,
  removeKernelspec,
} from "./kernelspec";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Takes the kernelspec away; the kernel itself stays. */
export const uninstall: Subcommand = {
  summary: "Undo install.",
  description: `Takes the kernelspec away that install has written. Give the same options. The kernel itself stays where it is.

${defaultPlace}`,
  options: {
    ...placeOptions,
    name: {
      type: "string",
      value: "NAME",
      help: `The name of the kernelspec: ${DEFAULT_NAME}.`,
    },
    force: {
      type: "boolean",
      help: "Also if it is another kernel's.",
    },
  },

  run(values) {
    const folder = kernelsFolder(values);
    const name = kernelspecName(textOption(values, "name"));
    if (!kernelspecExists(folder, name)) {
      throw new CommandError(
        `Expected a kernelspec in ${join(folder, name)}, found none.${elsewhere(folder, name)}`,
      );
    }
    if (values.force !== true && !isOurs(readKernelspec(folder, name))) {
      throw new CommandError(
        `Expected a kernelspec of this kernel in ${join(folder, name)}, found another kernel's. --force removes it all the same.`,
      );
    }
    removeKernelspec(folder, name);
    console.log(`Removed: ${join(folder, name)}`);
    return 0;
  },
};

/** Where else there is a kernelspec of this kernel of that name, as a sentence. */
function elsewhere(folder: string, name: string): string {
  const other = knownKernelsFolders().find(
    (known) => known !== folder && isOurs(readKernelspec(known, name)),
  );
  return other === undefined
    ? ""
    : ` There is one in ${join(other, name)}: ${placeOption(other)}.`;
}
