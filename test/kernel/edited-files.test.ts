/**
 * Tests changes of project files between cells: a cell imports the current contents.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { KernelClient } from "./kernel-client";

type Files = Readonly<Record<string, string>>;

class Notebook {
  readonly #root: string;
  readonly kernel: KernelClient;

  constructor(root: string, kernel: KernelClient) {
    this.#root = root;
    this.kernel = kernel;
  }

  write(files: Files): void {
    writeAll(this.#root, files);
  }

  remove(path: string): void {
    rmSync(join(this.#root, path));
  }

  /** Returns the result of a cell, or its error. */
  async run(code: string): Promise<string | undefined> {
    const { result, error } = await this.kernel.execute(code);
    return error ? `${error.ename}: ${error.evalue}` : result;
  }

  /** Interrupts a cell once it has printed something, and returns the name of its error. */
  async interrupt(code: string): Promise<string | undefined> {
    const running = this.kernel.send("execute_request", { code });
    await running.until(({ type }) => type === "stream");
    await this.kernel.interrupt();
    return (await running.done).error?.ename;
  }
}

function writeAll(root: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function inNotebook(
  files: Files,
  body: (notebook: Notebook) => Promise<void>,
  { folder = ".", links = {} }: { folder?: string; links?: Files } = {},
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "convnotes-edited-"));
  writeAll(root, files);
  for (const [from, to] of Object.entries(links)) {
    mkdirSync(dirname(join(root, from)), { recursive: true });
    symlinkSync(join(root, to), join(root, from));
  }
  const kernel = await KernelClient.start({ folder: join(root, folder) });
  try {
    await body(new Notebook(root, kernel));
  } finally {
    await kernel.close();
    rmSync(root, { recursive: true, force: true });
  }
}

test("an edit takes effect through files of the other module format", async () => {
  const text = (factor: number) =>
    `import data from "./data.json" with { type: "json" }; export const c: number = data.v * ${factor};`;
  await inNotebook(
    {
      "a.ts": 'import { b } from "./b.cjs"; export const a = b + 1;',
      "b.cts": 'import { c } from "./c.mjs"; export const b = c + 1;',
      "c.mts": text(1),
      "data.json": '{ "v": 1 }',
    },
    async (notebook) => {
      const cell = 'import { a } from "./a"; a';
      assert.equal(await notebook.run(cell), "3");
      notebook.write({ "c.mts": text(10) });
      assert.equal(await notebook.run(cell), "12");
      notebook.write({ "data.json": '{ "v": 72 }' });
      assert.equal(await notebook.run(cell), "722");
    },
  );
});

test("an edit takes effect in a project with isolated files", async () => {
  await inNotebook(
    {
      "tsconfig.json": '{ "compilerOptions": { "isolatedModules": true } }',
      "a.cts": 'import { b } from "./b.mjs"; export const a: number = b + 1;',
      "b.mts": 'import { c } from "./c.mjs"; export const b: number = c + 1;',
      "c.mts": "export const c: number = 1;",
    },
    async (notebook) => {
      const cell = 'import { a } from "./a.cjs"; a';
      assert.equal(await notebook.run(cell), "3");
      notebook.write({ "c.mts": "export const c: number = 10;" });
      assert.equal(await notebook.run(cell), "12");
    },
  );
});

for (const type of ["module", "commonjs"]) {
  test(`an added file is found, a deleted one is not: ${type}`, async () => {
    await inNotebook(
      {
        "package.json": JSON.stringify({ type }),
        "h.ts": 'export { n } from "./u";',
        "u/index.ts": "export const n: number = 1;",
      },
      async (notebook) => {
        assert.equal(
          await notebook.run('import { n } from "./h"; n.toFixed()'),
          "'1'",
        );
        notebook.write({ "u.ts": 'export const n: string = "two";' });
        assert.equal(
          await notebook.run('import { n } from "./h"; n.toUpperCase()'),
          "'TWO'",
        );
        notebook.remove("u.ts");
        assert.equal(
          await notebook.run('import { n } from "./h"; n.toFixed()'),
          "'1'",
        );
        notebook.remove("u/index.ts");
        assert.match(
          (await notebook.run('import { n } from "./h"; n')) ?? "",
          /Cannot find module|Directory import/,
        );
        notebook.write({ "u.ts": "export const n: number = 5;" });
        assert.equal(await notebook.run('import { n } from "./h"; n'), "5");
      },
    );
  });
}

test("a package installed later is found by a file that imports it", async () => {
  await inNotebook(
    { "h.ts": 'import { v } from "later"; export const n: number = v;' },
    async (notebook) => {
      const cell = 'import { n } from "./h"; n';
      assert.match((await notebook.run(cell)) ?? "", /Cannot find/);
      notebook.write({
        "node_modules/later/package.json":
          '{ "name": "later", "type": "module", "exports": "./i.js" }',
        "node_modules/later/i.js": "export const v = 9;",
        "node_modules/later/i.d.ts": "export declare const v: number;",
      });
      assert.equal(await notebook.run(cell), "9");
    },
  );
});

test("the type of the package may change", async () => {
  await inNotebook(
    {
      "package.json": '{ "type": "commonjs" }',
      "h.ts": "export const kind: string = typeof module;",
    },
    async (notebook) => {
      const cell = 'import { kind } from "./h"; kind';
      assert.equal(await notebook.run(cell), "'object'");
      notebook.write({ "package.json": '{ "type": "module" }' });
      assert.equal(await notebook.run(cell), "'undefined'");
      notebook.write({ "package.json": '{ "type": "commonjs" }' });
      assert.equal(await notebook.run(cell), "'object'");
    },
  );
});

