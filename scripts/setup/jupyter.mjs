// Step: what Jupyter must know of the project, put into the environment and nowhere else: the kernel, and two settings of
// JupyterLab.

import path from "node:path";
import { environmentFolder, root } from "./project.mjs";
import { kernelProgram } from "./kernel.mjs";
import { hashText, writeWhole } from "./stamp.mjs";

/** Under this name notebooks ask for the kernel. */
export const kernelName = "convnotes";

const jupyterFolder = path.join(environmentFolder, "share", "jupyter");
const kernelFolder = path.join(jupyterFolder, "kernels", kernelName);

/** A convolution's window of 3 by 3 weights, and the language's two letters over it. */
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
  <g fill="#2f74c0">
    <rect x="2" y="2" width="19" height="19" opacity="0.45"/>
    <rect x="22.5" y="2" width="19" height="19" opacity="0.7"/>
    <rect x="43" y="2" width="19" height="19" opacity="0.35"/>
    <rect x="2" y="22.5" width="19" height="19" opacity="0.8"/>
    <rect x="22.5" y="22.5" width="19" height="19"/>
    <rect x="43" y="22.5" width="19" height="19" opacity="0.8"/>
    <rect x="2" y="43" width="19" height="19" opacity="0.9"/>
    <rect x="22.5" y="43" width="19" height="19"/>
    <rect x="43" y="43" width="19" height="19"/>
  </g>
  <g fill="none" stroke="#ffffff" stroke-width="4.5">
    <path d="M24 38h14M31 38v20"/>
    <path d="M55.5 41c-2.500-4.500-12-4-12 1.500 0 6.500 12.500 3.500 12.500 10 0 6-11 6-13.500 1"/>
  </g>
</svg>
`;

/** The files of this step, by their path below share/jupyter. */
const files = {
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
  [`kernels/${kernelName}/logo-svg.svg`]: logo,
  // JupyterLab would ask the network for news, in a box over the notebook's corner.
  "lab/settings/overrides.d/convnotes.json": json({
    "@jupyterlab/apputils-extension:notification": {
      fetchNews: "false",
      checkForUpdates: false,
    },
  }),
};

/** @type {import("./step.mjs").Step} */
export const jupyter = {
  name: "kernel for Jupyter",
  stamp: path.join(kernelFolder, "convnotes.json"),
  folder: kernelFolder,
  bytes: 0,
  makes: () => Object.keys(files).map((name) => path.join(jupyterFolder, name)),

  inputs: () => ({
    "Node.js": process.execPath,
    "the checkout's place": root,
    "the kernel's description": hashText(json(files)),
  }),

  async run() {
    for (const [name, content] of Object.entries(files))
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
