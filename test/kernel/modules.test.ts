/**
 * Tests what cells import: the library, files next to the notebook, Node's modules and packages.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient, projectFolder } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

describe("the library", () => {
  test("is imported with its types", async () => {
    const kernel = await KernelClient.start();
    try {
      const { result } = await kernel.run(
        'import { tf, table } from "convnotes"; tf.zeros([2, 3]).shape',
      );
      assert.equal(result, "[ 2, 3 ]");
      for (const wrong of ['tf.zeros("2 by 3")', "table(7, [])"]) {
        const { error } = await kernel.execute(wrong);
        assert.match(String(error?.evalue), /^TS2345: /);
      }
    } finally {
      await kernel.close();
    }
  });

  for (const [where, within] of [
    ["the project's own folder", undefined],
    ["a folder of a student", "deeper/still"],
  ] as const) {
    test(`is imported with its types from ${where}`, async () => {
      const own = new ProjectFolder();
      const folder = within ? join(own.path, within) : projectFolder;
      mkdirSync(folder, { recursive: true });
      const kernel = await KernelClient.start({ folder });
      try {
        const { result } = await kernel.run(
          'import { table } from "convnotes/notebook/table"; table(["a"], [[1]]).rows',
        );
        assert.equal(result, "[ [ 1 ] ]");
        const { error } = await kernel.execute('table("a", [[1]])');
        assert.match(String(error?.evalue), /^TS2345: /);
      } finally {
        await kernel.close();
        own.remove();
      }
    });
  }

  test("is the kernel's own in a folder without one, and leaves no files behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-anywhere-"));
    const kernel = await KernelClient.start({ folder });
    try {
      const { result } = await kernel.run(
        'import { table } from "convnotes/notebook/table"; table(["a"], [[1]]).rows',
      );
      assert.equal(result, "[ [ 1 ] ]");
      const { error } = await kernel.execute('table("a", [[1]])');
      assert.match(String(error?.evalue), /^TS2345: /);
      const { error: missing } = await kernel.execute(
        'import { a } from "convnotes-that-is-not-there"; a',
      );
      assert.match(String(missing?.evalue), /^TS2307: /);
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("is the folder's own if it has one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-own-"));
    const own = join(folder, "node_modules", "convnotes");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "package.json"), '{ "main": "index.js" }');
    writeFileSync(join(own, "index.js"), "exports.own = true;\n");
    writeFileSync(join(own, "index.d.ts"), "export const own: boolean;\n");
    const kernel = await KernelClient.start({ folder });
    try {
      const { result } = await kernel.run(
        'import { own } from "convnotes"; own',
      );
      assert.equal(result, "true");
    } finally {
      await kernel.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("reports its errors with the .ts file and line", async () => {
    const kernel = await KernelClient.start();
    try {
      const { error } = await kernel.execute(
        'import { table } from "convnotes/notebook/table";\ntable(["a", "b"], [[1]]);',
      );
      assert.ok(error);
      assert.equal(error.ename, "RangeError");
      assert.match(error.traceback, /^Cell In\[1\], line 2$/m);
      assert.match(
        error.traceback,
        /at new Table \(src\/notebook\/table\.ts:\d+:\d+\)/,
      );
      assert.match(error.traceback, /at In\[1\]:2:\d/);
    } finally {
      await kernel.close();
    }
  });
});

describe("files and packages", () => {
  let folder: ProjectFolder;
  let kernel: KernelClient;
  before(async () => {
    folder = new ProjectFolder({
      "helper.ts": `import { deeper } from "./deeper";
export const answer = 40 + deeper;
export function label(n: number): string { return \`n = \${n}\`; }
export default class Helper { name = "default"; }
export type Size = { width: number };
`,
      "deeper.ts": "export const deeper: number = 2;\n",
      "plain.js": "exports.plain = 3;\n",
      "data.json": '{ "rows": [1, 2, 3] }\n',
      "counted.ts":
        "(globalThis as any).loads = ((globalThis as any).loads ?? 0) + 1;\nexport const loads = 1;\n",
      "long.ts": `export const sum = ${Array(5000).fill("1").join(" + ")};
export const later = () => import("./deeper");
`,
    });
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(async () => {
    await kernel?.close();
    folder?.remove();
  });

  test("a .ts file next to the notebook is imported with its types and its own imports", async () => {
    const { result } = await kernel.run(
      `import Helper, { answer, label, type Size } from "./helper";
       const size: Size = { width: answer };
       [label(size.width), new Helper().name]`,
    );
    assert.equal(result, "[ 'n = 42', 'default' ]");
    const { error } = await kernel.execute('label("forty-two")');
    assert.match(String(error?.evalue), /^TS2345: /);
  });

  test("a namespace import and a side-effect import", async () => {
    const { result } = await kernel.run(
      'import * as helper from "./helper"; import "./counted"; helper.answer',
    );
    assert.equal(result, "42");
  });

  test("a file is loaded once even if it is imported repeatedly", async () => {
    await kernel.run('import { loads } from "./counted"; loads');
    await kernel.run('import { loads } from "./counted"; loads');
    assert.equal((await kernel.run("(globalThis as any).loads")).result, "1");
  });

  test("an imported name is used in later cells", async () => {
    await kernel.run('import { answer as imported } from "./helper";');
    assert.equal((await kernel.run("imported")).result, "42");
  });

  test("a dynamic import of a .ts file", async () => {
    const { result } = await kernel.run(
      'const dynamic = await import("./helper"); dynamic.answer',
    );
    assert.equal(result, "42");
  });

  test("a file with a sum of 5,000 terms and an import()", async () => {
    const { result } = await kernel.run(
      'import { sum, later } from "./long"; [sum, (await later()).deeper]',
    );
    assert.equal(result, "[ 5000, 2 ]");
  });

  test("Node's modules, with and without their prefix", async () => {
    const { result } = await kernel.run(
      `import { join } from "node:path";
       import fs from "fs";
       import * as os from "node:os";
       [join("a", "b"), typeof fs.readFileSync, os.EOL.length]`,
    );
    assert.equal(result, "[ 'a/b', 'function', 1 ]");
  });

  test("a JSON file, with types", async () => {
    const { result } = await kernel.run(
      'import data from "./data.json"; data.rows[2].toFixed(1)',
    );
    assert.equal(result, "'3.0'");
    const { error } = await kernel.execute("data.columns");
    assert.match(String(error?.evalue), /^TS2339: /);
  });

  test("require", async () => {
    const { result } = await kernel.run(
      `const required = require("./plain.js");
       [required.plain, require("node:path").sep, typeof require.resolve("./helper")]`,
    );
    assert.equal(result, "[ 3, '/', 'string' ]");
  });

  test("require of a missing file names it", async () => {
    const { error } = await kernel.execute('require("./not-there")');
    assert.equal(error?.ename, "Error");
    assert.match(String(error?.evalue), /Cannot find module '\.\/not-there'/);
    assert.match(String(error?.traceback), /line 1\n/);
  });

  test("a package of the project", async () => {
    const { result } = await kernel.run(
      'import { version } from "zeromq/package.json"; version',
    );
    assert.match(String(result), /^'\d+\.\d+\.\d+'$/);
  });

  test("a type-only import loads nothing", async () => {
    const { result } = await kernel.run(
      `import type { Size } from "./helper";
       const typed: Size = { width: 1 }; typed.width`,
    );
    assert.equal(result, "1");
  });

  test("files created while the kernel runs do not disturb it", async () => {
    const missing = await kernel.execute('import { late } from "./late";');
    assert.match(String(missing.error?.evalue), /^TS2307: /);
    folder.write("late.ts", "export const late = 1;\n");
    mkdirSync(join(folder.path, "node_modules", "@types", "late"), {
      recursive: true,
    });
    folder.write(
      join("node_modules", "@types", "late", "index.d.ts"),
      "export {};\n",
    );
    // Long enough for a file watcher to react.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal((await kernel.run("1 + 1")).result, "2");
    assert.equal((await kernel.run("2 + 2")).result, "4");
  });

  test("the next import reloads only an edited file and the files that import it", async () => {
    folder.write("fresh-leaf.ts", "export const leaf: number = 1;\n");
    folder.write(
      "fresh-branch.ts",
      'import { leaf } from "./fresh-leaf";\nexport const branch: number = leaf * 10;\n',
    );
    folder.write(
      "fresh-other.ts",
      "export const loaded: number = Math.random();\n",
    );
    const imports =
      'import { branch } from "./fresh-branch";\nimport { loaded } from "./fresh-other";\n';
    const [, first] = /\[ 10, ([\d.e-]+) \]/.exec(
      (await kernel.run(`${imports}[branch, loaded]`)).result ?? "",
    )!;
    await kernel.run("const before = () => branch");
    folder.write("fresh-leaf.ts", "export const leaf: number = 2;\n");
    // Values that earlier cells hold are not replaced.
    assert.equal((await kernel.run("branch")).result, "10");
    const again = await kernel.run(`${imports}[branch, loaded]`);
    assert.equal(again.result, `[ 20, ${first} ]`);
  });

  test("an edited file's new types apply with its new value, and its errors are reported", async () => {
    folder.write("fresh-kind.ts", "export const kind: number = 1;\n");
    await kernel.run('import { kind } from "./fresh-kind"; kind.toFixed(1)');
    folder.write("fresh-kind.ts", 'export const kind: string = "one";\n');
    const { result } = await kernel.run(
      'import { kind } from "./fresh-kind"; kind.toUpperCase()',
    );
    assert.equal(result, "'ONE'");
    folder.write("fresh-kind.ts", "export const kind: string = 1;\n");
    const { error } = await kernel.execute(
      'import { kind } from "./fresh-kind"',
    );
    assert.match(error?.evalue ?? "", /TS2322/);
  });

  test("an edited file is reloaded after a restart", async () => {
    folder.write("helper.ts", "export const answer: string = 'edited';\n");
    const restarted = await KernelClient.start({ folder: folder.path });
    try {
      const { result } = await restarted.run(
        'import { answer } from "./helper"; answer.toUpperCase()',
      );
      assert.equal(result, "'EDITED'");
    } finally {
      await restarted.close();
    }
  });
});
