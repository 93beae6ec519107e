/**
 * `convnotes kernel install`, by which Jupyter finds this kernel.
 */
import { join } from "node:path";
import { defaultPlace, kernelsFolder, placeOptions } from "./jupyter-paths";
import {
  DEFAULT_DISPLAY_NAME,
  DEFAULT_NAME,
  isOurs,
  kernelspecExists,
  kernelspecName,
  readKernelspec,
  writeKernelspec,
} from "./kernelspec";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Installs the kernelspec; a second time it replaces it. */
export const install: Subcommand = {
  summary: "Let Jupyter find this kernel.",
  description: `Writes a kernelspec, the file by which Jupyter finds and starts this kernel. Installing again replaces it: do so
after the kernel or Node has moved.

${defaultPlace}`,
  options: {
    ...placeOptions,
    name: {
      type: "string",
      value: "NAME",
      help: `The name by which notebooks ask for the kernel: ${DEFAULT_NAME}.`,
    },
    "display-name": {
      type: "string",
      value: "TEXT",
      help: `The name that you see in Jupyter: ${DEFAULT_DISPLAY_NAME}.`,
    },
    force: {
      type: "boolean",
      help: "Also in the place of another kernel of that name.",
    },
  },

  run(values) {
    const folder = kernelsFolder(values);
    const name = kernelspecName(textOption(values, "name"));
    if (
      kernelspecExists(folder, name) &&
      values.force !== true &&
      !isOurs(readKernelspec(folder, name))
    ) {
      throw new CommandError(
        `Expected a kernelspec of this kernel or none in ${join(folder, name)}, found another kernel's. --force replaces it, --name NAME leaves it alone.`,
      );
    }
    writeKernelspec(
      folder,
      name,
      textOption(values, "display-name") ?? DEFAULT_DISPLAY_NAME,
    );
    console.log(`Installed: ${join(folder, name)}`);
    return 0;
  },
};