test("a syntax error in an indirectly imported file is reported, and the file works once it is fixed", async () => {
  await inNotebook(
    {
      "k.ts": 'export { n } from "./h";',
      "h.ts": "export const n: number = (;",
    },
    async (notebook) => {
      const cell = 'import { n } from "./k"; n';
      const { error } = await notebook.kernel.execute(cell);
      assert.equal(error?.ename, "SyntaxError");
      assert.equal(error.evalue, "TS1109: Expression expected.");
      assert.match(error.traceback, /h\.ts, line 1/);
      notebook.write({ "h.ts": "export const n: number = 3;" });
      assert.equal(await notebook.run(cell), "3");
    },
  );
});

test("an ES module that has thrown is evaluated again, but not its imports", async () => {
  await inNotebook(
    {
      "state.ts": "export const state = { loads: 0 };",
      "h.ts": [
        'import { existsSync } from "node:fs";',
        'import { state } from "./state";',
        "state.loads++;",
        'if (!existsSync(__dirname + "/data")) throw new Error("no data");',
        "export const n = state.loads;",
      ].join("\n"),
      "p.ts": 'export { n } from "./h"; export { state } from "./state";',
      "c.cts": 'import { n } from "./m.mjs"; export const m: number = n;',
      "m.mts": [
        'import { existsSync } from "node:fs";',
        'if (!existsSync(import.meta.dirname + "/data")) throw new Error("no data");',
        "export const n: number = 5;",
      ].join("\n"),
    },
    async (notebook) => {
      const cell = 'import { n, state as s } from "./p"; [n, s === state]';
      assert.equal(
        await notebook.run('import { state } from "./state"; state.loads'),
        "0",
      );
      assert.equal(await notebook.run(cell), "Error: no data");
      assert.equal(await notebook.run(cell), "Error: no data");
      assert.equal(await notebook.run('require("./h").n'), "Error: no data");
      assert.equal(
        await notebook.run('(await import("./h")).n'),
        "Error: no data",
      );
      const required = 'import { m } from "./c.cjs"; m';
      assert.equal(await notebook.run(required), "Error: no data");
      notebook.write({ data: "" });
      assert.equal(await notebook.run(cell), "[ 5, true ]");
      assert.equal(await notebook.run(cell), "[ 5, true ]");
      assert.equal(await notebook.run('(await import("./h")).n'), "5");
      assert.equal(await notebook.run(required), "5");
    },
  );
});

test("a file whose evaluation was interrupted is evaluated again", async () => {
  const loop = (wait: string) =>
    [
      'import { existsSync } from "node:fs";',
      'console.log("begun");',
      `while (!existsSync(__dirname + "/data")) ${wait};`,
      "export const n: number = 1;",
    ].join("\n");
  await inNotebook(
    {
      "h.ts": loop("continue"),
      "p.ts": 'export * from "./h";',
      "c.cts": loop("continue"),
      "t.ts": loop("await new Promise((resolve) => setTimeout(resolve, 5))"),
    },
    async (notebook) => {
      const cells = ["./p", "./c.cjs", "./t"].map(
        (name) => `import { n } from "${name}"; n`,
      );
      for (const cell of cells) {
        assert.equal(await notebook.interrupt(cell), "Interrupt");
        assert.equal(await notebook.interrupt(cell), "Interrupt");
      }
      assert.equal(await notebook.interrupt('require("./h").n'), "Interrupt");
      notebook.write({ data: "" });
      for (const cell of cells) assert.equal(await notebook.run(cell), "1");
    },
  );
});

test("a file may throw a value that is not an error, and may check require.main", async () => {
  await inNotebook(
    {
      "nothing.ts": "export const k = 1; throw null;",
      "main.ts":
        'if (require.main === module) console.log("main"); export const isMain = (import.meta as { main?: boolean }).main;',
      "optional.ts":
        'export let how = ""; try { await import("absent" as string); } catch (error) { how = (error as { code: string }).code; }',
      "symbol.ts":
        "export class Symbol {} export const has = import.meta.url.length > 0;",
    },
    async (notebook) => {
      assert.equal(
        await notebook.run('import "./nothing"'),
        "Thrown value: null",
      );
      const { stdout, result } = await notebook.kernel.execute(
        'import { isMain } from "./main"; isMain',
      );
      assert.deepEqual([stdout, result], ["", "false"]);
      assert.equal(
        await notebook.run('import { how } from "./optional"; how'),
        "'ERR_MODULE_NOT_FOUND'",
      );
      assert.equal(
        await notebook.run('import { has } from "./symbol"; has'),
        "true",
      );
    },
  );
});

test("a file of another package is compiled with the options of that package", async () => {
  await inNotebook(
    {
      "package.json": '{ "workspaces": ["packages/*", "apps/*"] }',
      "tsconfig.json": '{ "compilerOptions": { "module": "preserve" } }',
      "packages/core/package.json":
        '{ "name": "@m/core", "type": "module", "exports": "./index.tsx" }',
      "packages/core/tsconfig.json":
        '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h", "experimentalDecorators": true } }',
      "packages/core/index.tsx": [
        "declare global { namespace JSX { interface IntrinsicElements { i: object } } }",
        "function h(tag: string) { return `<${tag}>`; }",
        "export const view = <i />;",
        "export const seen: string[] = [];",
        "function note(_target: object, name: string) { seen.push(name); }",
        "export class Noted { @note field = 1; }",
      ].join("\n"),
      "apps/web/package.json": '{ "name": "web" }',
    },
    async (notebook) => {
      assert.equal(
        await notebook.run(
          'import { view, seen } from "@m/core"; [view, seen]',
        ),
        "[ '<i>', [ 'field' ] ]",
      );
    },
    { folder: "apps/web", links: { "node_modules/@m/core": "packages/core" } },
  );
});
