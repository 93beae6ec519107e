/**
 * Implements `convnotes kernel install`, which registers this kernel with Jupyter.
 */
import { join } from "node:path";
import {
  defaultLocation,
  kernelsFolder,
  locationOptions,
} from "./jupyter-paths";
import {
  DEFAULT_DISPLAY_NAME,
  DEFAULT_NAME,
  isOurs,
  kernelspecExists,
  kernelspecName,
  nameOption,
  readKernelspec,
  writeKernelspec,
} from "./kernelspec";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Installs the kernelspec, or replaces it if it exists. */
export const install: Subcommand = {
  summary: "Register this kernel with Jupyter.",
  description: `Writes a kernelspec, the file that tells Jupyter how to start this kernel. Installing again replaces it, which is
necessary after the kernel or Node has moved.

${defaultLocation}`,
  options: {
    ...locationOptions,
    name: {
      ...nameOption,
      help: `The name by which notebooks refer to the kernel. Default: ${DEFAULT_NAME}.`,
    },
    "display-name": {
      type: "string",
      value: "TEXT",
      help: `The name shown in Jupyter. Default: ${DEFAULT_DISPLAY_NAME}.`,
    },
    force: {
      type: "boolean",
      help: "Replace another kernel of that name.",
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
        `Expected a kernelspec of this kernel or none in ${join(folder, name)}, found another kernel's. Use --force to replace it or --name NAME to choose another name.`,
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
