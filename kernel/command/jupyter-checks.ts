/**
 * Checks whether Jupyter is installed and finds this kernel.
 */
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Finding, ok, problem } from "./finding";
import { isNodeNewEnough, OLDEST_NODE } from "./installation-checks";
import { locationOption } from "./jupyter-paths";
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

/** Time limit for a Jupyter command, in milliseconds. */
const JUPYTER_MILLISECONDS = 60_000;

/** The result of a check and a value for the next check, which is undefined if the check failed. */
interface Found<Value> {
  readonly finding: Finding;
  readonly value: Value | undefined;
}

/**
 * Checks the program `jupyter`: on the search path, or in a .venv of this folder or of the
 * kernel's.
 */
export function checkJupyter(): Found<string> {
  const name = "Jupyter";
  const path =
    findProgram("jupyter") ??
    [process.cwd(), installationFolder()]
      .map((folder) => join(folder, ".venv", "bin", "jupyter"))
      .find(isProgram);
  if (path === undefined) {
    return {
      finding: problem(
        name,
        "Expected the program jupyter on the search path or in .venv/bin, found none.",
        "pip install jupyterlab",
      ),
      value: undefined,
    };
  }
  try {
    // `jupyter --version` takes seconds, because it reads all versions; this is the command that
    // starts kernels.
    const version = run(path, "kernelspec", "--version").trim();
    return {
      finding: ok(name, `jupyter_client ${version} (${path})`),
      value: path,
    };
  } catch (error) {
    return {
      finding: problem(
        name,
        `Expected ${path} kernelspec --version to succeed: ${(error as Error).message.trim()}`,
        `${join(dirname(path), "pip")} install --upgrade jupyterlab`,
      ),
      value: undefined,
    };
  }
}

/** Checks the kernelspec that Jupyter finds under a name, and the programs that it refers to. */
export function checkKernelspec(
  jupyter: string,
  name: string,
): Found<Kernelspec> {
  const title = `Kernelspec "${name}"`;
  const wrong = (text: string, remedy: string) => ({
    finding: problem(title, text, remedy),
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
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined) {
    // Every Jupyter of this user searches that folder, in any environment.
    return wrong(
      `Not found by Jupyter, which finds ${Object.keys(known).join(", ") || "no kernel at all"}.`,
      [...install, "--user"].join(" "),
    );
  }
  const { resource_dir: folder, spec } = found;
  install.push(locationOption(dirname(folder)) ?? "--user");
  if (!isOurs(spec)) install.push("--force");
  const remedy = install.join(" ");
  const [node = "", ...parameters] = spec.argv;
  if (!parameters.some(isThisKernel)) {
    return wrong(
      `${folder} starts ${spec.argv.join(" ")} instead of this kernel, ${kernelProgram}.`,
      remedy,
    );
  }
  const program = findProgram(node);
  if (program === undefined) {
    return wrong(`${folder} starts ${node}, which is not a program.`, remedy);
  }
  try {
    const version = run(program, "--version").trim();
    if (!isNodeNewEnough(version)) {
      return wrong(
        `${folder} starts ${node}: expected Node.js ${OLDEST_NODE} or newer, found ${version}.`,
        remedy,
      );
    }
    return {
      finding: ok(title, `${folder}, for Node.js ${version}`),
      value: spec,
    };
  } catch (error) {
    return wrong(
      `${folder} starts ${node}, which fails: ${(error as Error).message.trim()}`,
      remedy,
    );
  }
}

/** Returns whether a path refers to this kernel, possibly through a link made by npm. */
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
