/**
 * Tests the tree of nested values: what it lists, what it folds, and that no code of values runs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { toMimeBundle } from "../../kernel/runtime/display";
import { valueTree } from "../../kernel/runtime/displays/value-tree";
import { browser, noBrowser } from "../jupyterlab/browser";
import { chromium } from "playwright-core";

/** Returns the lines of the tree as text. */
function linesOf(value: unknown): string[] {
  const html = valueTree(value, []) ?? "";
  return html
    .replace(/<\/?span[^>]*>/g, "")
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll("&quot;", '"').replaceAll("&#39;", "'"))
    .filter((text) => text !== "");
}

class Network {
  readonly layers = ["conv", "dense"];
  readonly #hidden = 1;
  readonly size = { width: 32, height: 32 };
  get parameters(): number {
    throw new Error("The getter must not run.");
  }
  get hidden(): number {
    return this.#hidden;
  }
}

describe("the tree of a value", () => {
  test("lists arrays, maps, sets, class instances and getters", () => {
    const value = {
      list: [1, "two"],
      map: new Map<unknown, unknown>([
        ["a", { b: 1 }],
        [{ key: 1 }, "c"],
      ]),
      set: new Set([new Date(0)]),
      network: new Network(),
      bytes: new Uint8Array([1, 2]),
    };
    assert.deepEqual(linesOf(value), [
      "{list: Array(2), map: Map(2), set: Set(1), network: Network {…}, bytes: Uint8Array(2)}",
      'list: (2) [1, "two"]',
      "0: 1",
      '1: "two"',
      'map: Map(2) {"a" → Object {…}, Object {…} → "c"}',
      '"a": {b: 1}',
      "b: 1",
      '1: Entry {key: Object {…}, value: "c"}',
      "key: {key: 1}",
      "key: 1",
      'value: "c"',
      "set: Set(1) {Date {…}}",
      "0: 1970-01-01T00:00:00.000Z",
      "network: Network {layers: Array(2), size: Object {…}}",
      'layers: (2) ["conv", "dense"]',
      '0: "conv"',
      '1: "dense"',
      "size: {width: 32, height: 32}",
      "width: 32",
      "height: 32",
      "parameters: (getter)",
      "hidden: (getter)",
      "bytes: Uint8Array(2) [1, 2]",
      "0: 1",
      "1: 2",
    ]);
  });

  test("shows an error with its cause, and a promise", () => {
    const error = new Error("outer", { cause: new TypeError("inner") });
    const lines = linesOf({ error, promise: Promise.resolve(1) });
    assert.ok(
      lines.some((line) => line.startsWith("cause: TypeError: inner")),
      String(lines),
    );
    assert.ok(
      lines.some((line) => /^promise: Promise \{ 1/.test(line)),
      String(lines),
    );
  });

  test("says where a value contains itself", () => {
    const parent: { name: string; child?: unknown } = { name: "parent" };
    parent.child = { parent };
    const lines = linesOf(parent);
    assert.deepEqual(lines.slice(1), [
      'name: "parent"',
      "child: {parent: Object {…}}",
      "parent: [Circular]",
    ]);
  });

  test("pages long lists, and says how much is left out", () => {
    const lines = linesOf(Array.from({ length: 2_345 }, (_, index) => index));
    assert.ok(lines.includes("[0 … 99]") && lines.includes("[900 … 999]"));
    assert.ok(!lines.includes("[1000 … 1099]"));
    assert.ok(lines.includes("999: 999") && !lines.includes("1000: 1000"));
    assert.ok(lines.includes("… 1,345 more elements"));
  });

  test("is limited in depth and size", () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 50; level += 1) deep = { deep };
    assert.equal(linesOf(deep).length, 9);
    const wide = Array.from({ length: 1_000 }, () =>
      Array.from({ length: 100 }, () => ({})),
    );
    assert.ok(valueTree(wide, [])!.length < 1e6);
  });

  test("escapes names and texts", () => {
    const html = valueTree({ "<b>": ["<script>"], other: [1] }, [])!;
    assert.ok(!html.includes("<b>") && !html.includes("<script"));
    assert.ok(html.includes("&lt;script&gt;"));
  });

  test("comes beside a text of several lines only, and not if the class defines its text", async () => {
    const nested = { a: Array.from({ length: 30 }, (_, index) => ({ index })) };
    const bundle = await toMimeBundle(nested);
    assert.match(String(bundle?.["text/html"]), /<details open>/);
    assert.equal(bundle?.["text/plain"], inspect(nested, { depth: 4 }));
    assert.deepEqual(await toMimeBundle([1, { a: 1 }]), {
      "text/plain": "[ 1, { a: 1 } ]",
    });
    const own = { ...nested, [inspect.custom]: () => "first\nsecond" };
    assert.deepEqual(await toMimeBundle(own), {
      "text/plain": "first\nsecond",
    });
    const proxy = new Proxy(nested, {});
    assert.equal((await toMimeBundle(proxy))?.["text/html"], undefined);
  });
});

test(
  "the table of a data frame is sorted and paged in a browser",
  { skip: noBrowser },
  async () => {
    const scores = Array.from({ length: 45 }, (_, row) => (row * 7) % 45);
    const values = scores.map((score, row) => [
      score,
      row % 2 === 0 ? "even" : "odd",
    ]);
    const frame = {
      columns: ["score", "<kind>"],
      index: values.map((_, row) => row),
      values,
      dtypes: ["int32", "string"],
      ndim: 2,
    };
    const html = String((await toMimeBundle(frame))?.["text/html"]);
    const started = await chromium.launch(
      browser === undefined ? {} : { executablePath: browser },
    );
    try {
      const page = await started.newPage();
      await page.setContent(`<h1>before</h1><div>${html}</div>`);
      const first = () => page.locator("tbody tr").first().innerText();
      const place = () => page.locator("table + div").innerText();
      assert.equal(await page.locator("tbody tr").count(), 20);
      assert.match(await place(), /1–20 of 45/);
      await page.getByRole("button", { name: "Sort by score" }).click();
      assert.equal(await first(), "0\t0\teven");
      await page.getByRole("button", { name: "Sort by score" }).click();
      assert.equal(await first(), "32\t44\teven");
      assert.equal(
        await page.locator("th[aria-sort=descending]").innerText(),
        "score",
      );
      for (let times = 0; times < 2; times += 1) {
        await page.getByRole("button", { name: "Next rows" }).click();
      }
      assert.match(await place(), /41–45 of 45/);
      assert.equal(await page.locator("tbody tr").count(), 5);
      assert.ok(
        await page.getByRole("button", { name: "Next rows" }).isDisabled(),
      );
      await page.getByRole("button", { name: "Sort by <kind>" }).click();
      assert.equal(await first(), "0\t0\teven");
    } finally {
      await started.close();
    }
  },
);
