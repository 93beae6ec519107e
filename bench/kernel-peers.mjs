/**
 * Installs the kernels that the kernel benchmark uses and Jupyter does not have: Deno's and
 * unmodified tslab.
 *
 * Their kernelspecs, and Deno itself, which is downloaded on first use, are in out/.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { BenchError } from "./bench-error.mjs";
import { root } from "./job.mjs";
import { unknownWord } from "./options.mjs";
import { lastLineValue, reasonOf } from "./process.mjs";
import { projectPython } from "./python-environment.mjs";

const DENO_VERSION = "2.9.6";

const folder = join(root, "out", "bench", "kernel");
const denoFolder = join(folder, "deno");
const jupyterFolder = join(folder, "jupyter");

/**
 * A kernel of another project: the language of its cells, its working folder and its kernelspec.
 */
/**
 * @typedef {{language: string, folder: string, prepare(): {argv: string[], env?: Record<string,
 * string>}}} Peer
 */

/** @type {Readonly<Record<string, Peer>>} */
const peers = {
  deno: {
    language: "deno",
    // In the project's folder Deno would use the project's package.json.
    folder: denoFolder,
    prepare: () => ({
      argv: [
        installDeno(),
        ...["jupyter", "--kernel", "--conn", "{connection_file}"],
      ],
      env: {
        DENO_DIR: join(denoFolder, "cache"),
        DENO_NO_UPDATE_CHECK: "1",
      },
    }),
  },
  tslab: {
    language: "typescript",
    folder: join(root, "notebooks"),
    prepare: () => ({
      argv: [
        process.execPath,
        join(root, "node_modules", "tslab", "bin", "tslab"),
        ...["kernel", "--config-path", "{connection_file}"],
      ],
    }),
  },
};

/**
 * Returns the language of a kernel's cells and its working folder.
 *
 * @param {string} kernel The name of its kernelspec.
 */
export function contextOf(kernel) {
  const { language, folder } = peers[kernel] ?? {
    language: kernel.startsWith("python") ? "python" : "typescript",
    folder: join(root, "notebooks"),
  };
  return { language, folder };
}

/**
 * Returns the kernels that the option `--kernels` names, in its order: the first is the reference.
 *
 * @param {string} names Separated by commas.
 * @returns {string[]}
 * @throws {BenchError} If there is no such kernel, or one is named twice.
 */
export function chosenKernels(names) {
  const chosen = names.split(",");
  const known = [...new Set([...installedKernels(), ...Object.keys(peers)])];
  for (const [index, name] of chosen.entries()) {
    if (!known.includes(name))
      throw unknownWord("--kernels to name some of", known, name);
    if (chosen.indexOf(name) < index)
      throw new BenchError(
        "ERR_USAGE",
        `Expected --kernels to name each kernel once, received "${names}".`,
      );
  }
  return chosen;
}

/**
 * @returns {string[]} The names of the kernelspecs that Jupyter finds.
 * @throws {BenchError} If Jupyter cannot be run.
 */
function installedKernels() {
  const program =
    "import json; from jupyter_client.kernelspec import KernelSpecManager as M; print(json.dumps(sorted(M().find_kernel_specs())))";
  const { status, stdout, stderr, error } = spawnSync(
    projectPython,
    ["-c", program],
    { encoding: "utf8" },
  );
  if (status !== 0) {
    throw new BenchError(
      "ERR_PROCESS",
      `Expected Jupyter in ${projectPython} to list its kernels: ${error?.message ?? reasonOf(stderr)}. npm run setup installs it.`,
    );
  }
  return lastLineValue(stdout);
}

/**
 * Writes the kernelspecs of the given kernels that are peers.
 *
 * @param {readonly string[]} kernels
 * @returns {NodeJS.ProcessEnv} Variables with which Jupyter finds them.
 * @throws {BenchError} If Deno cannot be downloaded.
 */
export function prepareKernels(kernels) {
  rmSync(jupyterFolder, { recursive: true, force: true });
  for (const name of kernels.filter((name) => Object.hasOwn(peers, name))) {
    const specFolder = join(jupyterFolder, "kernels", name);
    mkdirSync(specFolder, { recursive: true });
    writeFileSync(
      join(specFolder, "kernel.json"),
      JSON.stringify({
        ...peers[name].prepare(),
        display_name: name,
        language: "typescript",
      }),
    );
  }
  const { JUPYTER_PATH: others } = process.env;
  return {
    ...process.env,
    JUPYTER_PATH: [jupyterFolder, others].filter(Boolean).join(delimiter),
  };
}

/** Installs Deno's npm package if necessary, and returns the program's path. */
function installDeno() {
  const packages = join(denoFolder, "node_modules");
  const manifest = join(packages, "deno", "package.json");
  const isInstalled =
    existsSync(manifest) &&
    JSON.parse(readFileSync(manifest, "utf8")).version === DENO_VERSION;
  if (!isInstalled) {
    console.log(`Downloading Deno ${DENO_VERSION} (about 0.1 GB) ...`);
    rmSync(denoFolder, { recursive: true, force: true });
    mkdirSync(denoFolder, { recursive: true });
    writeFileSync(join(denoFolder, "package.json"), '{ "private": true }\n');
    const { status, stderr, error } = spawnSync(
      "npm",
      [
        ...["install", "--no-audit", "--no-fund", "--ignore-scripts"],
        ...["--prefix", denoFolder, `deno@${DENO_VERSION}`],
      ],
      { cwd: denoFolder, encoding: "utf8" },
    );
    if (status !== 0) {
      throw new BenchError(
        "ERR_PROCESS",
        `Deno could not be downloaded: ${error?.message ?? stderr.trim()}`,
      );
    }
  }
  // The package `deno` only starts the program, which is in a package for this kind of machine.
  const [machine] = readdirSync(join(packages, "@deno"));
  return join(packages, "@deno", machine, "deno");
}
