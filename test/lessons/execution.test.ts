/**
 * Execution of lessons in the project's kernel: events, written files, and cleanup after a stop.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import {
  executeNotebook,
  type LessonEvent,
} from "../../scripts/lessons/execution";
import { errorWith } from "../error-with";
import {
  code,
  folderInProject,
  markdown,
  noKernel,
  python,
  root,
  shown,
  writeNotebook,
  type Cell,
} from "./notebook-file";
import { until } from "../until";

let folder: string;
let remove: () => void;
before(() => ({ folder, remove } = folderInProject()));
after(() => remove());

function cellsOf(file: string): Cell[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] }).cells;
}

/** A cell that updates a display, like a training run. */
const training = `
const host = (globalThis as any)[Symbol.for("convnotes.notebook")];
host.display({ "text/plain": "epoch 0/2" }, { displayId: "run" });
for (const epoch of [1, 2]) host.display({ "text/plain": \`epoch \${epoch}/2\` }, { displayId: "run", update: true });
host.display({ "text/plain": "epoch loss\\n1 0.5\\n2 0.25" }, { displayId: "run", update: true });`;

describe("a lesson that runs", { skip: noKernel }, () => {
  let events: LessonEvent[];
  let out: string;

  before(async () => {
    out = path.join(folder, "runs", "out");
    const notebook = writeNotebook(path.join(folder, "lesson-5.ipynb"), [
      markdown("# A *lesson*\n\nWords.\n\n## Load"),
      code(
        "// the folder\nconsole.log(process.env.CONVNOTES_MODE, process.cwd());",
        [shown({ "text/plain": "of an earlier run" })],
      ),
      code("   "),
      markdown("### Train with `from_logits`"),
      code(training),
    ]);
    // The result of the earlier failed run must be removed.
    const failed = path.join(out, "lesson-5.failed.ipynb");
    mkdirSync(out, { recursive: true });
    writeFileSync(failed, "{}");
    events = [];
    const end = await executeNotebook({
      root,
      notebook,
      out,
      mode: "full",
      onEvent: (event) => events.push(event),
    });
    assert.equal(end.kind, "finished");
  });

  test("reports each cell with its heading, and its output while it runs", () => {
    assert.deepEqual(
      events.map((event) => {
        const { seconds, notebook, page, ...rest } = event as Record<
          string,
          unknown
        >;
        void [notebook, page];
        assert.ok(seconds === undefined || Number(seconds) >= 0);
        return rest;
      }),
      [
        { event: "start", kernel: "convnotes", cells: 2 },
        {
          event: "cell",
          index: 1,
          label: "Load",
          source: "console.log(process.env.CONVNOTES_MODE, process.cwd());",
        },
        { event: "progress", text: `full ${folder}` },
        { event: "done", index: 1 },
        {
          event: "cell",
          index: 2,
          label: "Train with from_logits",
          source:
            'const host = (globalThis as any)[Symbol.for("convnotes.notebook")];',
        },
        { event: "progress", text: "epoch 0/2" },
        { event: "progress", text: "epoch 1/2" },
        { event: "progress", text: "epoch 2/2" },
        { event: "done", index: 2 },
        { event: "finished", remark: null },
      ],
    );
  });

  test("writes the executed notebook with new outputs only, and its page", () => {
    assert.deepEqual(readdirSync(out).sort(), [
      "lesson-5.html",
      "lesson-5.ipynb",
    ]);
    const cells = cellsOf(path.join(out, "lesson-5.ipynb"));
    const outputs = cells.map((cell) => cell.outputs ?? []);
    assert.deepEqual(
      outputs.map((list) => list.length),
      [0, 1, 0, 0, 1],
    );
    assert.deepEqual(
      [outputs[1]![0]!["name"], outputs[1]![0]!["text"]].flat().join(" "),
      `stdout full ${folder}\n`,
    );
    // The updated display is stored in its final state.
    const data = outputs[4]![0]!["data"] as Record<string, string | string[]>;
    assert.equal(
      [data["text/plain"]].flat().join(""),
      "epoch loss\n1 0.5\n2 0.25",
    );
    const page = readFileSync(path.join(out, "lesson-5.html"), "utf8");
    assert.match(page, /<title>A lesson<\/title>/);
    assert.match(page, /epoch loss/);
  });
});

