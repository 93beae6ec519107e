/**
 * Tests that errors thrown by modules are shown even if they resemble Node's own errors, for which
 * the kernel would run the module again.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

/** Messages and codes of Node's errors for modules that can be imported but not required. */
const thrown = {
  await: 'new Error("Here is no top-level await.")',
  import: 'new SyntaxError("Cannot use import statement outside a module")',
  code: 'Object.assign(new Error("mine"), { code: "ERR_REQUIRE_ESM" })',
  async:
    'Object.assign(new Error("mine"), { code: "ERR_REQUIRE_ASYNC_MODULE" })',
  exports:
    'Object.assign(new Error("mine"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" })',
} as const;

describe("a module that throws an error like one of Node's", () => {
  const folder = new ProjectFolder({
    "tsconfig.json": '{ "compilerOptions": { "strict": true } }',
  });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    folder.write(path, text);
  };
  const names: string[] = [];
  for (const [name, error] of Object.entries(thrown)) {
    const count = (module: string) =>
      `globalThis.${module}Runs = (globalThis.${module}Runs ?? 0) + 1;\n`;
    write(
      `${name}Helper.ts`,
      `declare global { var ${name}HelperRuns: number; }\n${count(`${name}Helper`)}throw ${error};\nexport {};\n`,
    );
    names.push(`./${name}Helper`);
    for (const [kind, type] of [
      ["Common", "commonjs"],
      ["Module", "module"],
    ] as const) {
      const id = `${name}${kind}`;
      const base = `node_modules/${id.toLowerCase()}`;
      write(
        `${base}/package.json`,
        JSON.stringify({
          name: id.toLowerCase(),
          version: "1.0.0",
          type,
          main: "index.js",
          types: "index.d.ts",
        }),
      );
      write(`${base}/index.d.ts`, "export {};\n");
      write(`${base}/index.js`, `${count(id)}throw ${error};\n`);
      names.push(id);
    }
  }
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folder.path });
  });
  after(async () => {
    await kernel?.close();
    folder.remove();
  });

  for (const name of names) {
    test(`${name} runs once, and its error is shown`, async () => {
      const id = name.replace("./", "");
      const module = name.startsWith(".") ? name : name.toLowerCase();
      const error = Object.entries(thrown).find(([key]) =>
        id.startsWith(key),
      )![1];
      const message = /"(.*?)"/.exec(error)![1];
      const cell = await kernel.execute(`import ${JSON.stringify(module)};`);
      assert.equal(cell.error?.evalue, message);
      const runs = await kernel.run(`(globalThis as any).${id}Runs`);
      assert.equal(runs.result, "1");
    });
  }
});
