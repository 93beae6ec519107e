/**
 * A lab runs in an empty folder outside of the clone, as on a Hub or in a grader.
 *
 * Takes half a minute on two quiet cores.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import {
  noKernel,
  python,
  root,
  temporaryFolder,
} from "../lessons/notebook-file";
import { Executed } from "../notebooks/executed-notebook";

test(
  "nbconvert runs lab 3 in an empty folder, and every check accepts it",
  { skip: noKernel },
  () => {
    const { folder, remove } = temporaryFolder();
    try {
      const lab = path.join(folder, "lab-3.ipynb");
      copyFileSync(path.join(root, "notebooks", "labs", "lab-3.ipynb"), lab);
      const { status, stderr } = spawnSync(
        python,
        [
          ...["-m", "nbconvert", "--to", "notebook", "--execute"],
          ...["--output", "executed", "--ExecutePreprocessor.timeout=-1", lab],
        ],
        {
          cwd: folder,
          encoding: "utf8",
          env: { ...process.env, CONVNOTES_MODE: "quick" },
        },
      );
      assert.equal(status, 0, stderr);
      const executed = new Executed(path.join(folder, "executed.ipynb"));
      const checks = executed.cells.filter(({ source }) =>
        [source].flat().join("").startsWith("check("),
      );
      assert.equal(checks.length, 6);
      for (const { id } of checks) {
        assert.match(executed.text(`#${id}`), /^✓ right/, id);
      }
      assert.deepEqual(readdirSync(folder).sort(), [
        "executed.ipynb",
        "lab-3.ipynb",
      ]);
    } finally {
      remove();
    }
  },
);
