/**
 * Runs the real commands of the Dockerfile, the dev container and Binder in a clean copy of this
 * checkout, without Docker.
 *
 * The copy is set up once, by the Dockerfile's commands. Commands that need root in a container
 * (apt-get) are left out. Takes some minutes, 3 GB of disk space and the network.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { python, temporaryFolder } from "../lessons/notebook-file";
import {
  type Command,
  devContainer,
  follow,
  text,
} from "../setup/container-files";

const minutes = 60_000;
const port = 18_888;

const { folder, remove } = temporaryFolder();
after(remove);

/** The checkout's place in the image. */
const clone = path.join(folder, "home", "node", "convnotes");
/** A home of its own, so that `--user` does not touch this account's kernels. */
const home = path.join(folder, "root");
/** What repo2docker names NB_PYTHON_PREFIX. */
const prefix = path.join(folder, "srv", "conda", "envs", "notebook");

const variables = {
  ...process.env,
  HOME: home,
  // Caches of the machine, as a second build of an image has them.
  UV_CACHE_DIR: cacheOf("uv", ["cache", "dir"]),
  npm_config_cache: cacheOf("npm", ["config", "get", "cache"]),
  NB_PYTHON_PREFIX: prefix,
};

/** Returns a program's answer, or the same folder below this home if it has none. */
function cacheOf(program: string, parameters: readonly string[]): string {
  const own = path.join(path.dirname(python), program);
  const { stdout } = spawnSync(existsSync(own) ? own : program, parameters, {
    encoding: "utf8",
  });
  return stdout?.trim() || path.join(home, ".cache", program);
}

/** Runs a command to its end. */
function run({ shell, folder: cwd }: Command): void {
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", shell], {
    cwd,
    env: variables,
    encoding: "utf8",
  });
  assert.equal(status, 0, `${shell}\n${stdout}\n${stderr}`);
}

/** Starts JupyterLab with a container's command at another port, and asks it for its kernels. */
async function kernelsOfLab(shell: string): Promise<string[]> {
  // Root may start Jupyter on a test machine; in the image the user is another.
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      `${shell.replace(/--port=\d+/, `--port=${port}`)} --allow-root --IdentityProvider.token=secret`,
    ],
    { cwd: clone, env: variables, detached: true, stdio: "ignore" },
  );
  try {
    const names = await askKernels(child);
    return names;
  } finally {
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null) {
      process.kill(-child.pid!, "SIGINT");
      await ended;
    }
  }
}

async function askKernels(child: ChildProcess): Promise<string[]> {
  for (let second = 0; second < 180; second += 1) {
    assert.equal(child.exitCode, null, "JupyterLab ended");
    try {
      const answer = await fetch(
        `http://127.0.0.1:${port}/api/kernelspecs?token=secret`,
      );
      const { kernelspecs } = (await answer.json()) as {
        kernelspecs: Record<string, unknown>;
      };
      return Object.keys(kernelspecs);
    } catch {
      await pause(1_000);
    }
  }
  throw new Error("Expected JupyterLab to answer, received nothing.");
}

describe("the commands of containers", { timeout: 60 * minutes }, () => {
  test("of the Dockerfile set up the course and start JupyterLab", async () => {
    mkdirSync(home, { recursive: true });
    let start = "";
    await follow(text("Dockerfile"), folder, (command) => {
      if (/^npm run lab/.test(command.shell)) start = command.shell;
      else if (!/^apt-get/.test(command.shell)) run(command);
      return Promise.resolve();
    });
    assert.ok((await kernelsOfLab(start)).includes("convnotes"));
  });

  test("of the dev container install the kernel for its user", async () => {
    const { onCreateCommand, postAttachCommand } = devContainer();
    run({ shell: onCreateCommand, folder: clone });
    assert.ok(
      existsSync(
        path.join(home, ".local/share/jupyter/kernels/convnotes/kernel.json"),
      ),
    );
    assert.ok((await kernelsOfLab(postAttachCommand)).includes("convnotes"));
  });

  test("of Binder install the kernel in Binder's environment", () => {
    run({ shell: "./binder/postBuild", folder: clone });
    const jupyter = path.join(prefix, "share", "jupyter");
    assert.ok(existsSync(path.join(jupyter, "kernels/convnotes/kernel.json")));
    const { status, stderr } = spawnSync(
      python,
      [
        "-c",
        `
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="convnotes", startup_timeout=180)
answer = []
def collect(message):
    if message["msg_type"] == "execute_result":
        answer.append(message["content"]["data"]["text/plain"])
client.execute_interactive("const six: number = 2 * 3; six", timeout=180, output_hook=collect)
client.stop_channels()
manager.shutdown_kernel()
assert answer == ["6"], answer
`,
      ],
      {
        encoding: "utf8",
        env: { ...variables, JUPYTER_PATH: jupyter },
      },
    );
    assert.equal(status, 0, stderr);
  });
});
