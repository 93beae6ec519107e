/**
 * Runs Jupyter's conformance tests (jupyter_kernel_test) in Python against the kernel of this
 * checkout.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "./kernel-client";

const python = join(projectFolder, ".venv", "bin", "python");

/** All tests of jupyter_kernel_test 0.7, to detect missing ones. */
const EXPECTED = [
  "test_clear_output",
  "test_completion",
  "test_display_data",
  "test_error",
  "test_execute_result",
  "test_execute_stderr",
  "test_execute_stdout",
  "test_history",
  "test_inspect",
  "test_is_complete",
  "test_kernel_info",
  "test_pager",
  "test_recv_iopub_welcome_msg",
];

test("Jupyter's conformance tests", async (t) => {
  if (!existsSync(python)) {
    t.skip("Jupyter's environment (.venv) is not set up");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  try {
    const { code, output } = await runPython(folder);
    const outcomes = new Map(
      [...output.matchAll(/^(test_\w+) .*\.\.\. ?(.*)$/gm)].map(
        ([, name, outcome]) => [name, outcome],
      ),
    );
    for (const name of EXPECTED) {
      await t.test(name, () => {
        const outcome = outcomes.get(name) ?? "not run";
        assert.equal(outcome, "ok", output);
      });
    }
    assert.deepEqual([...outcomes.keys()].sort(), EXPECTED);
    assert.equal(code, 0, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Runs the tests with a temporary kernelspec, so that none need be installed. */
async function runPython(folder: string) {
  const kernels = join(folder, "kernels", "convnotes");
  mkdirSync(kernels, { recursive: true });
  const main = join(projectFolder, "kernel", "dist", "main.js");
  writeFileSync(
    join(kernels, "kernel.json"),
    JSON.stringify({
      argv: [process.execPath, main, "{connection_file}"],
      display_name: "TypeScript (convnotes)",
      language: "typescript",
      interrupt_mode: "message",
    }),
  );
  const child = spawn(
    python,
    [join(__dirname, "jupyter_kernel_test_convnotes.py"), "-v"],
    {
      cwd: join(projectFolder, "notebooks"),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        JUPYTER_PATH: folder,
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
        JUPYTER_NO_CONFIG: "1",
        CONVNOTES_HISTORY: join(folder, "history.jsonl"),
      },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  const interrupt = () => child.kill("SIGINT");
  process.once("exit", interrupt);
  const code = await new Promise<number | null>((resolve) =>
    child.once("close", resolve),
  );
  process.off("exit", interrupt);
  return { code, output };
}
