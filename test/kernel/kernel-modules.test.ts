/**
 * Tests that the types of the modules that the kernel provides are available in every folder.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";

describe("tslab", () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** Starts a kernel in a folder outside the checkout with these files. */
  async function start(
    files: Readonly<Record<string, string>>,
  ): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), "convnotes-modules-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return KernelClient.start({ folder });
  }

  for (const [what, files] of [
    ["in a folder that has nothing", {}],
    [
      "in a project without it",
      {
        "package.json": '{"name":"p"}',
        "tsconfig.json":
          '{"compilerOptions":{"module":"nodenext","strict":true}}',
        "node_modules/other/package.json": '{"name":"other"}',
      },
    ],
  ] as const) {
    test(`${what} is available with its types`, async () => {
      const kernel = await start(files);
      try {
        const shown = await kernel.run(
          'import { display, newDisplay, versions, type Display } from "tslab"; display.html("<b>x</b>"); const d: Display = newDisplay(); d.text("first"); d.text("second"); Object.keys(versions)',
        );
        assert.deepEqual(
          shown.outputs.map(({ type }) => type),
          [
            "display_data",
            "display_data",
            "update_display_data",
            "execute_result",
          ],
        );
        assert.equal(shown.result, "[ 'tslab', 'node', 'typescript' ]");
        assert.equal(
          (await kernel.run("versions.node === process.version")).result,
          "true",
        );
        const wrong = await kernel.execute("display.html(1)");
        assert.match(wrong.error?.evalue ?? "", /^TS2345/);
        const missing = await kernel.execute(
          'import { nothing } from "tslab";',
        );
        assert.match(missing.error?.evalue ?? "", /^TS2305/);
        const all = await kernel.run(
          'import * as lab from "tslab"; typeof lab.display.markdown',
        );
        assert.equal(all.result, "'function'");
        const later = await kernel.run(
          '(await import("tslab")).display === display',
        );
        assert.equal(later.result, "true");
        const required = await kernel.run(
          'require("tslab").display === display',
        );
        assert.equal(required.result, "true");
        const { content } = await kernel.request("complete_request", {
          code: "display.ht",
          cursor_pos: 10,
        });
        assert.deepEqual(content.matches, ["html"]);
      } finally {
        await kernel.close();
      }
    });
  }

  test("has the types of the project's own module if there is one", async () => {
    const kernel = await start({
      "node_modules/tslab/package.json":
        '{"name":"tslab","version":"9.0.0","types":"index.d.ts","main":"index.js"}',
      "node_modules/tslab/index.d.ts":
        "export declare const display: { html(text: string): void; own: number };\n",
      "node_modules/tslab/index.js":
        "exports.display = { html() {}, own: 1 };\n",
    });
    try {
      const shown = await kernel.run(
        'import { display } from "tslab"; display.html("a"); typeof (display.own as unknown)',
      );
      assert.deepEqual(
        shown.outputs.map(({ type }) => type),
        ["display_data", "execute_result"],
      );
      const missing = await kernel.execute(
        'import { newDisplay } from "tslab";',
      );
      assert.match(missing.error?.evalue ?? "", /^TS2724/);
    } finally {
      await kernel.close();
    }
  });
});
