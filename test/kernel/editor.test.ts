/**
 * Tests the requests of editors: completion, inspection, code completeness and history.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient } from "./kernel-client";
import { ProjectFolder } from "./project-folder";

interface Completion {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
  readonly kinds: Map<string, string>;
  readonly signatures: Map<string, string | undefined>;
}

describe("an editor", () => {
  let kernel: KernelClient;
  let folder: ProjectFolder;
  before(async () => {
    folder = new ProjectFolder({
      "shapes.ts": `/**
 * The area of a circle.
 *
 * @param radius In meters.
 */
export function circleArea(radius: number): number {
  return Math.PI * radius ** 2;
}

/** A corner. */
export interface Corner { x: number }
export const unitCorner: Corner = { x: 1 };
`,
    });
    kernel = await KernelClient.start({ folder: folder.path });
    await kernel.run(
      `import { circleArea } from "./shapes";
       const longVariableName = { inner: 1, other: "two" };
       class LongClassName {}
       function longFunctionName(n: number): string { return String(n); }`,
    );
  });
  after(async () => {
    await kernel?.close();
    folder?.remove();
  });

  /** Completes at the mark "|" in the text. */
  async function complete(marked: string): Promise<Completion> {
    const cursor = [...marked.slice(0, marked.indexOf("|"))].length;
    const { content } = await kernel.request("complete_request", {
      code: marked.replace("|", ""),
      cursor_pos: cursor,
    });
    assert.equal(content.status, "ok");
    const { _jupyter_types_experimental: types } = content.metadata as {
      _jupyter_types_experimental: {
        text: string;
        type: string;
        signature?: string;
        start: number;
        end: number;
      }[];
    };
    const { matches, cursor_start: start, cursor_end: end } = content;
    // JupyterLab matches them by their index in the lists.
    assert.deepEqual(
      types.map(({ text }) => text),
      matches,
    );
    for (const type of types) {
      assert.deepEqual([type.start, type.end], [start, end]);
    }
    return {
      matches: matches as string[],
      start: Number(start),
      end: Number(end),
      kinds: new Map(types.map(({ text, type }) => [text, type])),
      signatures: new Map(
        types.map(({ text, signature }) => [text, signature]),
      ),
    };
  }

  /** Inspects at the mark "|" in the text. */
  async function inspect(marked: string, detailLevel = 0) {
    const cursor = [...marked.slice(0, marked.indexOf("|"))].length;
    const { content } = await kernel.request("inspect_request", {
      code: marked.replace("|", ""),
      cursor_pos: cursor,
      detail_level: detailLevel,
    });
    assert.equal(content.status, "ok");
    return {
      found: content.found as boolean,
      ...(content.data as Record<"text/plain" | "text/markdown", string>),
    };
  }

  test("completes the members of a value, with their range", async () => {
    const { matches, start, end } = await complete("Number.isInt|");
    assert.deepEqual(matches, ["isInteger"]);
    assert.deepEqual([start, end], [7, 12]);
  });

  test("completes declarations of earlier cells, with kinds", async () => {
    const { matches, kinds } = await complete("long|");
    assert.ok(matches.includes("longVariableName"));
    assert.ok(matches.includes("longFunctionName"));
    assert.equal(kinds.get("longVariableName"), "instance");
    assert.equal(kinds.get("longFunctionName"), "function");
    assert.equal(
      (await complete("new LongC|")).kinds.get("LongClassName"),
      "class",
    );
    assert.equal(
      (await complete("longVariableName.|")).kinds.get("inner"),
      "property",
    );
    assert.equal(
      (await complete('"".toUpp|')).kinds.get("toUpperCase"),
      "function",
    );
  });

  test("gets signatures", async () => {
    const { signatures } = await complete("long|");
    assert.equal(signatures.get("longFunctionName"), "(n: number): string");
    assert.equal(
      signatures.get("longVariableName"),
      "{ inner: number; other: string; }",
    );
    const area = await complete("circleA|");
    assert.equal(area.kinds.get("circleArea"), "function");
    assert.equal(area.signatures.get("circleArea"), "(radius: number): number");
  });

  test("completes declarations of the cell itself", async () => {
    const { matches } = await complete("const nearby = 1;\nnear|");
    assert.deepEqual(matches, ["nearby"]);
  });

  test("completes all members right after the dot", async () => {
    const { matches, start, end } = await complete("longVariableName.|");
    assert.deepEqual(matches, ["inner", "other"]);
    assert.deepEqual([start, end], [17, 17]);
  });

  test("replaces the whole name at the cursor", async () => {
    const { matches, start, end } = await complete("Math.sq|rt(4)");
    assert.ok(matches.includes("sqrt"));
    assert.deepEqual([start, end], [5, 9]);
  });

  test("completes the exports of a module inside its import", async () => {
    const local = await complete('import { circ| } from "./shapes";');
    assert.ok(local.matches.includes("circleArea"), local.matches.join());
    const library = await complete(
      'import { | } from "convnotes/engine/tensorflow";',
    );
    assert.ok(library.matches.includes("tf"), library.matches.join());
    const main = await complete('import { | } from "convnotes";');
    assert.ok(main.matches.includes("tf"), main.matches.join());
  });

  test("completes the names of modules, with their range", async () => {
    const local = await complete('import { circleArea } from "./sha|pes";');
    assert.deepEqual(local.matches, ["shapes"]);
    assert.deepEqual([local.start, local.end], [30, 36]);
    const builtIn = await complete('import fs from "node:f|s";');
    assert.deepEqual(builtIn.matches, ["node:fs", "node:fs/promises"]);
    assert.deepEqual([builtIn.start, builtIn.end], [16, 23]);
    const scoped = await complete('import "@tensorflow/tfjs-n|"');
    assert.deepEqual(scoped.matches, ["tfjs-node"]);
    assert.deepEqual([scoped.start, scoped.end], [20, 26]);
    const project = await complete('import "convnotes/eng|"');
    assert.deepEqual(project.matches, ["engine"]);
    const behind = await complete(
      '"\u{1F600}\u{1F600}"; await import("./sha|")',
    );
    assert.deepEqual(behind.matches, ["shapes"]);
    assert.deepEqual([behind.start, behind.end], [22, 25]);
  });

  test("completes the possible values of a string", async () => {
    const { matches } = await complete(
      'import { tf } from "convnotes/engine/tensorflow";\ntf.layers.conv2d({ padding: "|" });',
    );
    assert.deepEqual(matches, ["causal", "same", "valid"]);
  });

  test("completes members of the library's values", async () => {
    const { matches } = await complete(
      'import { tf } from "convnotes/engine/tensorflow";\ntf.layers.conv2|',
    );
    assert.ok(matches.includes("conv2d"));
  });

  test("counts in code points after astral characters", async () => {
    const { matches, start, end } = await complete(
      'const f = "\u{1F600}\u{1F600}"; Number.isInt|',
    );
    assert.deepEqual(matches, ["isInteger"]);
    assert.deepEqual([start, end], [23, 28]);
  });

  test("gets an empty list without an error if there are no completions", async () => {
    const { matches } = await complete("nowhereToBeFound.|");
    assert.deepEqual(matches, []);
    assert.ok(Array.isArray((await complete("|")).matches));
    assert.ok(Array.isArray((await complete("}}}}(((|")).matches));
  });

  test("may omit the cursor or place it beyond the end", async () => {
    const { content } = await kernel.request("complete_request", {
      code: "Number.isInt",
      cursor_pos: 99,
    });
    assert.deepEqual(content.matches, ["isInteger"]);
    const { content: atEnd } = await kernel.request("complete_request", {
      code: "Number.isInt",
    });
    assert.deepEqual(atEnd.matches, ["isInteger"]);
  });

  test("does not change the state of cells by requests", async () => {
    await complete("const longVariableName = 7; longV|");
    assert.equal((await kernel.run("longVariableName.inner")).result, "1");
  });

  test("sees a name's signature and its doc comment in Markdown", async () => {
    const info = await inspect("circle|Area(2)");
    assert.equal(info.found, true);
    assert.match(info["text/plain"], /circleArea\(radius: number\): number/);
    assert.match(info["text/plain"], /The area of a circle\./);
    assert.match(info["text/markdown"], /^```typescript\n.*circleArea/);
    assert.match(info["text/markdown"], /\n```\n\nThe area of a circle\./);
    assert.match(
      info["text/markdown"],
      /\*\*Parameters\*\*\n\n- `radius`: In meters\./,
    );
  });

  test("sees the function whose arguments contain the cursor", async () => {
    for (const text of ["circleArea(|", "circleArea(2|)", "circleArea( |)"]) {
      const { "text/plain": plain } = await inspect(text);
      assert.match(plain, /circleArea\(radius: number\): number/, text);
    }
  });

  test("sees the library's doc comments", async () => {
    const info = await inspect(
      'import { tf } from "convnotes/engine/tensorflow";\ntf.conv2d(|',
    );
    assert.match(info["text/plain"], /Computes a 2D convolution/);
    assert.match(info["text/markdown"], /\n- `filter`: The filter, rank 4/);
  });

  test("also sees the source for detail level 1", async () => {
    assert.doesNotMatch((await inspect("circle|Area"))["text/plain"], /return/);
    const info = await inspect("circle|Area", 1);
    assert.match(info["text/plain"], /return Math\.PI/);
    assert.match(info["text/markdown"], /```typescript\n[^`]*return Math\.PI/);
  });

  test("sees types of variables, of members and of the standard library", async () => {
    assert.match(
      (await inspect("longVariable|Name"))["text/plain"],
      /inner: number/,
    );
    assert.match(
      (await inspect("Math.sqr|t(1)"))["text/plain"],
      /sqrt\(x: number\): number/,
    );
    assert.match((await inspect("[1].ma|p(String)"))["text/plain"], /map</);
  });

  test("finds the name at its end, and after astral characters", async () => {
    assert.equal((await inspect("longVariableName|")).found, true);
    assert.equal((await inspect('"\u{1F600}"; longVar|iableName')).found, true);
  });

  test("finds nothing about unknown names, without an error", async () => {
    for (const text of [
      "noSuchName|",
      "noSuchName(|)",
      "|",
      "  |  ",
      "// comm|ent",
      "1 +| 1",
      "ret|urn",
      "'circle|Area'",
    ]) {
      const { found } = await inspect(text);
      assert.equal(found, false, text);
    }
  });

  for (const [status, texts] of Object.entries({
    complete: [
      "1 + 1",
      "",
      "const a = 1;\n",
      "function f() { return 1 }",
      "await f()",
      "const s = `a\nb`;",
      "type A = { a: 1 };",
      "// only a comment",
    ],
    incomplete: [
      "function f() {",
      "[1,",
      "`open",
      "/* open",
      "f(1,\n  2",
      "if (a) {\n  b();",
      "const a =",
      "a.",
    ],
    invalid: ["const = 1", "}", "1 +* 2", "let let = 1 1", "'open"],
  })) {
    for (const text of texts) {
      test(`${JSON.stringify(text)} is ${status}`, async () => {
        const { content } = await kernel.request("is_complete_request", {
          code: text,
        });
        assert.equal(content.status, status);
        assert.equal("indent" in content, status === "incomplete");
      });
    }
  }

  test("gets the indentation of the next line", async () => {
    for (const [code, indent] of [
      ["function f() {", "  "],
      ["if (a) {\n  if (b) {", "    "],
      ["f(\n  1,", "  "],
      ["`text", ""],
    ] as const) {
      const { content } = await kernel.request("is_complete_request", { code });
      assert.deepEqual(content, { status: "incomplete", indent }, code);
    }
  });
});

