// Step: installs the kernelspec, the language server, two JupyterLab settings, the extension of
// JupyterLab and nbconvert's template of the pages, in the environment only.

import fs from "node:fs";
import path from "node:path";
import {
  environmentFolder,
  inProject,
  root,
  sitePackages,
} from "./project.mjs";
import { kernelProgram, languageServerProgram } from "./kernel.mjs";
import {
  extensionFiles,
  extensionFolder,
} from "../../kernel/lab-extension/files.mjs";
import { hashText, writeAtomically } from "../../src/engine/setup/stamp.mjs";

/** The kernel's name in notebooks. */
export const kernelName = "convnotes";

const jupyterFolder = path.join(environmentFolder, "share", "jupyter");
const templateFolder = inProject("notebooks", "template", "convnotes");
const kernelFolder = path.join(jupyterFolder, "kernels", kernelName);

/** The files of this step, by path below share/jupyter. */
const files = () => ({
  [`kernels/${kernelName}/kernel.json`]: json({
    argv: [process.execPath, kernelProgram, "{connection_file}"],
    display_name: "TypeScript (convnotes)",
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: "5.5",
    env: {
      TF_CPP_MIN_LOG_LEVEL: "2",
      // Inside the checkout, like everything else.
      CONVNOTES_HISTORY: path.join(
        environmentFolder,
        "share",
        "convnotes",
        "history.jsonl",
      ),
    },
    metadata: { debugger: true },
  }),
  [`kernels/${kernelName}/logo-svg.svg`]: fs.readFileSync(
    inProject("kernel", "logo.svg"),
    "utf8",
  ),
  ...extensionFiles(),
  // Otherwise JupyterLab fetches news from the network and shows them in a box over the notebook.
  "lab/settings/overrides.d/convnotes.json": json({
    "@jupyterlab/apputils-extension:notification": {
      fetchNews: "false",
      checkForUpdates: false,
    },
  }),
  ...Object.fromEntries(
    fs
      .readdirSync(templateFolder)
      .map((name) => [
        `nbconvert/templates/convnotes/${name}`,
        fs.readFileSync(path.join(templateFolder, name), "utf8"),
      ]),
  ),
});

/** Tells jupyterlab-lsp, if it is installed, how to start the language server. */
const languageServerFile = () => ({
  file: path.join(
    ...[environmentFolder, "etc", "jupyter", "jupyter_server_config.d"],
    "convnotes-language-server.json",
  ),
  // As in kernel/command/language-server-file.ts.
  content: json({
    LanguageServerManager: {
      language_servers: {
        [kernelName]: {
          version: 2,
          argv: [process.execPath, languageServerProgram, "--stdio"],
          languages: ["typescript"],
          mime_types: ["application/x-typescript", "application/typescript"],
          display_name: "TypeScript (convnotes)",
          requires_documents_on_disk: false,
        },
      },
    },
  }),
});

/** Makes the template's preprocessor importable in the environment. */
const pathFile = () => ({
  file: path.join(sitePackages() ?? environmentFolder, "convnotes-pages.pth"),
  content: `${inProject("scripts", "pages")}\n`,
});

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const jupyter = {
  name: "kernel for Jupyter",
  stamp: path.join(kernelFolder, "convnotes.json"),
  folder: kernelFolder,
  bytes: 0,
  makes: () => [
    ...Object.keys(files()).map((name) => path.join(jupyterFolder, name)),
    languageServerFile().file,
    pathFile().file,
  ],

  inputs: () => ({
    "Node.js": process.execPath,
    "the checkout's place": root,
    "the kernel's description": hashText(json(files())),
    "the language server's description": hashText(languageServerFile().content),
  }),

  async run() {
    const former = path.join(jupyterFolder, extensionFolder);
    fs.rmSync(former, { recursive: true, force: true });
    for (const [name, content] of Object.entries(files()))
      writeAtomically(path.join(jupyterFolder, name), content);
    for (const { file, content } of [pathFile(), languageServerFile()])
      writeAtomically(file, content);
  },
};

/**
 * @param {unknown} value
 * @returns {string}
 */
function json(value) {
  return JSON.stringify(value, undefined, 2) + "\n";
}