describe("a lesson that fails", { skip: noKernel }, () => {
  test("is stored with its outputs so far, next to the earlier successful run", async () => {
    const out = path.join(folder, "fails");
    mkdirSync(out, { recursive: true });
    writeFileSync(path.join(out, "lesson-6.ipynb"), "the good one");
    const source =
      "const text: string = 'a';\nthrow new RangeError(`no ${text}`);";
    const end = await executeNotebook({
      root,
      notebook: writeNotebook(path.join(folder, "lesson-6.ipynb"), [
        markdown("## Set out"),
        code("6 * 7"),
        code(source),
        code("never", [shown({ "text/plain": "of an earlier run" })]),
      ]),
      out,
      mode: "quick",
    });
    assert.equal(end.kind, "failed");
    assert.ok(end.kind === "failed");
    const failed = path.join(out, "lesson-6.failed.ipynb");
    const { traceback, ...error } = end.error;
    assert.deepEqual(error, {
      event: "error",
      index: 2,
      label: "Set out",
      source,
      ename: "RangeError",
      evalue: "no a",
      notebook: failed,
    });
    assert.match(traceback.join("\n"), /line 2/);
    assert.deepEqual(readdirSync(out).sort(), [
      "lesson-6.failed.ipynb",
      "lesson-6.ipynb",
    ]);
    assert.deepEqual(
      cellsOf(failed).map((cell) =>
        cell.outputs?.map((output) => output.output_type),
      ),
      [undefined, ["execute_result"], ["error"], []],
    );
  });

  test("reports a kernel that ends during a cell as an error of that cell", async () => {
    const end = await executeNotebook({
      root,
      // A runtime that ends is replaced, so the front process, the kernel itself, is killed.
      notebook: writeNotebook(path.join(folder, "lesson-7.ipynb"), [
        code(
          "process.kill(process.ppid, 'SIGKILL');\nawait new Promise(() => {});",
        ),
      ]),
      out: path.join(folder, "dead"),
      mode: "quick",
    });
    assert.ok(end.kind === "failed");
    assert.equal(end.error.ename, "DeadKernelError");
    assert.equal(end.error.index, 1);
  });

  test("names the notebook in the error for an invalid one", async () => {
    const notebook = path.join(folder, "lesson-8.ipynb");
    const run = () =>
      executeNotebook({ root, notebook, out: folder, mode: "quick" });
    await assert.rejects(
      run,
      errorWith("ERR_PROCESS", "lesson-8.ipynb", "No such file"),
    );
    writeFileSync(notebook, "not JSON");
    await assert.rejects(
      run,
      errorWith("ERR_PROCESS", "lesson-8.ipynb", "JSON"),
    );
  });

  test("names the kernel in the error for a missing one", async () => {
    await assert.rejects(
      executeNotebook({
        root,
        notebook: writeNotebook(path.join(folder, "lesson-9.ipynb"), [
          code("1"),
        ]),
        out: folder,
        mode: "quick",
        kernel: "no-such-kernel",
      }),
      errorWith(
        "ERR_PROCESS",
        "'no-such-kernel'",
        "received no such kernelspec",
      ),
    );
  });
});

/** Returns the processes that still exist. */
function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  });
}

describe("a lesson that is stopped", { skip: noKernel }, () => {
  /**
   * A notebook that writes the ids of the kernel's two processes to a file, and then ignores
   * everything but SIGKILL.
   */
  function endless(name: string): { notebook: string; pids: string } {
    const pids = path.join(folder, `${name}.pids`);
    const notebook = writeNotebook(path.join(folder, `${name}.ipynb`), [
      code(
        `require("node:fs").writeFileSync(${JSON.stringify(`${pids}.part`)}, process.pid + " " + process.ppid);\n` +
          `require("node:fs").renameSync(${JSON.stringify(`${pids}.part`)}, ${JSON.stringify(pids)});\n` +
          "for (;;) { try { for (;;); } catch {} }",
      ),
    ]);
    return { notebook, pids };
  }
  const read = (pids: string) =>
    readFileSync(pids, "utf8").split(" ").map(Number);

  test("by its signal: ends all processes, writes nothing", async () => {
    const { notebook, pids } = endless("stopped");
    const out = path.join(folder, "stopped-out");
    const stopper = new AbortController();
    const run = executeNotebook({
      root,
      notebook,
      out,
      mode: "quick",
      signal: stopper.signal,
    });
    await until(() => existsSync(pids), "the cell to run");
    const kernel = read(pids);
    assert.deepEqual(alive(kernel), kernel);
    stopper.abort();
    assert.deepEqual(await run, { kind: "stopped" });
    await until(() => alive(kernel).length === 0, "the kernel to be gone");
    assert.ok(!existsSync(out));
  });

  test("before it has started", async () => {
    const { notebook, pids } = endless("unbegun");
    const stopper = new AbortController();
    stopper.abort();
    const end = await executeNotebook({
      root,
      notebook,
      out: path.join(folder, "unbegun-out"),
      mode: "quick",
      signal: stopper.signal,
    });
    assert.deepEqual(end, { kind: "stopped" });
    assert.ok(!existsSync(pids));
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "end of input"]) {
    test(`by ${signal}: exits with code 130, ends all processes, writes nothing`, async () => {
      const name = signal.replaceAll(" ", "-");
      const { notebook, pids } = endless(name);
      const out = path.join(folder, `${name}-out`);
      const child = spawn(
        python,
        [
          path.join(root, "scripts", "lessons", "execute.py"),
          notebook,
          out,
          "--stop-on-end-of-input",
        ],
        { stdio: ["pipe", "pipe", "pipe"] },
      );
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const closed = new Promise((resolve) => child.on("close", resolve));
      await until(() => {
        assert.equal(child.exitCode, null, output);
        return existsSync(pids);
      }, "the cell to run");
      const kernel = read(pids);
      if (signal === "end of input") child.stdin.end();
      else child.kill(signal as NodeJS.Signals);
      assert.equal(await closed, 130);
      await until(() => alive(kernel).length === 0, "the kernel to be gone");
      assert.ok(!existsSync(out));
    });
  }
});
