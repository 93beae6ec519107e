/**
 * Tests that a notebook in any folder, outside of the clone, finds the packages that are installed
 * with the kernel, and that the notebook's own packages come first, each as a whole.
 */
import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import {
  comesWithKernel,
  ownPackageFiles,
} from "../../kernel/packages-with-kernel";
import { KernelClient } from "./kernel-client";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Creates a folder outside the checkout with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-anywhere-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    write(join(folder, name), text);
  }
  return folder;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Runs a test with a kernel in a folder. */
async function inKernel(
  folder: string,
  use: (kernel: KernelClient) => Promise<void>,
): Promise<void> {
  const kernel = await KernelClient.start({ folder });
  try {
    await use(kernel);
  } finally {
    await kernel.close();
  }
}

async function completions(
  kernel: KernelClient,
  code: string,
): Promise<readonly unknown[]> {
  const { content } = await kernel.request("complete_request", {
    code,
    cursor_pos: code.length,
  });
  return content.matches as readonly unknown[];
}

/** A package katex with one function of its own, in place of the one installed with the kernel. */
const ownKatex = {
  "node_modules/katex/package.json":
    '{"name":"katex","version":"0.0.1","types":"index.d.ts","main":"index.js"}',
  "node_modules/katex/index.d.ts": "export declare const own: number;\n",
  "node_modules/katex/index.js": "exports.own = 7;\n",
};

test("a package name is looked up with the kernel if no folder has the package or its types", () => {
  const folder = folderWith({
    ...ownKatex,
    "node_modules/@types/scope__typed/package.json": "{}",
  });
  const importer = join(folder, "below", "cell.ts");
  for (const [name, expected] of [
    ["danfojs-node", true],
    ["danfojs-node/part", true],
    ["@scope/other/part", true],
    ["katex", false],
    ["katex/missing", false],
    ["@scope/typed", false],
    ["events", false],
    ["node:test", false],
    ["tslab", false],
    ["./katex2", false],
    ["/katex2", false],
    ["#katex2", false],
    ["data:text/javascript,1", false],
    ["", false],
  ] as const) {
    assert.equal(comesWithKernel(name, importer), expected, name);
  }
  assert.ok(
    ownPackageFiles("danfojs-node/part", importer).includes(
      join(folder, "node_modules", "danfojs-node", "package.json"),
    ),
  );
});

test("the file of an installed package finds only the library with the kernel", () => {
  const folder = folderWith(ownKatex);
  const importer = join(folder, "node_modules", "katex", "index.js");
  assert.equal(comesWithKernel("danfojs-node", importer), false);
  assert.equal(comesWithKernel("convnotes/keras", importer), true);
});

