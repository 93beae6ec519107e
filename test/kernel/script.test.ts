/**
 * Tests that nbconvert writes a .ts file that runs, given the kernel's language_info.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KernelClient, projectFolder } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

const python = join(projectFolder, ".venv", "bin", "python");

test("nbconvert --to script writes a .ts file that runs", async (t) => {
  if (!existsSync(python)) {
    t.skip("Jupyter's environment (.venv) is not set up");
    return;
  }
  const kernel = await KernelClient.start();
  const folder = new ProjectFolder();
  try {
    const { content } = await kernel.request("kernel_info_request");
    const code = (source: string) => ({
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    });
    const notebook = {
      nbformat: 4,
      nbformat_minor: 4,
      metadata: { language_info: content.language_info },
      cells: [
        { cell_type: "markdown", source: "# Two *cells*", metadata: {} },
        code("interface Point { x: number }\nconst point: Point = { x: 20 };"),
        code("console.log(point.x + 1);"),
      ],
    };
    const path = join(folder.path, "notebook.ipynb");
    writeFileSync(path, JSON.stringify(notebook));
    execFileSync(python, ["-m", "nbconvert", "--to", "script", path], {
      stdio: "pipe",
    });
    assert.ok(readdirSync(folder.path).includes("notebook.ts"));
    const register = join(
      projectFolder,
      "kernel",
      "dist",
      "typescript-register.js",
    );
    const printed = execFileSync(
      process.execPath,
      ["-r", register, join(folder.path, "notebook.ts")],
      { encoding: "utf8" },
    );
    assert.equal(printed, "21\n");
  } finally {
    await kernel.close();
    folder.remove();
  }
});