describe("the history", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    for (const code of ["1 + 1", "const a = 2;", "a * 3", "1 + 1"]) {
      await kernel.run(code);
    }
    await kernel.execute("const wrong: string = 1;");
    await kernel.run("'silent'", { silent: true });
  });
  after(() => kernel?.close());

  const history = async (content: Record<string, unknown>) =>
    (
      await kernel.request("history_request", {
        output: false,
        raw: true,
        ...content,
      })
    ).content.history;

  test("contains the last cells, including failed ones", async () => {
    assert.deepEqual(await history({ hist_access_type: "tail", n: 2 }), [
      [1, 4, "1 + 1"],
      [1, 5, "const wrong: string = 1;"],
    ]);
  });

  test("contains a range of cells, excluding its end", async () => {
    const range = { hist_access_type: "range", session: 0, start: 2, stop: 4 };
    assert.deepEqual(await history(range), [
      [1, 2, "const a = 2;"],
      [1, 3, "a * 3"],
    ]);
  });

  test("is searched by pattern", async () => {
    const search = { hist_access_type: "search", n: 10 };
    assert.deepEqual(await history({ ...search, pattern: "1 ? 1" }), [
      [1, 1, "1 + 1"],
      [1, 4, "1 + 1"],
    ]);
    assert.deepEqual(
      await history({ ...search, pattern: "1 + *", unique: true }),
      [[1, 4, "1 + 1"]],
    );
    assert.deepEqual(await history({ ...search, pattern: "nothing" }), []);
  });

  test("contains results on request", async () => {
    const first = { hist_access_type: "range", start: 1, stop: 3 };
    assert.deepEqual(await history({ ...first, output: true }), [
      [1, 1, ["1 + 1", "2"]],
      [1, 2, ["const a = 2;", null]],
    ]);
  });
});
