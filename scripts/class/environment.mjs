// Step: creates the environment of the hub, .venv-hub/, from pinned and hashed requirements.
// It is separate from .venv: the hub runs as root, and students' servers need fewer packages.

import fs from "node:fs";
import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { npm, npmVariables, registry } from "../../src/engine/setup/npm.mjs";
import { pip } from "../../src/engine/setup/pip.mjs";
import { findPython } from "../../src/engine/setup/python.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";
import { kernelName } from "../setup/jupyter.mjs";
import {
  environmentFolder,
  inProject,
  root,
  sitePackages,
} from "../setup/project.mjs";
import { uvInstall } from "../setup/uv.mjs";
import {
  hubFolder,
  hubJupyterFolder,
  hubPython,
  proxyFolder,
} from "./place.mjs";
import { requireReadable } from "./readable.mjs";

const requirements = inProject("scripts", "class", "requirements.txt");
const manifests = ["package.json", "package-lock.json"].map((name) =>
  inProject("scripts", "class", name),
);
const courseJupyterFolder = path.join(environmentFolder, "share", "jupyter");
/** What students' servers share with `npm run lab`: settings and the template of the pages. */
const sharedFolders = [
  path.join("lab", "settings", "overrides.d"),
  path.join("nbconvert", "templates", "convnotes"),
];
/** Makes the template's preprocessor importable. */
const pathFile = "convnotes-pages.pth";

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const hubEnvironment = {
  name: "hub (.venv-hub)",
  stamp: path.join(hubFolder, "convnotes.json"),
  folder: hubFolder,
  bytes: 0.5e9,
  makes: () => [
    hubPython,
    path.join(hubFolder, "bin", "jupyterhub"),
    path.join(hubFolder, "bin", "jupyterhub-singleuser"),
    path.join(proxyFolder, "node_modules", "configurable-http-proxy"),
    path.join(hubJupyterFolder, "kernels", kernelName, "kernel.json"),
    ...sharedFolders.map((folder) => path.join(hubJupyterFolder, folder)),
  ],

  inputs: () => ({
    "the hub's requirements.txt": hashFiles([requirements]),
    "the proxy's package-lock.json": hashFiles(manifests),
    "the kernel for Jupyter": hashFiles(
      sharedFolders.flatMap((folder) =>
        filesOf(path.join(courseJupyterFolder, folder)),
      ),
    ),
    "Node.js": process.execPath,
    "the checkout's place": root,
  }),

  async run({ interruption, report }) {
    const python = await findPython(interruption);
    requireReadable(fs.realpathSync(python.path), "Python");
    fs.rmSync(hubFolder, { recursive: true, force: true });
    report(`creating it with Python ${python.version.join(".")}`);
    requireSuccess(
      "The hub's environment could not be created",
      await run(python.path, ["-I", "-m", "venv", hubFolder], { interruption }),
    );
    requireSuccess(
      "The hub's Python packages could not be installed",
      await uvInstall(hubPython, requirements, { interruption }),
    );
    report("installing the proxy");
    await installProxy(interruption);
    report("installing the kernel");
    await installKernel(interruption);
  },
};

/**
 * @param {string} folder
 * @returns {string[]} The files in it; none if it does not exist.
 */
function filesOf(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}

/** @param {AbortSignal} interruption */
async function installProxy(interruption) {
  fs.mkdirSync(proxyFolder, { recursive: true });
  for (const file of manifests)
    fs.copyFileSync(file, path.join(proxyFolder, path.basename(file)));
  const [program, ...leading] = npm();
  const { code, output } = await run(
    program,
    [...leading, "ci", "--ignore-scripts", "--prefer-offline"],
    { interruption, folder: proxyFolder, variables: npmVariables() },
  );
  if (code !== 0)
    throw explain("The hub's proxy could not be installed", output, registry);
}

/**
 * Installs the kernel as any user does. The kernel of .venv keeps its history in the checkout,
 * which students may not write to and would share; this one keeps it in each student's home.
 *
 * @param {AbortSignal} interruption
 */
async function installKernel(interruption) {
  const program = inProject("src", "notebook", "bin", "convnotes.mjs");
  requireSuccess(
    "The kernel could not be installed for the hub",
    await run(
      process.execPath,
      [program, "kernel", "install", "--prefix", hubFolder],
      { interruption },
    ),
  );
  for (const folder of sharedFolders)
    fs.cpSync(
      path.join(courseJupyterFolder, folder),
      path.join(hubJupyterFolder, folder),
      { recursive: true },
    );
  const library = path.join(hubFolder, "lib");
  const source = path.join(sitePackages() ?? environmentFolder, pathFile);
  for (const name of fs.readdirSync(library))
    if (name.startsWith("python3."))
      fs.copyFileSync(
        source,
        path.join(library, name, "site-packages", pathFile),
      );
}

/**
 * @param {string} what What fails if the call failed.
 * @param {import("../../src/engine/setup/command.mjs").Outcome} outcome
 * @throws {import("../../src/engine/setup/setup-error.mjs").SetupError} If it failed.
 */
function requireSuccess(what, { code, output }) {
  if (code !== 0) throw explain(what, output, pip);
}
