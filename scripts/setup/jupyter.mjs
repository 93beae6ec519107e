// Step: what Jupyter must know of the project, put into the environment and nowhere else: the kernel, and two settings of
// JupyterLab.

import fs from "node:fs";
import path from "node:path";
import { environmentFolder, inProject, root } from "./project.mjs";
import { kernelProgram } from "./kernel.mjs";
import { hashText, writeWhole } from "./stamp.mjs";

/** Under this name notebooks ask for the kernel. */
export const kernelName = "convnotes";

const jupyterFolder = path.join(environmentFolder, "share", "jupyter");
const kernelFolder = path.join(jupyterFolder, "kernels", kernelName);

/** The files of this step, by their path below share/jupyter. */
const files = () => ({
  [`kernels/${kernelName}/kernel.json`]: json({
    argv: [process.execPath, kernelProgram, "{connection_file}"],
    display_name: "TypeScript (convnotes)",
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: "5.5",
    env: {
      TF_CPP_MIN_LOG_LEVEL: "2",
      // Inside the checkout, as everything else.
      CONVNOTES_HISTORY: path.join(
        environmentFolder,
        "share",
        "convnotes",
        "history.jsonl",
      ),
    },
    metadata: { debugger: false },
  }),
  [`kernels/${kernelName}/logo-svg.svg`]: fs.readFileSync(
    inProject("kernel", "logo.svg"),
    "utf8",
  ),
  // JupyterLab would ask the network for news, in a box over the notebook's corner.
  "lab/settings/overrides.d/convnotes.json": json({
    "@jupyterlab/apputils-extension:notification": {
      fetchNews: "false",
      checkForUpdates: false,
    },
  }),
});

/** @type {import("./step.mjs").Step} */
export const jupyter = {
  name: "kernel for Jupyter",
  stamp: path.join(kernelFolder, "convnotes.json"),
  folder: kernelFolder,
  bytes: 0,
  makes: () =>
    Object.keys(files()).map((name) => path.join(jupyterFolder, name)),

  inputs: () => ({
    "Node.js": process.execPath,
    "the checkout's place": root,
    "the kernel's description": hashText(json(files())),
  }),

  async run() {
    for (const [name, content] of Object.entries(files()))
      writeWhole(path.join(jupyterFolder, name), content);
  },
};

/**
 * @param {unknown} value
 * @returns {string}
 */
function json(value) {
  return JSON.stringify(value, undefined, 2) + "\n";
}
