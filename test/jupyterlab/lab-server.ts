/**
 * Starts and ends the server of the tests' JupyterLab.
 *
 * The server uses the project's Python environment with its kernel and front ends, and separate
 * folders for everything that Jupyter reads or writes in a user's home folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { childrenOf } from "../kernel/processes";
import { python, root } from "../lessons/notebook-file";

/**
 * Settings of the page: no news from the network, no autosave, and a long timeout for a busy
 * kernel's completions.
 */
const SETTINGS = {
  "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
    fetchNews: "false",
    checkForUpdates: false,
    doNotDisturbMode: true,
  },
  "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {
    autosave: false,
  },
  "@jupyterlab/completer-extension/manager.jupyterlab-settings": {
    providerTimeout: 60_000,
  },
};

/** Starts a server with the environment's kernel and front ends; everything else is in `folder`. */
export function startServer(folder: string, notebooks: string): ChildProcess {
  const settings = path.join(folder, "settings");
  for (const [file, content] of Object.entries(SETTINGS)) {
    mkdirSync(path.dirname(path.join(settings, file)), { recursive: true });
    writeFileSync(path.join(settings, file), JSON.stringify(content));
  }
  copyKernelspec(path.join(folder, "data"));
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: "",
    JUPYTER_CONFIG_DIR: path.join(folder, "config"),
    JUPYTER_DATA_DIR: path.join(folder, "data"),
    JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: path.join(folder, "workspaces"),
    IPYTHONDIR: path.join(folder, "ipython"),
    // The copied kernelspec must take precedence over the environment's.
    JUPYTER_PREFER_ENV_PATH: "0",
  };
  // Both would take precedence over the folders above.
  delete variables.JUPYTER_PATH;
  delete variables.JUPYTER_CONFIG_PATH;
  return spawn(
    python,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root"],
      `--ServerApp.root_dir=${notebooks}`,
      "--ServerApp.ip=127.0.0.1",
      "--ServerApp.port=0",
      `--IdentityProvider.token=${randomUUID()}`,
      "--LabApp.expose_app_in_browser=True",
    ],
    { cwd: notebooks, env: variables, stdio: ["ignore", "pipe", "pipe"] },
  );
}

/**
 * Copies the installed kernelspec, with the history disabled so that the tests do not change the
 * user's history.
 */
function copyKernelspec(data: string): void {
  const installed = path.join(
    ...[root, ".venv", "share", "jupyter", "kernels", "convnotes"],
  );
  const copy = path.join(data, "kernels", "convnotes");
  mkdirSync(copy, { recursive: true });
  const specification = JSON.parse(
    readFileSync(path.join(installed, "kernel.json"), "utf8"),
  ) as { env?: Record<string, string> };
  specification.env = { ...specification.env, CONVNOTES_HISTORY: "off" };
  writeFileSync(path.join(copy, "kernel.json"), JSON.stringify(specification));
}

/** Kills a server and everything it has started, without waiting. */
export function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  for (const each of [pid, ...descendantsOf(pid)]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}