describe("in an empty folder outside of the checkout", () => {
  test("cells find packages: checked, imported, required, and completed", async () => {
    const folder = folderWith({});
    await inKernel(folder, async (kernel) => {
      const library = await kernel.run(
        'import { tf } from "convnotes"; tf.tensor([1, 2]).shape',
      );
      assert.equal(library.result, "[ 2 ]");
      const same = await kernel.run(
        'import * as plain from "@tensorflow/tfjs-node"; plain.version_core === tf.version_core',
      );
      assert.equal(same.result, "true");
      const wrong = await kernel.execute(
        'import katex from "katex"; katex.renderToString(1);',
      );
      assert.match(wrong.error?.evalue ?? "", /^TS2345/);
      const html = await kernel.run(
        'import katex from "katex"; katex.renderToString("x").startsWith("<span")',
      );
      assert.equal(html.result, "true");
      // Names that only the runtime knows.
      await kernel.run('const name = ["ka", "tex"].join("");');
      for (const code of [
        "typeof require(name).renderToString",
        "typeof (await import(name)).default.renderToString",
        'typeof require("katex").renderToString',
        'typeof (await import("katex")).default.renderToString',
        'typeof require.resolve(name + "/package.json")',
      ]) {
        const { result } = await kernel.run(code);
        assert.match(result ?? "", /^'(function|string)'$/, code);
      }
      for (const code of [
        'import "no-such-package";',
        'require("no-such-" + "package")',
        'await import("no-such-" + "package")',
      ]) {
        const { error } = await kernel.execute(code);
        const text = error?.evalue ?? "";
        assert.match(text, /Cannot find (module|package) 'no-such-|^TS2882/);
      }
      assert.deepEqual(await completions(kernel, 'import "kate'), ["katex"]);
      const inScope = await completions(kernel, 'import "@tensorflow/tfjs-n');
      assert.deepEqual(inScope, ["tfjs-node"]);
      const inPackage = await completions(kernel, 'import "convnotes/ke');
      assert.deepEqual(inPackage, ["keras"]);
    });
    assert.deepEqual(readdirSync(folder), []);
  });

  test("cells are checked as in the course's notebooks, without its two stricter options", async () => {
    await inKernel(folderWith({}), async (kernel) => {
      const { result } = await kernel.run(
        "const list = [1, 2]; const first: number = list[0]; const options: { size?: number } = { size: undefined }; first",
      );
      assert.equal(result, "1");
      const { error } = await kernel.execute("const text: string = null;");
      assert.match(error?.evalue ?? "", /^TS2322/);
    });
  });
});

test("files beside the notebook find packages: ES modules and CommonJS", async () => {
  const folder = folderWith({
    "module.mts":
      'import katex from "katex"; export const html: string = katex.renderToString("x"); export const later = async (name: string) => typeof (await import(name)).default;',
    "common.cts":
      'import katex = require("katex"); export const html: string = katex.renderToString("x"); export const later = (name: string) => typeof require(name);',
    "plain.cjs": 'exports.html = require("katex").renderToString("x");',
  });
  await inKernel(folder, async (kernel) => {
    const { result } = await kernel.run(
      'import * as one from "./module.mjs"; import * as two from "./common.cjs"; one.html === two.html && one.html === require("./plain.cjs").html && [await one.later("katex"), two.later("katex")]',
    );
    assert.equal(result, "[ 'object', 'object' ]");
  });
});

test("the notebook's own package comes first, as a whole", async () => {
  const folder = folderWith({
    ...ownKatex,
    "helper.ts": 'import { own } from "katex"; export const twice = own * 2;',
  });
  await inKernel(folder, async (kernel) => {
    const { result } = await kernel.run(
      'import { own } from "katex"; import { twice } from "./helper"; [own, twice, require("katex").own, (await import("kat" + "ex")).own]',
    );
    assert.equal(result, "[ 7, 14, 7, 7 ]");
    const missing = await kernel.execute('import "katex/contrib/mhchem";');
    assert.match(missing.error?.evalue ?? "", /^TS2882/);
    const atRunTime = await kernel.execute(
      'require(["katex", "contrib", "mhchem"].join("/"));',
    );
    assert.match(
      atRunTime.error?.evalue ?? "",
      /Cannot find module 'katex\/contrib\/mhchem'/,
    );
    assert.deepEqual(await completions(kernel, 'import "katex/c'), []);
    assert.deepEqual(await completions(kernel, 'import "katex'), ["katex"]);
  });
});

test("a package installed later in the notebook's folder replaces the one with the kernel", async () => {
  const folder = folderWith({
    "helper.ts":
      'import * as found from "katex"; export const names = Object.keys(found).includes("own");',
  });
  const code = 'import { names } from "./helper"; names';
  await inKernel(folder, async (kernel) => {
    assert.equal((await kernel.run(code)).result, "false");
  });
  for (const [name, text] of Object.entries(ownKatex)) {
    write(join(folder, name), text);
  }
  await inKernel(folder, async (kernel) => {
    assert.equal((await kernel.run(code)).result, "true");
  });
});

test("nothing is written to a folder that is read-only", async () => {
  const folder = folderWith({
    "helper.ts":
      'import katex from "katex"; export const html = katex.renderToString("x");',
  });
  chmodSync(folder, 0o555);
  try {
    await inKernel(folder, async (kernel) => {
      const { result } = await kernel.run(
        'import { html } from "./helper"; import { tf } from "convnotes"; [typeof html, tf.scalar(1).rank]',
      );
      assert.equal(result, "[ 'string', 0 ]");
    });
    // Also for an administrator, whom the folder's mode does not stop.
    assert.deepEqual(readdirSync(folder), ["helper.ts"]);
  } finally {
    chmodSync(folder, 0o755);
  }
});
