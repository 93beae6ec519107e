/**
 * Tests inspection by the checked compiler: which name is inspected, and its doc comment as
 * Markdown.
 *
 * The mark "¦" stands for the cursor. `editor.test.ts` tests inspection through a kernel's sockets.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Compiler } from "../../kernel/compiler/compiler";
import { createCompiler } from "../../kernel/compiler/create-compiler";
import { documentation } from "../../kernel/compiler/quick-info";
import { compilerSettings } from "../../kernel/compiler/settings";
import { ProjectFolder } from "./project-folder";

describe("inspection", () => {
  let folder: ProjectFolder;
  let compiler: Compiler;
  before(async () => {
    folder = new ProjectFolder({
      "library.d.ts": `
        /** Adds numbers. */
        declare function add_(a: number, b: number): number;
        export declare const add: typeof add_;`,
      "library.js": "exports.add = (a, b) => a + b;",
      "local.ts": "export const side = 2;",
    });
    compiler = createCompiler(compilerSettings("checked", folder.path));
    const { diagnostics } = await compiler.compile(`
      import { add } from "./library";
      /** A way to scale. */
      function scale(factor: number, more = false): number { return factor; }
      class Point {
        constructor(x: number, y: number) {}
        /** The length. */
        norm(): number { return 1; }
      }
      const p = new Point(1, 2);
      const [first] = [scale];`);
    assert.equal(diagnostics, undefined);
    await compiler.commit();
  });
  after(async () => {
    await compiler?.close();
    folder?.remove();
  });

  async function inspect(marked: string) {
    return compiler.inspect(marked.replace("¦", ""), marked.indexOf("¦"));
  }

  const scale = "function scale(factor: number, more?: boolean): number";
  for (const [text, signature] of [
    ["sc¦ale(1)", scale],
    ["¦scale(1)", scale],
    ["scale¦", scale],
    ["scale¦(1)", scale],
    // After the opening bracket and among the arguments, the called function is inspected.
    ["scale(¦", scale],
    ["scale(¦)", scale],
    ["scale(1, ¦", scale],
    ["scale(1, ¦)", scale],
    ["scale(1,¦ true)", scale],
    ["scale(1¦2)", scale],
    ["scale({ ¦ })", scale],
    ["scale(Math.sqrt(4), ¦", scale],
    ["scale(Math.sqrt(4)¦", scale],
    ["[1].map(() => { scale(¦ })", scale],
    // The innermost call applies, but a name in the arguments takes precedence.
    ["scale(Math.sqrt(¦))", "(method) Math.sqrt(x: number): number"],
    ["scale(p¦)", "const p: Point"],
    ["new Point(¦", "constructor Point(x: number, y: number): Point"],
    ["p.norm(¦)", "(method) Point.norm(): number"],
    ["p.no¦rm", "(method) Point.norm(): number"],
    ["let a: Poi¦nt", "class Point"],
    ['import { side¦ } from "./local"', "(alias) const side: 2\nimport side"],
    ['import { side } from "./lo¦cal"', 'module "./local"'],
    ['import fs from "node:f¦s"', 'module "node:fs"'],
    ["class A { #n = 1; f() { this.#¦n } }", "(property) A.#n: number"],
  ] as const) {
    test(`${text} shows ${signature.split("\n")[0]}`, async () => {
      assert.equal((await inspect(text))?.signature, signature);
    });
  }

  for (const text of [
    "noSuchName¦",
    "noSuchName(¦)",
    "scale(noSuchName¦)",
    "p.noSuchMember¦",
    "p.noSuchMember(¦",
    'import { side } from "./nowh¦ere"',
    'import { nowhere¦ } from "./nowhere"',
    'import { nowhere¦ } from "./local"',
    "const¦ a = 1",
    "return¦",
    "if (¦",
    "function f(¦",
    "12¦",
    "1 +¦ 1",
    "'sc¦ale'",
    "`sc¦ale`",
    "// sc¦ale",
    "/* sc¦ale */ 1",
    "scale(/* fac¦tor */ 1)",
    "scale(1 // fac¦tor\n)",
    "scale(1)¦",
    "scale(1) ¦",
    "scale(1);¦",
    "[1].map(() => { ¦ })",
    "(¦)",
    "¦",
    " ¦ ",
  ]) {
    test(`${JSON.stringify(text)} shows nothing`, async () => {
      assert.equal(await inspect(text), undefined);
    });
  }

  test("the doc comment of a function that a variable refers to", async () => {
    const found = await inspect("add¦");
    assert.equal(found?.documentation, "Adds numbers.");
  });

  test("the file that a module specifier resolves to", async () => {
    const found = await inspect('import "./local¦"');
    assert.equal(found?.documentation, "`local.ts`");
  });

  test("the source of declarations in cells and in the user's own files", async () => {
    const source = async (text: string) => (await inspect(text))?.source;
    assert.match((await source("scale¦"))!, /^function scale\([^]*factor; \}$/);
    assert.equal(await source("p¦"), "const p = new Point(1, 2);");
    assert.equal(await source("p.norm¦"), "norm(): number { return 1; }");
    const imported = 'import { side¦ } from "./local"';
    assert.equal(await source(imported), "export const side = 2;");
    assert.equal(await source("Math¦"), undefined);
  });
});

describe("a doc comment as Markdown", () => {
  const tag = (name: string, text: string) => ({ name, text: [{ text }] });

  test("has sections in a fixed order, and a list of other tags", () => {
    const text = documentation({
      documentation: [{ text: "Scales." }],
      tags: [
        tag("since", "1.0"),
        tag("returns", "The result."),
        tag("example", "scale(2)"),
        tag("param", "factor - By how\nmuch."),
        tag("param", "more"),
        tag("throws", "RangeError if not."),
        tag("deprecated", "Use another."),
        tag("doc", "{heading: 'Tensors'}"),
      ],
    });
    assert.equal(
      text,
      [
        "Scales.",
        "**Deprecated**\n\nUse another.",
        "**Parameters**\n\n- `factor`: By how\n  much.\n- `more`",
        "**Returns**\n\nThe result.",
        "**Throws**\n\nRangeError if not.",
        "**Examples**\n\n```typescript\nscale(2)\n```",
        "- *@since* 1.0",
      ].join("\n\n"),
    );
  });

  test("keeps a Markdown example unchanged, and puts a caption above code", () => {
    const examples = (text: string) =>
      documentation({ tags: [tag("example", text)] }).replace(
        "**Examples**\n\n",
        "",
      );
    assert.equal(
      examples("Like so:\n```js\na\n```"),
      "Like so:\n```js\na\n```",
    );
    assert.equal(
      examples("<caption>Twice</caption>\nscale(4)"),
      "Twice\n\n```typescript\nscale(4)\n```",
    );
  });

  test("converts links to Markdown", () => {
    const links = (text: string) =>
      documentation({ documentation: [{ text }] });
    assert.equal(links("{@link a.b}"), "`a.b`");
    assert.equal(links("{@link a.b the field}"), "the field");
    assert.equal(links("{@linkcode a|the field}"), "the field");
    assert.equal(links("{@link https://a.b}"), "[https://a.b](https://a.b)");
    assert.equal(
      links("{@link https://a.b | a page}"),
      "[a page](https://a.b)",
    );
  });

  test("is empty if there is none", () => {
    assert.equal(documentation({}), "");
    assert.equal(documentation({ tags: [tag("internal", "")] }), "");
  });

  test("contains a deprecation even without a reason", () => {
    assert.equal(
      documentation({ tags: [tag("deprecated", "")] }),
      "**Deprecated**",
    );
  });
});
