// Runs the real setup in a clean copy of this checkout: downloads, compiles, tests and removes
// everything.
// Takes some minutes, 2.5 GB of disk space and the network.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";

const project = path.resolve(__dirname, "../..");
const minutes = 60_000;

/** Runs a cell through Jupyter's own client, as a notebook does, without the browser. */
const cell = `
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="convnotes", startup_timeout=60)
answer = []
def collect(message):
    if message["msg_type"] == "execute_result":
        answer.append(message["content"]["data"]["text/plain"])
try:
    client.execute_interactive("const six: number = 2 * 3; six", timeout=60, output_hook=collect)
finally:
    client.stop_channels()
    manager.shutdown_kernel()
sys.exit(0 if answer == ["6"] else f"received {answer}")
`;

describe("setup in a clean clone", () => {
  let parent: string;
  let clone: string;
  let unreachable = false;

  before(() => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-clone-"));
    clone = path.join(parent, "convnotes");
    const listed = ["ls-files", "-z", "-co", "--exclude-standard"];
    const files = execFileSync("git", listed, {
      cwd: project,
      encoding: "utf8",
    });
    for (const name of files.split("\0"))
      if (name !== "" && fs.existsSync(path.join(project, name)))
        fs.cpSync(path.join(project, name), path.join(clone, name));
  });
  after(() => fs.rmSync(parent, { recursive: true, force: true }));

  const npm = (script: string): ReturnType<typeof spawnSync> =>
    spawnSync("npm", ["run", script], {
      cwd: clone,
      encoding: "utf8",
      timeout: 30 * minutes,
    });

  it("creates everything", (context) => {
    const { status, stdout, stderr } = npm("setup");
    if (/cannot be reached/.test(String(stderr))) {
      unreachable = true;
      return context.skip("the package registries cannot be reached");
    }
    assert.equal(status, 0, String(stderr));
    context.diagnostic(
      String(stdout)
        .split("\n")
        .filter((line) => line.includes("done in"))
        .join("; "),
    );
    assert.match(String(stdout), /Setup is complete/);
  });

  it("finds nothing to do the second time", (context) => {
    if (unreachable) return context.skip("setup did not run");
    assert.match(String(npm("setup").stdout), /nothing to do/);
  });

  it("makes Node use the engine of the Python environment", (context) => {
    if (unreachable) return context.skip("setup did not run");
    const versions = [
      execFileSync(
        process.execPath,
        [
          ...["-r", "ts-node/register/transpile-only", "-e"],
          'const { tf } = require("./src/engine/tensorflow"); console.log(tf.backend().binding.TF_Version)',
        ],
        { cwd: clone, encoding: "utf8" },
      ),
      execFileSync(
        path.join(clone, ".venv/bin/python"),
        ["-c", "import tensorflow; print(tensorflow.__version__)"],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      ),
    ];
    assert.match(versions[0]!, /^\d+\.\d+\.\d+\n$/);
    assert.equal(versions[0], versions[1]);
  });

  it("lets Jupyter run a cell in the project's kernel", (context) => {
    if (unreachable) return context.skip("setup did not run");
    const { status, stderr } = spawnSync(
      path.join(clone, ".venv/bin/python"),
      ["-c", cell],
      { encoding: "utf8", timeout: 3 * minutes },
    );
    assert.equal(status, 0, stderr);
  });

  it("still works after the checkout was moved", (context) => {
    if (unreachable) return context.skip("setup did not run");
    const moved = path.join(parent, "moved");
    fs.renameSync(clone, moved);
    clone = moved;
    const { status, stdout } = npm("setup");
    assert.equal(status, 0);
    assert.match(String(stdout), /checkout's place changed/);
    execFileSync(path.join(clone, ".venv/bin/jupyter"), ["kernelspec", "list"]);
    execFileSync(path.join(clone, ".venv/bin/pip"), ["--version"]);
    const { status: ended, stderr } = spawnSync(
      path.join(clone, ".venv/bin/python"),
      ["-c", cell],
      { encoding: "utf8", timeout: 3 * minutes },
    );
    assert.equal(ended, 0, stderr);
  });

  it("is removed completely by npm run clean", (context) => {
    if (unreachable) return context.skip("setup did not run");
    assert.equal(npm("clean").status, 0);
    assert.deepEqual(
      [".venv", "node_modules", "kernel/dist", "out"].filter((name) =>
        fs.existsSync(path.join(clone, name)),
      ),
      [],
    );
  });
});
