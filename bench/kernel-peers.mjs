/**
 * Kernels that the bench of kernels starts and Jupyter does not know: Deno's and tslab as it comes. Their
 * kernelspecs lie in out/, and so does Deno, which is fetched on first use.
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
import { root } from "./job.mjs";

const DENO_VERSION = "2.9.6";

const folder = join(root, "out", "bench", "kernel");
const denoFolder = join(folder, "deno");
const jupyterFolder = join(folder, "jupyter");

/** A kernel of another house: its command line, what it needs first, and where it runs. */
/** @typedef {{language: string, folder: string, prepare(): {argv: string[], env?: Record<string, string>}}} Peer */

/** @type {Readonly<Record<string, Peer>>} */
const peers = {
  deno: {
    language: "deno",
    // In the project it would take package.json for its own.
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
 * What a kernel is measured as: the language of its cells and its working folder.
 *
 * @param {string} kernel The name of its kernelspec.
 */
export function placeOf(kernel) {
  const { language, folder } = peers[kernel] ?? {
    language: kernel.startsWith("python") ? "python" : "typescript",
    folder: join(root, "notebooks"),
  };
  return { language, folder };
}

/**
 * Makes the kernelspecs of those of the kernels that are peers.
 *
 * @param {readonly string[]} kernels
 * @returns {NodeJS.ProcessEnv} Variables with which Jupyter finds them.
 * @throws {Error} If Deno cannot be fetched.
 */
export function prepareKernels(kernels) {
  rmSync(jupyterFolder, { recursive: true, force: true });
  for (const name of kernels.filter((name) => Object.hasOwn(peers, name))) {
    const place = join(jupyterFolder, "kernels", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, "kernel.json"),
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

/** Puts the npm package of Deno into its folder unless it is there; the path of the program. */
function installDeno() {
  const packages = join(denoFolder, "node_modules");
  const manifest = join(packages, "deno", "package.json");
  const isThere =
    existsSync(manifest) &&
    JSON.parse(readFileSync(manifest, "utf8")).version === DENO_VERSION;
  if (!isThere) {
    console.log(`Fetching Deno ${DENO_VERSION} (about 0.1 GB) ...`);
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
      throw new Error(
        `Deno could not be fetched: ${error?.message ?? stderr.trim()}`,
      );
    }
  }
  // The package named deno only starts the program, which a package for this kind of machine holds.
  const [machine] = readdirSync(join(packages, "@deno"));
  return join(packages, "@deno", machine, "deno");
}
