/**
 * Display of values: bundles, escaping, and both destinations.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { display } from "../../src/notebook/display";
import { escapeHtml } from "../../src/notebook/html";
import {
  isDisplayable,
  jupyterDisplay,
  toMimeBundle,
} from "../../src/notebook/mime";
import { Table, table } from "../../src/notebook/table";
import { errorWith } from "../error-with";
import { withHost } from "./notebook-host";

const root = path.join(__dirname, "..", "..");

describe("MIME bundles", () => {
  test("uses the symbol of Deno's kernel", () => {
    assert.equal(jupyterDisplay, Symbol.for("Jupyter.display"));
    assert.ok(isDisplayable(table(["a"], [])));
    assert.ok(!isDisplayable({ "text/plain": "a" }));
    assert.ok(!isDisplayable(null));
    assert.ok(!isDisplayable({ [jupyterDisplay]: "not a method" }));
  });

  test("rejects a value without text/plain, and describes it", () => {
    const refused: [unknown, string][] = [
      [{}, "an object without keys"],
      [{ "text/html": "<b>" }, 'an object with the keys "text/html"'],
      [{ "text/plain": 3 }, 'an object with the keys "text/plain"'],
      [{ [jupyterDisplay]: () => 7 }, "7"],
      [null, "null"],
      ["text", "text"],
    ];
    for (const [value, received] of refused) {
      assert.throws(
        () => toMimeBundle(value as never),
        errorWith("ERR_INVALID_TYPE", "text/plain", `received ${received}`),
      );
    }
  });

  test("escapes all HTML characters", () => {
    assert.equal(
      escapeHtml(`<img src="x" onerror='alert(1)'> & more`),
      "&lt;img src=&quot;x&quot; onerror=&#39;alert(1)&#39;&gt; &amp; more",
    );
  });
});

describe("display", () => {
  test("updates the same block in a notebook", async () => {
    const { shown } = await withHost(() => {
      const one = display({ "text/plain": "one" });
      const two = display(table(["n"], [[2]]));
      one.update({ "text/plain": "one again" });
      two.update({ "text/plain": "two again" });
    });
    const [one, two, oneAgain, twoAgain] = shown;
    assert.equal(shown.length, 4);
    assert.ok(one!.options.displayId && two!.options.displayId);
    assert.notEqual(one!.options.displayId, two!.options.displayId);
    assert.deepEqual(oneAgain!.options, {
      displayId: one!.options.displayId,
      update: true,
    });
    assert.equal(twoAgain!.options.displayId, two!.options.displayId);
    assert.equal(oneAgain!.bundle["text/plain"], "one again");
    assert.match(two!.bundle["text/html"] as string, /<table>/);
  });

  test("omits one-line updates and prints longer texts if standard output is a file", () => {
    const script = `
      const { display } = require("./src/notebook/display");
      const block = display({ "text/plain": "step 0", "text/html": "<b>" });
      block.update({ "text/plain": "step 1" });
      block.update({ "text/plain": "a table\\nof epochs" });
    `;
    const output = execFileSync(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "-e", script],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(output, "step 0\na table\nof epochs\n");
  });
});

describe("table", () => {
  const example = table(
    ["layer", "params"],
    [
      ["conv2d", 896],
      ["<dense>", 65_600],
      ["gap", null],
    ],
    { title: 'Model "a"', notes: ["sum & total"] },
  );

  test("aligns numbers right and strings left in text", () => {
    assert.equal(
      example.toString(),
      [
        'Model "a"',
        "layer    params",
        "───────  ──────",
        "conv2d      896",
        "<dense>  65,600",
        "gap           –",
        "sum & total",
      ].join("\n"),
    );
  });

  test("renders an HTML table with escaped text", () => {
    const bundle = example[jupyterDisplay]();
    assert.deepEqual(Object.keys(bundle), ["text/plain", "text/html"]);
    const html = bundle["text/html"] as string;
    assert.equal(html.match(/<tr>/g)!.length, 4);
    assert.equal(html.match(/<td/g)!.length, 6);
    assert.match(html, /<td style="text-align: right">65,600<\/td>/);
    assert.match(html, /<td style="text-align: left">&lt;dense&gt;<\/td>/);
    assert.match(html, /Model &quot;a&quot;/);
    assert.match(html, /sum &amp; total/);
    assert.ok(!html.includes("<dense>"));
  });

  test("aligns columns right whose texts are all numbers, with % or seconds", () => {
    const columns = {
      numbers: ["1,024", "-0.5", 3],
      exponents: ["1.0e+0", "2.8e-7", "−3"],
      shares: ["78.5 %", "21.5%", null],
      times: ["6.4 s", "12.0 s", "3 ms"],
      versions: ["2.3.1", "1.15", "10.0"],
      shapes: ["3 × 3", "32", "1"],
      gaps: [null, null, null],
      words: ["1", "", "2"],
    };
    const rows = [0, 1, 2].map((row) =>
      Object.values(columns).map((values) => values[row]!),
    );
    const html = table(Object.keys(columns), rows).toHtml();
    const right = Object.keys(columns).filter((name) =>
      html.includes(`<th style="text-align: right">${name}</th>`),
    );
    assert.deepEqual(right, ["numbers", "exponents", "shares", "times"]);
  });

  test("formats fractions with four decimals", () => {
    assert.match(
      table(["x"], [[0.92649], [NaN], [-1234567]]).toString(),
      /0\.9265\n +NaN\n-1,234,567$/,
    );
  });

  test("rejects a row of another length", () => {
    assert.throws(
      () => new Table(["a", "b"], [[1, 2], [3]]),
      errorWith("ERR_SHAPE", "row 1", "2 cells", "(a, b)", "received 1"),
    );
  });
});
