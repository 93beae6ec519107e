/**
 * Runs small projects, each in a separate kernel, and compares the results with those of tsc and
 * Node.
 *
 * The projects are defined in `projects/list.ts`. The results of tsc and Node are in
 * `projects/oracle.json`, which `projects/write-oracle.ts` writes.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { runInKernel } from "./projects/in-kernel";
import { projects } from "./projects/list";
import { type OracleFile, oraclePath } from "./projects/oracle-file";

const oracle = JSON.parse(readFileSync(oraclePath, "utf8")) as OracleFile;

test("every project has a unique name and a result of tsc and Node", () => {
  assert.deepEqual(
    projects.map(({ name }) => name).sort(),
    Object.keys(oracle).sort(),
  );
});

// Limited because a kernel consists of three processes and a machine may have two cores.
describe("a project in the kernel", { concurrency: 2 }, () => {
  for (const project of projects) {
    test(project.name, async () => {
      const { result, stderr } = await runInKernel(project);
      const cells = project.cells.join("\n");
      assert.deepEqual(
        result,
        oracle[project.name],
        `Expected\n${show(oracle[project.name])}received\n${show(result)}for\n${cells}\n${stderr}`,
      );
    });
  }
});

function show(result: object | undefined): string {
  return `${Object.values(result ?? {}).join("\n")}\n`;
}
