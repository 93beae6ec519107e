/**
 * Exchanges Excel files between danfojs, which uses `@e965/xlsx`, and openpyxl, which pandas uses.
 *
 * Installs openpyxl in a temporary environment, from PyPI.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { after, describe, test } from "node:test";
import { DataFrame, readExcel } from "danfojs-node";
import { python, temporaryFolder } from "../lessons/notebook-file";

const { folder, remove } = temporaryFolder();
after(remove);

const environment = path.join(folder, "environment");
const own = path.join(environment, "bin", "python");

/** The reason why openpyxl cannot run, or false if it can. */
const skip = installed();

function installed(): string | false {
  const { status } = spawnSync(python, ["-m", "venv", environment]);
  const install = ["-m", "pip", "install", "--quiet", "openpyxl==3.1.5"];
  return status === 0 && spawnSync(own, install).status === 0
    ? false
    : "openpyxl 3.1.5 cannot be installed";
}

/** Runs a program with `openpyxl`, and the path of a file as `file`; returns what it prints. */
function runOpenpyxl(program: string, file: string): string {
  const { status, stdout, stderr } = spawnSync(
    own,
    ["-c", `import json, sys, openpyxl\nfile = sys.argv[1]\n${program}`, file],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("Excel files", { skip }, () => {
  test("of danfojs have for openpyxl the same values", () => {
    const rows = [
      [1, 0.5, "a b", true],
      [2, -1.25e-7, 'ü, "x"', false],
      [3, 1 / 3, "=1+1", true],
    ];
    const columns = ["epoch", "loss", "note", "best"];
    const filePath = path.join(folder, "danfojs.xlsx");
    new DataFrame(rows, { columns }).toExcel({ filePath, sheetName: "Curves" });
    const text = runOpenpyxl(
      'print(json.dumps([[cell.value for cell in row] for row in openpyxl.load_workbook(file)["Curves"]]))',
      filePath,
    );
    assert.deepEqual(JSON.parse(text), [columns, ...rows]);
  });

  test("of openpyxl have for danfojs the same values, sheet by sheet", async () => {
    const file = path.join(folder, "openpyxl.xlsx");
    runOpenpyxl(
      `
book = openpyxl.Workbook()
one = book.active
one.append(["epoch", "loss", "note", "empty"])
one.append([1, 0.1, "é", None])
one.append([2, 1 / 3, "x", None])
book.create_sheet("Two").append(["a"])
book["Two"].append([5])
book.save(file)`,
      file,
    );
    const first = (await readExcel(file)) as DataFrame;
    assert.deepEqual(first.columns, ["epoch", "loss", "note", "empty"]);
    assert.deepEqual(first.values, [
      [1, 0.1, "é", null],
      [2, 1 / 3, "x", null],
    ]);
    assert.deepEqual(first.dtypes.slice(0, 3), ["int32", "float32", "string"]);
    const second = (await readExcel(file, { sheet: 1 })) as DataFrame;
    assert.deepEqual(second.values, [[5]]);
  });
});
