/**
 * Tests every supported version of Node: the kernel with and without a snapshot of its compiler,
 * the engine, and lesson 1.
 *
 * The versions are pinned in `node-versions.json` and installed as npm packages; everything else is
 * a copy of this checkout.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { resultRows } from "../../scripts/lessons/results";
import { noKernel } from "../lessons/notebook-file";
import { CheckoutCopy } from "./checkout-copy";
import type { NodeTrial } from "./node-trial";
import versions from "./node-versions.json";

const minutes = 60_000;

/** Kernel tests that depend on Node's internals. */
const kernelTests = [
  "checked-compiler",
  "execution",
  "interrupt",
  "interrupted-callbacks",
  "child-processes",
  "lifecycle",
  "input",
  "standard-input",
  "compiler-process",
  "comms",
  "modules",
  "projects",
  "printing",
  "transactions",
  "subshells",
  "value-tree",
  "vs-code",
  "memory-limit",
  join("debugger", "breakpoints"),
  join("debugger", "inspection"),
  join("debugger", "stops"),
  join("language-server", "features"),
  join("magics", "magics"),
].map((name) => join("test", "kernel", `${name}.test.ts`));

/** Kernel tests that would fail if a snapshot behaved differently from a new compiler. */
const snapshotTests = ["execution", "editor", "modules", "lifecycle"].map(
  (name) => join("test", "kernel", `${name}.test.ts`),
);

/**
 * Tests of compiled training: every optimizer, the course's models, several steps at once,
 * interrupts, single operations.
 */
const engineTests = [
  join("exactness", "optimizers"),
  join("exactness", "models"),
  "several-steps",
  "interrupt",
  "operations",
].map((name) => join("test", "engine", `${name}.test.ts`));

/** The result of a program. */
interface Result {
  readonly code: number | null;
  readonly stdout: string;
  /** Its complete output, for failure messages. */
  readonly printed: string;
}

/**
 * Installs the npm package with a version's binary into a folder; returns the reason if it cannot.
 */
function installNode(folder: string, version: string): string | undefined {
  const name = `node-${process.platform}-${process.arch}`;
  const { status, stderr, error } = spawnSync(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
      `${name}@${version}`,
    ],
    { encoding: "utf8", timeout: 10 * minutes },
  );
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr;
  assert.match(
    reason,
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/,
    `${name}@${version} could not be installed`,
  );
  return "the package registry cannot be reached";
}

