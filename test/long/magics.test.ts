/**
 * `%install` with npm's registry, and notebooks with magics through jupytext, which the test
 * installs. Needs both registries.
 *
 * Takes about two minutes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { PACKAGES_TYPE } from "../../kernel/magics/host-key";
import { KernelClient } from "../kernel/kernel-client";

const folder = mkdtempSync(join(tmpdir(), "convnotes-magics-long-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("%install installs from npm's registry, with types of @types", async () => {
  const kernel = await KernelClient.start({ folder });
  try {
    const missing = await kernel.execute('import isOdd from "is-odd";');
    assert.match(missing.error!.traceback, /%install is-odd/);
    const { messages, result } = await kernel.run(
      '%install is-odd@3.0.1\nimport isOdd from "is-odd";\nisOdd(3)',
    );
    assert.equal(result, "true");
    const display = messages.find(({ type }) => type === "display_data");
    const data = display!.content.data as Record<string, unknown>;
    const noted = data[PACKAGES_TYPE] as Record<string, string>;
    assert.equal(noted["is-odd"], "3.0.1");
    assert.match(noted["@types/is-odd"]!, /^3\.0\.\d+$/);
    const { error } = await kernel.execute("isOdd({});");
    assert.match(error!.evalue, /TS2345/);
    const unknown = await kernel.execute(
      "%install a-package-that-nobody-has-published-0",
    );
    assert.match(unknown.error!.evalue, /E404/);
  } finally {
    await kernel.close();
  }
});

/** Cells with magics, and with what looks like them. */
const CELLS = [
  '%install is-odd@3.0.1\nimport isOdd from "is-odd";',
  "%time f()\n%timeit -n 3 g(1)\nconst a = 1;",
  "%%time\nconst b = 2;\nb",
  "%%timeit -n 2 let k = 0;\nk += 1;",
  "%cd ..\n%env A=b\n%who\n%help\n%reset -f",
  "const c = 5;\n%time c",
  "// %time a comment\nconst d = 1;",
  "a;\n%b",
  "const e = 10\n  % 3;",
  "%time?",
];

describe("jupytext", () => {
  const python = join(folder, "venv", "bin", "python");
  const run = (command: string, ...parameters: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, parameters, {
      encoding: "utf8",
      timeout: 10 * 60_000,
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  test("brings cells with magics back equal", () => {
    run("python3", "-m", "venv", join(folder, "venv"));
    run(python, "-m", "pip", "install", "--quiet", "jupytext==1.19.6");
    const program = join(folder, "back.py");
    writeFileSync(
      program,
      `import json, sys, jupytext
from nbformat.v4 import new_notebook, new_code_cell
cells = json.loads(sys.argv[1])
metadata = {
    "kernelspec": {"name": "convnotes", "display_name": "TypeScript", "language": "typescript"},
    "language_info": {"name": "typescript", "file_extension": ".ts"},
}
notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=metadata)
result = {}
for form in ["ts:percent", "ts:light", "md:myst", "md", "Rmd"]:
    text = jupytext.writes(notebook, form)
    back = jupytext.reads(text, form)
    result[form] = {
        "cells": [cell.source for cell in back.cells],
        "isStable": jupytext.writes(back, form) == text,
        "hasComments": "\\n// %time f()\\n" in text,
    }
print(json.dumps(result))
`,
    );
    const result = JSON.parse(
      run(python, program, JSON.stringify(CELLS)),
    ) as Record<
      string,
      { cells: string[]; isStable: boolean; hasComments: boolean }
    >;
    assert.equal(Object.keys(result).length, 5);
    for (const [form, { cells, isStable, hasComments }] of Object.entries(
      result,
    )) {
      assert.deepEqual(cells, CELLS, form);
      assert.ok(isStable, form);
      assert.equal(hasComments, !form.startsWith("md"), form);
    }
  });
});
