/**
 * Tests notebooks in a project of the user: its tsconfig.json applies to cells and to the files
 * that they import.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

/** Starts a kernel in the folder `notebooks` of a project with these files. */
async function inProject(
  files: Readonly<Record<string, string | object>>,
  use: (kernel: KernelClient) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-project-"));
  const all = { "package.json": {}, ...files };
  for (const [name, content] of Object.entries(all)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  mkdirSync(join(folder, "notebooks"), { recursive: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const kernel = await KernelClient.start({
    folder: join(folder, "notebooks"),
  });
  try {
    await use(kernel);
  } finally {
    await kernel.close();
    rmSync(folder, { recursive: true });
  }
}

const options = (compilerOptions: object, more: object = {}) => ({
  "tsconfig.json": { compilerOptions, ...more },
});

/** Returns the error codes of a cell. */
async function objections(kernel: KernelClient, code: string) {
  const { error } = await kernel.execute(code);
  return [...(error?.traceback ?? "").matchAll(/TS(\d+):/g)].map(([, n]) => n);
}

const loose = "function identity(value) { return value; } identity(1)";

describe("a project's tsconfig.json", () => {
  test("is strict by default", () =>
    inProject({}, async (kernel) => {
      assert.deepEqual(await objections(kernel, loose), ["7006"]);
      assert.equal((await kernel.run("[1, 2].at(-1)")).result, "2");
    }));

  test("determines the strictness of cells", () =>
    inProject(options({ strict: false }), async (kernel) => {
      assert.equal((await kernel.run(loose)).result, "1");
      assert.deepEqual(await objections(kernel, "const n: number = 'a'"), [
        "2322",
      ]);
    }));

  test("may be stricter than strict", () =>
    inProject(options({ noUncheckedIndexedAccess: true }), async (kernel) => {
      const code = "const first: number = [1, 2][0];";
      assert.deepEqual(await objections(kernel, code), ["2322"]);
    }));

  test("determines the globals: by its target, without browsers, or by its lib", async () => {
    const grouped = "typeof Object.groupBy";
    await inProject(options({ target: "ES2022" }), async (kernel) => {
      assert.deepEqual(await objections(kernel, grouped), ["2550"]);
    });
    await inProject(options({ target: "ES2024" }), async (kernel) => {
      assert.deepEqual(await objections(kernel, grouped), []);
      assert.deepEqual(await objections(kernel, "document.title"), ["2584"]);
    });
    await inProject(options({ lib: ["ES2022", "DOM"] }), async (kernel) => {
      const code = "const title = () => document.title; typeof title";
      assert.equal((await kernel.run(code)).result, "'function'");
    });
  });

  test("maps paths to files of the project, in cells and in the files that they import", () =>
    inProject(
      {
        ...options({
          baseUrl: ".",
          paths: { "@library/*": ["./library/*"], exact: ["./library/deep"] },
        }),
        "library/deep.ts": "export const depth: number = 3;\n",
        "library/wide.ts":
          'import { depth } from "@library/deep";\nimport { high } from "other/high";\nexport const area = depth * high;\n',
        "other/high.ts": "export const high: number = 7;\n",
      },
      async (kernel) => {
        const { result } = await kernel.run(
          'import { area } from "@library/wide";\nimport { depth } from "exact";\nimport { high } from "other/high";\n[area, depth, high]',
        );
        assert.equal(result, "[ 21, 3, 7 ]");
        const later = await kernel.run(
          'const { depth: again } = await import("@library/deep"); again',
        );
        assert.equal(later.result, "3");
        assert.deepEqual(
          await objections(kernel, 'import { x } from "@library/deep"'),
          ["2305"],
        );
      },
    ));

  test("may extend another", () =>
    inProject(
      {
        ...options({}, { extends: "./base.json" }),
        "base.json":
          '{ // with a comment\n "compilerOptions": { "noImplicitAny": false } }',
      },
      async (kernel) => {
        assert.equal((await kernel.run(loose)).result, "1");
      },
    ));

  test("is the nearest one", () =>
    inProject(
      {
        ...options({ strict: true }),
        "notebooks/tsconfig.json": {
          compilerOptions: { noImplicitAny: false },
        },
      },
      async (kernel) => {
        assert.equal((await kernel.run(loose)).result, "1");
      },
    ));

  test("that is invalid causes one warning, and cells run", () =>
    inProject(
      options({ noSuchOption: true }, { extends: "./missing.json" }),
      async (kernel) => {
        const first = await kernel.run("1 + 1");
        assert.equal(first.result, "2");
        assert.match(first.stderr, /tsconfig\.json: .*missing\.json/);
        assert.match(first.stderr, /Unknown compiler option 'noSuchOption'/);
        assert.equal((await kernel.run("2 + 2")).stderr, "");
      },
    ));

  test("that is invalid JSON causes a warning, too", () =>
    inProject({ "tsconfig.json": "{ compilerOptions: " }, async (kernel) => {
      const { result, stderr } = await kernel.run("1 + 1");
      assert.equal(result, "2");
      assert.match(stderr, /tsconfig\.json: /);
    }));
});

test("import.meta contains the location of the notebook", () =>
  inProject({ "notebooks/data.txt": "here" }, async (kernel) => {
    const { result } = await kernel.run(
      'import { readFileSync } from "node:fs";\nreadFileSync(new URL("data.txt", import.meta.url), "utf8") + import.meta.dirname.endsWith("notebooks")',
    );
    assert.equal(result, "'heretrue'");
  }));
