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
import { writeLabExtension } from "./lab-extension";
import { writeLanguageServerFile } from "./language-server-file";
import { usableSnapshot } from "../compiler/snapshot/snapshot-file";
import { CommandError, type Subcommand, textOption } from "./subcommand";

/** Installs the kernelspec and the language server, or replaces them if they exist. */
export const install: Subcommand = {
  summary: "Register this kernel with Jupyter",
  description: `Writes a kernelspec, the file that tells Jupyter how to start this kernel, JupyterLab's panel of variables, and a
file that tells jupyterlab-lsp how to start the language server. Installing again replaces them, which is necessary
after the kernel or Node has moved.

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

  async run(values) {
    const folder = kernelsFolder(values);
    const name = kernelspecName(textOption(values, "name"));
    if (
      kernelspecExists(folder, name) &&
      values.force !== true &&
      !isOurs(readKernelspec(folder, name))
    ) {
      throw new CommandError(
        "ERR_INVALID_STATE",
        `Expected a kernelspec of this kernel or none in ${join(folder, name)}, found another kernel's. Use --force to replace it or --name NAME to choose another name.`,
      );
    }
    writeKernelspec(
      folder,
      name,
      textOption(values, "display-name") ?? DEFAULT_DISPLAY_NAME,
    );
    await writeLabExtension(folder);
    console.log(`Installed: ${join(folder, name)}`);
    console.log(`Installed: ${writeLanguageServerFile(folder)}`);
    await createSnapshot();
    return 0;
  },
};

/**
 * Creates the startup snapshot of the compiler if there is none for this version of Node. Without
 * it the kernel starts a second later.
 */
async function createSnapshot(): Promise<void> {
  if (usableSnapshot() !== undefined) return;
  console.log("Creating the startup snapshot (about five seconds)");
  try {
    const { buildSnapshot } = await import("../compiler/snapshot/build");
    buildSnapshot(process.cwd(), []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`Not possible here: ${reason}`);
    console.log("The kernel works without it and starts a second later.");
  }
}