describe("Node", { skip: noKernel }, () => {
  let copy: CheckoutCopy;
  before(() => (copy = new CheckoutCopy()));
  after(() => copy?.remove());

  for (const version of Object.values(versions)) {
    describe(version, () => {
      let folder: string;
      let node: string;
      let missing: string | undefined;

      before(() => {
        folder = mkdtempSync(join(tmpdir(), "convnotes-node-"));
        missing = installNode(folder, version);
        const name = `node-${process.platform}-${process.arch}`;
        node = join(folder, "node_modules", name, "bin", "node");
      });
      after(() => rmSync(folder, { recursive: true, force: true }));

      /** Runs a program in the copy, with this version of Node first on the search path. */
      function run(
        program: string,
        parameters: readonly string[],
        variables: Readonly<Record<string, string>> = {},
      ): Result {
        const environment: NodeJS.ProcessEnv = {
          ...process.env,
          PATH: [dirname(node), process.env.PATH].join(delimiter),
          TF_CPP_MIN_LOG_LEVEL: "2",
          ...variables,
        };
        // Set by the runner of this test.
        delete environment.NODE_TEST_CONTEXT;
        delete environment.NODE_OPTIONS;
        const { status, stdout, stderr } = spawnSync(program, parameters, {
          cwd: copy.path,
          encoding: "utf8",
          env: environment,
          timeout: 20 * minutes,
          maxBuffer: 2 ** 28,
        });
        return { code: status, stdout, printed: `${stdout}\n${stderr}` };
      }

      const typeScript = ["-r", "ts-node/register/transpile-only"];

      /** Runs test files one after another, and asserts that each has tests and that all passed. */
      function pass(files: readonly string[]): void {
        for (const file of files) {
          const { code, printed } = run(node, [
            ...typeScript,
            "--test",
            "--test-reporter=tap",
            file,
          ]);
          assert.equal(code, 0, `${file}:\n${printed.slice(-8000)}`);
          const passed = Number(/^# pass (\d+)$/m.exec(printed)?.[1]);
          assert.ok(passed > 0, `${file} has no tests:\n${printed}`);
        }
      }

      function runTrial(): NodeTrial {
        const { code, stdout, printed } = run(node, [
          ...typeScript,
          join("test", "long", "node-trial.ts"),
        ]);
        assert.equal(code, 0, printed);
        const trial = JSON.parse(stdout) as NodeTrial;
        assert.equal(trial.version, `'v${version}'`);
        assert.equal(trial.trained, "[ [ 0, 1, 2 ], [ 3 ] ]");
        return trial;
      }

      test("runs cells with TensorFlow.js, without a snapshot", (context) => {
        if (missing) return context.skip(missing);
        assert.doesNotMatch(runTrial().compiler, /--snapshot-blob/);
      });

      test("passes the kernel's tests without a snapshot", (context) => {
        if (missing) return context.skip(missing);
        pass(kernelTests);
      });

      test("passes the kernel's tests with a snapshot", (context) => {
        if (missing) return context.skip(missing);
        const { code, printed } = run(node, [
          join("kernel", "dist", "compiler", "snapshot", "build.js"),
          ...["notebooks", "@tensorflow/tfjs-node"],
          ...["convnotes", "convnotes/engine"],
        ]);
        assert.equal(code, 0, printed);
        assert.match(runTrial().compiler, /--snapshot-blob/);
        pass(snapshotTests);
      });

      test("passes the engine's tests", (context) => {
        if (missing) return context.skip(missing);
        pass(engineTests);
      });

      test("runs lesson 1, by nbconvert", (context) => {
        if (missing) return context.skip(missing);
        const spec = join(folder, "jupyter", "kernels", "convnotes");
        mkdirSync(spec, { recursive: true });
        writeFileSync(
          join(spec, "kernel.json"),
          JSON.stringify({
            argv: [
              node,
              join(copy.path, "kernel", "dist", "main.js"),
              "{connection_file}",
            ],
            display_name: `TypeScript on Node ${version}`,
            language: "typescript",
            interrupt_mode: "message",
          }),
        );
        const { code, printed } = run(
          join(copy.path, ".venv", "bin", "python"),
          [
            ...["-m", "jupyter", "nbconvert", "--execute", "--to", "notebook"],
            ...["--output-dir", folder, "--output", "lesson.ipynb"],
            join(copy.path, "notebooks", "lesson-1.ipynb"),
          ],
          {
            // Takes precedence over the environment's kernelspec.
            JUPYTER_PATH: join(folder, "jupyter"),
            JUPYTER_PREFER_ENV_PATH: "0",
            JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
            CONVNOTES_MODE: "quick",
            CONVNOTES_DATA: "",
            XDG_CACHE_HOME: join(folder, "cache"),
            CONVNOTES_HISTORY: "off",
          },
        );
        assert.equal(code, 0, printed.slice(-8000));
        const rows = resultRows(join(folder, "lesson.ipynb"), {
          lesson: 1,
          mode: "quick",
        });
        assert.equal(rows.length, 1);
        const { parameters, testAccuracy, secondsPerEpoch } = rows[0]!;
        assert.equal(parameters, 122_570);
        // Guessing has the accuracy 0.1.
        assert.ok(testAccuracy > 0.2, `accuracy ${testAccuracy}`);
        context.diagnostic(
          `accuracy ${testAccuracy}, ${secondsPerEpoch.toFixed(2)} s per epoch`,
        );
      });
    });
  }
});
