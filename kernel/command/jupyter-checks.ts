/**
 * The doctor's look at Jupyter: whether there is one, and whether it finds this kernel.
 */
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Finding, unwell, well } from "./finding";
import { isNodeNewEnough, OLDEST_NODE } from "./installation-checks";
import { placeOption } from "./jupyter-paths";
import {
  DEFAULT_NAME,
  isOurs,
  kernelProgram,
  type Kernelspec,
} from "./kernelspec";
import {
  findProgram,
  installationFolder,
  isProgram,
  thisProgram,
} from "./program-path";

/** How long a program of Jupyter may take, in milliseconds. */
const JUPYTER_MILLISECONDS = 60_000;

/** What a check has found, and what the next one goes on with: undefined if it is not well. */
export interface Found<Value> {
  readonly finding: Finding;
  readonly value: Value | undefined;
}

/** The program `jupyter`: on the search path, or in a .venv of this folder or of the kernel's. */
export function checkJupyter(): Found<string> {
  const name = "Jupyter";
  const path =
    findProgram("jupyter") ??
    [process.cwd(), installationFolder()]
      .map((folder) => join(folder, ".venv", "bin", "jupyter"))
      .find(isProgram);
  if (path === undefined) {
    return {
      finding: unwell(
        name,
        "Expected the program jupyter on the search path or in .venv/bin, found none.",
        "pip install jupyterlab",
      ),
      value: undefined,
    };
  }
  try {
    // Asking for the versions of everything takes Jupyter seconds; this is the one that starts kernels.
    const version = run(path, "kernelspec", "--version").trim();
    return {
      finding: well(name, `jupyter_client ${version} (${path})`),
      value: path,
    };
  } catch (error) {
    return {
      finding: unwell(
        name,
        `Expected ${path} kernelspec --version to answer: ${(error as Error).message.trim()}`,
        `${join(dirname(path), "pip")} install --upgrade jupyterlab`,
      ),
      value: undefined,
    };
  }
}

/** The kernelspec that Jupyter finds under a name, and the two programs that it names. */
export function checkKernelspec(
  jupyter: string,
  name: string,
): Found<Kernelspec> {
  const title = `Kernelspec "${name}"`;
  const wrong = (text: string, remedy: string) => ({
    finding: unwell(title, text, remedy),
    value: undefined,
  });
  let known: Record<string, { resource_dir: string; spec: Kernelspec }>;
  try {
    ({ kernelspecs: known } = JSON.parse(
      run(jupyter, "kernelspec", "list", "--json"),
    ) as { kernelspecs: typeof known });
  } catch (error) {
    return wrong(
      `Expected a list of kernelspecs from Jupyter: ${(error as Error).message.trim()}`,
      "pip install --force-reinstall jupyter_client",
    );
  }
  const install = [thisProgram(), "kernel", "install"];
  if (name !== DEFAULT_NAME) install.push("--name", name);
  if (!Object.hasOwn(known, name)) {
    // Every Jupyter of this user looks there, whichever environment is active.
    return wrong(
      `Jupyter finds none; it finds ${Object.keys(known).join(", ") || "no kernel at all"}.`,
      [...install, "--user"].join(" "),
    );
  }
  const { resource_dir: folder, spec } = known[name];
  install.push(placeOption(dirname(folder)) ?? "--user");
  if (!isOurs(spec)) install.push("--force");
  const remedy = install.join(" ");
  const [node = "", ...parameters] = spec.argv;
  if (!parameters.some(isThisKernel)) {
    return wrong(
      `${folder} starts ${spec.argv.join(" ")}, not this kernel, ${kernelProgram}.`,
      remedy,
    );
  }
  const program = findProgram(node);
  if (program === undefined) {
    return wrong(`${folder} starts ${node}, which is no program.`, remedy);
  }
  try {
    const version = run(program, "--version").trim();
    if (!isNodeNewEnough(version)) {
      return wrong(
        `${folder} starts ${node}; expected Node.js ${OLDEST_NODE} or newer, it is ${version}.`,
        remedy,
      );
    }
    return {
      finding: well(title, `${folder}, for Node.js ${version}`),
      value: spec,
    };
  } catch (error) {
    return wrong(
      `${folder} starts ${node}, which does not run: ${(error as Error).message.trim()}`,
      remedy,
    );
  }
}

/** Whether a path leads to this kernel; with npm it may do so by a link. */
function isThisKernel(path: string): boolean {
  try {
    return realpathSync(path) === realpathSync(kernelProgram);
  } catch {
    return false;
  }
}

function run(program: string, ...parameters: string[]): string {
  return execFileSync(program, parameters, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: JUPYTER_MILLISECONDS,
  });
}
