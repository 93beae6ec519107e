/**
 * Runs notebooks of cells with unusual values in a real kernel, and validates them with Jupyter's
 * programs.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelClient, projectFolder } from "./kernel-client";
import { fileOutputs, type OddCell, oddCells, PREPARATION } from "./odd-cells";
import { DECLARATIONS } from "./odd-values";

const python = join(projectFolder, ".venv", "bin", "python");

/** The reason why notebooks cannot be validated here, if any. */
export const skipReason = existsSync(python)
  ? undefined
  : "Jupyter's environment (.venv) is not set up";

/**
 * Python source that validates and writes a notebook, rewrites it with nbconvert, saves it as
 * jupyter_server does, and checks that it is unchanged.
 */
const VALIDATOR = `
import asyncio, inspect, json, os, sys
import nbformat
from jupyter_core.application import JupyterApp
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbconvert.nbconvertapp import NbConvertApp

folder = sys.argv[1]
with open(os.path.join(folder, "given.json"), encoding="utf8") as file:
    given = json.load(file)
notebook = nbformat.from_dict(given)
nbformat.validate(notebook)
path = os.path.join(folder, "notebook.ipynb")
nbformat.write(notebook, path)

def same(what):
    kept = nbformat.read(path, 4)
    for index, (cell, kept_cell) in enumerate(zip(notebook.cells, kept.cells, strict=True)):
        assert cell.outputs == kept_cell.outputs, (what, index, cell.source, cell.outputs, kept_cell.outputs)

same("nbformat")
app = NbConvertApp()
app.initialize(["--to", "notebook", "--inplace", "--log-level", "ERROR", path])
app.start()
same("nbconvert")

async def save():
    manager = LargeFileManager(root_dir=folder)
    body = json.loads(json.dumps({"type": "notebook", "format": "json", "content": given}).encode("utf8"))
    model = manager.save(body, "notebook.ipynb")
    if inspect.isawaitable(model):
        model = await model
    assert model.get("message") is None, model["message"]
    read = manager.get("notebook.ipynb", content=True, type="notebook")
    if inspect.isawaitable(read):
        read = await read
    json.dumps(read, default=str, ensure_ascii=False).encode("utf8")

asyncio.run(save())
same("jupyter_server")
print("kept", sum(len(cell.outputs) for cell in notebook.cells))
`;

/** Runs cells in a kernel and validates the resulting notebook. */
export async function validate(cells: readonly OddCell[]): Promise<void> {
  const kernel = await KernelClient.start();
  const folder = mkdtempSync(join(tmpdir(), "convnotes-fuzz-"));
  try {
    await kernel.run(PREPARATION);
    await kernel.run(DECLARATIONS);
    const kept: { readonly id: string; readonly code: string }[] = [];
    for (const cell of cells) {
      const pending = kernel.start(cell.code, { ...cell.options });
      // A cell that fails before it asks is reported below.
      for (const answer of cell.answers ?? []) {
        await Promise.race([kernel.answer(answer), pending.done]);
      }
      const answer = await pending.done;
      kept.push({ id: pending.id, code: cell.code });
      const { content } = answer;
      assert.ok(
        !/^TS\d+|^KernelError|^RuntimeEnded/.test(
          `${String(content.evalue)} ${String(content.ename)}`,
        ) && !["RuntimeEnded", "KernelError"].includes(String(content.ename)),
        `${cell.code}\n${answer.error?.traceback}`,
      );
      try {
        cell.check?.(answer, kernel);
      } catch (error) {
        throw new Error(
          `${cell.code}\n${(error as Error).message}\n${answer.error?.traceback}`,
          { cause: error },
        );
      }
    }
    await kernel.settle();
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: kept.map(({ id, code }, index) => {
        const messages = kernel.iopub.filter(
          ({ parentHeader }) => parentHeader.msg_id === id,
        );
        return {
          id: `cell-${index}`,
          cell_type: "code",
          source: code,
          metadata: {},
          execution_count: index,
          outputs: fileOutputs(messages),
        };
      }),
    };
    writeFileSync(join(folder, "given.json"), JSON.stringify(notebook));
    const { status, stdout, stderr } = spawnSync(
      python,
      ["-c", VALIDATOR, folder],
      { encoding: "utf8", env: { ...process.env, JUPYTER_CONFIG_DIR: folder } },
    );
    assert.equal(status, 0, stderr.slice(-5_000));
    assert.match(stdout, /^kept \d+/m);
  } finally {
    await kernel.close();
    rmSync(folder, { recursive: true });
  }
}

/** Runs a notebook of the given number of random cells. */
export function validateRandomNotebook(
  seed: number,
  count: number,
): Promise<void> {
  return validate(oddCells(seed, count));
}
