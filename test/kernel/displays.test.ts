/**
 * Tests the displays of known kinds of values: data frames, figures and image files. Each is tested
 * by calling the function, and once per kind in a real kernel, as are tensors and models.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs-node";
import { toMimeBundle } from "../../kernel/runtime/display";
import { escapeHtml } from "../../src/notebook/html";
import { figure } from "../../src/plots/figure";
import { jupyterDisplay } from "../../src/notebook/mime";
import { KernelClient } from "./kernel-client";

type Bundle = Record<string, unknown>;

const PLOTLY = "application/vnd.plotly.v1+json";
const HOSTILE = `<script>alert("1")</script>]]>&'`;
const ESCAPED =
  "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;]]&gt;&amp;&#39;";

/** Returns the bundle of a value that has one. */
async function bundleOf(value: unknown): Promise<Bundle> {
  const bundle = await toMimeBundle(value);
  assert.ok(bundle, "Expected a bundle, received none.");
  return bundle;
}

async function textOf(value: unknown): Promise<string> {
  return String((await bundleOf(value))["text/plain"]);
}

/** Asserts that a value is displayed as any value: as text, perhaps with a tree. */
async function assertPlain(value: unknown): Promise<void> {
  const { "text/html": html = "", ...others } = await bundleOf(value);
  assert.deepEqual(others, { "text/plain": inspect(value, { depth: 4 }) });
  assert.match(
    String(html),
    /^$|^<div style="font-family: monospace"><details/,
  );
}

/** Returns the texts of the cells of an HTML table, row by row. */
function cellsOf(html: unknown): string[][] {
  return [...String(html).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(
      ([, text = ""]) => text,
    ),
  );
}

/** The properties of danfo.js's NDframe, and a property for each column as in its DataFrame. */
class NDframe {
  readonly #parts: Record<string, unknown>;
  constructor(parts: Record<string, unknown>, columns: readonly string[] = []) {
    this.#parts = parts;
    for (const column of columns) {
      Object.defineProperty(this, column, { get: () => `column ${column}` });
    }
  }
  get columns(): unknown {
    return this.#parts.columns;
  }
  get index(): unknown {
    return this.#parts.index;
  }
  get values(): unknown {
    return this.#parts.values;
  }
  get dtypes(): unknown {
    return this.#parts.dtypes;
  }
  get ndim(): unknown {
    return this.#parts.ndim;
  }
}

function dataFrame(
  columns: readonly string[],
  values: readonly (readonly unknown[])[],
  index: readonly unknown[] = values.map((_, row) => row),
): NDframe {
  const dtypes = columns.map(() => "string");
  return new NDframe({ columns, index, values, dtypes, ndim: 2 }, columns);
}

describe("data frames", () => {
  test("rows and columns, escaped, with numbers right-aligned and the index as headings", async () => {
    const bundle = await bundleOf(
      dataFrame(
        ["name", HOSTILE, "score"],
        [
          ["a\nb", HOSTILE, 0.1 + 0.2],
          ["c", null, -12],
          [new Date(0), undefined, NaN],
        ],
        ["x", HOSTILE, 2],
      ),
    );
    const html = String(bundle["text/html"]);
    assert.deepEqual(cellsOf(html), [
      ["", "name", ESCAPED, "score"],
      ["x", "a\\nb", ESCAPED, "0.3"],
      [ESCAPED, "c", "null", "-12"],
      ["2", "1970-01-01T00:00:00.000Z", "undefined", "NaN"],
    ]);
    // The script that sorts the rows is the only one.
    assert.equal(html.split("<script").length, 2);
    assert.ok(html.includes('<th style="text-align: left">x</th>'));
    assert.ok(html.includes('<th style="text-align: right">score</th>'));
    assert.ok(html.includes('<td style="text-align: right">-12</td>'));
    assert.ok(html.includes('<td style="text-align: left">c</td>'));
    assert.ok(html.includes("3 rows × 3 columns"));
    const text = String(bundle["text/plain"]);
    assert.equal(text.split("\n").length, 6);
    assert.match(text, /\n2 +1970-01-01T00:00:00\.000Z +undefined +NaN\n/);
    assert.match(text, /\n3 rows × 3 columns$/);
  });

  test("20 rows are shown, but only the first and last ten of 21", async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, row) => [row * 10]);
    const whole = await bundleOf(dataFrame(["a"], rows(20)));
    assert.equal(cellsOf(whole["text/html"]).length, 21);
    const cut = await bundleOf(dataFrame(["a"], rows(12_345)));
    const cells = cellsOf(cut["text/html"]);
    assert.equal(cells.length, 22);
    assert.deepEqual(cells.slice(9, 13), [
      ["8", "80"],
      ["9", "90"],
      ["…", "…"],
      ["12335", "123350"],
    ]);
    assert.deepEqual(cells.at(-1), ["12344", "123440"]);
    assert.match(String(cut["text/plain"]), /\n12,345 rows × 1 column$/);
    assert.ok(
      String(cut["text/html"]).includes('<td style="text-align: right">9'),
    );
  });

  test("only the first and last ten of many columns are shown", async () => {
    const columns = Array.from({ length: 30 }, (_, column) => `c${column}`);
    const { "text/html": html } = await bundleOf(dataFrame(columns, [columns]));
    const [header = []] = cellsOf(html);
    assert.equal(header.length, 22);
    assert.deepEqual(header.slice(10, 13), ["c9", "…", "c20"]);
  });

  test("columns with the names of the frame's properties", async () => {
    const names = ["values", "index", "columns", "dtypes", "ndim", "shape"];
    const { "text/html": html } = await bundleOf(
      dataFrame(names, [[1, 2, 3, 4, 5, 6]]),
    );
    assert.deepEqual(cellsOf(html), [
      ["", ...names],
      ["0", "1", "2", "3", "4", "5", "6"],
    ]);
  });

  test("an empty frame", async () => {
    assert.match(await textOf(dataFrame([], [])), /0 rows × 0 columns$/);
  });

  test("long cells are shortened", async () => {
    const { "text/html": html } = await bundleOf(
      dataFrame(
        ["a", "b"],
        [["😀".repeat(500), { deep: new Array(500).fill(1) }]],
      ),
    );
    const [, row = []] = cellsOf(html);
    assert.ok(row.every((cell) => cell.length <= 110));
    // A lone surrogate would be replaced.
    assert.equal(Buffer.from(String(html)).toString(), html);
  });

  test("a series", async () => {
    const { "text/html": html, "text/plain": text } = await bundleOf(
      new NDframe({
        columns: [HOSTILE],
        index: ["p", "q"],
        values: [1.5, 22],
        dtypes: ["float32"],
        ndim: 1,
      }),
    );
    assert.deepEqual(cellsOf(html), [
      ["", ESCAPED],
      ["p", "1.5"],
      ["q", "22"],
    ]);
    assert.match(String(text), /\n2 values, float32$/);
  });

  test("a plain object with the same properties, and one without one of them", async () => {
    const frame = {
      ndim: 2,
      dtypes: ["int32"],
      columns: ["a"],
      index: [0],
      values: [[1]],
    };
    assert.ok("text/html" in (await bundleOf(frame)));
    for (const part of Object.keys(frame)) {
      await assertPlain({ ...frame, [part]: undefined });
    }
    await assertPlain({ ...frame, index: [0, 1] });
    await assertPlain({ ...frame, values: [1] });
  });
});

describe("Plotly figures", () => {
  test("data and layout reach Plotly as JSON", async () => {
    const value = {
      data: [
        {
          type: "scatter",
          name: HOSTILE,
          x: new Float32Array([1, NaN, 3]),
          y: [0, Infinity, undefined],
          text: undefined,
          customdata: [1n, null, new Date(2020, 0, 2, 3, 4, 5)],
        },
        { y: [1, 2] },
      ],
      layout: { title: { text: "Loss\u001b[31m" }, showlegend: true },
      config: { responsive: true },
    };
    const bundle = await bundleOf(value);
    const { data } = bundle[PLOTLY] as { data: [{ x: unknown; y: unknown }] };
    assert.deepEqual(data[0].x, [1, null, 3]);
    assert.deepEqual(data[0].y, [0, null, null]);
    assert.deepEqual(JSON.parse(JSON.stringify(bundle[PLOTLY])), {
      data: [
        {
          type: "scatter",
          name: HOSTILE,
          x: [1, null, 3],
          y: [0, null, null],
          customdata: [1, null, "2020-01-02T03:04:05.000"],
        },
        { y: [1, 2] },
      ],
      layout: value.layout,
      config: value.config,
    });
    assert.equal(
      bundle["text/plain"],
      `Plotly figure "Loss\\u001b[31m", 2 traces: scatter "${HOSTILE}", scatter`,
    );
    assert.deepEqual(Object.keys(bundle).sort(), [PLOTLY, "text/plain"].sort());
  });

  for (const [what, value] of [
    ["data alone", { data: [{ y: [1] }] }],
    ["data without traces", { data: [{ id: 1 }], layout: { a: 1 } }],
    ["an array of numbers", { data: [1, 2], layout: {} }],
    ["empty data and layout", { data: [], layout: {} }],
    ["another property", { data: [{ y: [1] }], layout: {}, status: 200 }],
    ["a function inside", { data: [{ y: [1] }], layout: { f: () => 1 } }],
    [
      "a class instance inside",
      { data: [{ y: [1], z: new Map() }], layout: {} },
    ],
    ["an array of records", [{ x: 1 }, { x: 2 }]],
  ] as const) {
    test(`text instead of a figure: ${what}`, async () => {
      await assertPlain(value);
    });
  }

  test("a cyclic figure is displayed as text", async () => {
    const layout: Record<string, unknown> = {};
    layout.self = layout;
    const bundle = await bundleOf({ data: [{ y: [1] }], layout });
    assert.deepEqual(Object.keys(bundle), ["text/plain"]);
    assert.match(String(bundle["text/plain"]), /\[Circular \*1\]/);
  });
});

describe("image files", () => {
  const rest = [...Buffer.from("the rest of the file, whatever it is")];
  for (const [type, head, name] of [
    ["image/png", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], "PNG"],
    ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0], "JPEG"],
    ["image/gif", [...Buffer.from("GIF89a")], "GIF"],
    ["image/gif", [...Buffer.from("GIF87a")], "GIF"],
    ["image/webp", [...Buffer.from("RIFF\x01\x02\x03\x04WEBPVP8 ")], "WebP"],
  ] as const) {
    test(`${name} is recognized by its first bytes`, async () => {
      const bytes = Buffer.from([...head, ...rest]);
      const whole = Uint8Array.from([1, 2, 3, ...bytes, 4]);
      for (const value of [bytes, whole.subarray(3, -1)]) {
        assert.deepEqual(await bundleOf(value), {
          [type]: bytes.toString("base64"),
          "text/plain": `${name} image, ${bytes.length} bytes`,
        });
      }
    });
  }

  test("other bytes and texts are not images", async () => {
    await assertPlain(Buffer.from("RIFF\x01\x02\x03\x04WAVEfmt and so on"));
    await assertPlain(Uint8Array.from([0xff, 0xd8, 0xff]));
    await assertPlain(new Uint16Array([0xd8ff, ...rest]));
    await assertPlain('<svg xmlns="http://www.w3.org/2000/svg"/>');
    await assertPlain("<b>bold</b>");
    await assertPlain(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  });
});

describe("other values", () => {
  const refusing = new Proxy(
    {},
    new Proxy(
      {},
      {
        get: () => () => {
          throw new Error("hands off");
        },
      },
    ),
  );
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test("proxies and getters that throw are displayed and not run", async () => {
    // Node 26 prints that it is a proxy.
    assert.match(await textOf(refusing), /^(\{\}|Proxy\(\{\}\))$/);
    assert.deepEqual(await bundleOf(revoked), {
      "text/plain": "<Revoked Proxy>",
    });
    const names = [
      "shape dtype dataId isDisposed data dispose",
      "layers name trainable countParams getClassName predict",
      "columns index values dtypes ndim layout",
    ].join(" ");
    const throwing = {};
    for (const name of names.split(" ")) {
      Object.defineProperty(throwing, name, {
        enumerable: true,
        get: () => {
          throw new Error(name);
        },
      });
    }
    assert.match(await textOf(throwing), /shape: \[Getter\]/);
  });

  test("getters with common names do not run", async () => {
    const ran: string[] = [];
    class Record {}
    for (const name of [
      "shape",
      "data",
      "name",
      "values",
      "columns",
      "index",
    ]) {
      Object.defineProperty(Record.prototype, name, {
        get: () => ran.push(name),
      });
    }
    assert.equal(await textOf(new Record()), "Record {}");
    assert.deepEqual(ran, []);
  });

  test("a proxy that returns a function for any name has no display method", async () => {
    const answersAll: unknown = new Proxy(() => undefined, {
      get: () => answersAll,
      apply: () => answersAll,
    });
    assert.match(await textOf(answersAll), /Function/);
  });

  test("a display method whose lookup throws is ignored", async () => {
    const value = {
      a: 1,
      get [jupyterDisplay](): unknown {
        throw new Error("no");
      },
    };
    assert.match(await textOf(value), /a: 1/);
  });

  test("custom inspection may throw, and has no colors", async () => {
    const failing = {
      kept: 1,
      [inspect.custom]: () => {
        throw new Error("no text");
      },
    };
    assert.match(await textOf(failing), /kept: 1/);
    assert.equal(
      await textOf({ [inspect.custom]: () => "\u001b[31mred\u001b[39m" }),
      "red",
    );
    const unspeakable = {
      get [Symbol.toStringTag](): string {
        throw new Error("no name");
      },
    };
    assert.equal(typeof (await textOf(unspeakable)), "string");
  });

  test("maps, sets, instances, functions and null are displayed as text", async () => {
    class Point {
      x = 1;
    }
    for (const value of [
      new Map([[1, 2]]),
      new Set(["a"]),
      new Point(),
      Point,
      null,
      7n,
      [{ x: 1 }],
    ]) {
      await assertPlain(value);
    }
    assert.equal(await toMimeBundle(undefined), undefined);
  });

  test("wide and nested values are shortened", async () => {
    const nested = Array.from({ length: 60 }, () =>
      Array.from({ length: 60 }, () => new Array<number>(60).fill(1)),
    );
    assert.match(await textOf(nested), /54 more items/);
    const keys = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]),
    );
    const text = await textOf(keys);
    assert.match(text, /^\{\n {2}key0: 0,\n[^]*\n {2}key99: 99,\n/);
    assert.match(text, /\n {2}\.\.\. 49900 more keys\n\}$/);
    const long = Array.from({ length: 6 }, () => ({
      [`${"long".repeat(1_000)}`]: 1,
    }));
    const cut = await textOf(long);
    assert.ok(cut.length < 20_100);
    assert.match(cut, /\n… [\d,]+ more characters$/);
  });

  test("few of a million keys are printed, wherever the object is nested", async () => {
    const wide: Record<string, number> = {};
    for (let index = 0; index < 1_000_000; index += 1)
      wide[`k${index}`] = index;
    class Own {}
    const ring: Record<string, unknown> = { wide };
    ring.self = ring;
    for (const [value, shown] of [
      [
        wide,
        /^\{\n {2}k0: 0,[^]*\n {2}k99: 99,\n {2}\.\.\. 999900 more keys\n\}$/,
      ],
      [{ a: [wide] }, /a: \[\n {4}\{\n {6}k0: 0,[^]* 999900 more keys\n/],
      [
        new Map([["key", wide]]),
        /^Map\(1\) \{\n {2}'key' => \{\n[^]* 999900 more keys\n/,
      ],
      [new Set([wide]), /^Set\(1\) \{[^]* 999900 more keys\n/],
      [
        Object.assign(new Own(), wide),
        /^Own \{\n {2}k0: 0,[^]* 999900 more keys\n\}$/,
      ],
      [
        Object.assign(Object.create(null) as object, wide),
        /^\[Object: null prototype\] \{\n[^]* 999900 more keys\n\}$/,
      ],
      [
        Object.assign(new Error("wide"), { wide }),
        /^Error: wide\n[^]*wide: \{\n[^]* 999900 more keys\n/,
      ],
      [
        ring,
        /^<ref \*1> \{\n {2}wide: \{\n[^]* 999900 more keys\n {2}\},\n {2}self: \[Circular \*1\]\n\}$/,
      ],
    ] as const) {
      assert.match(await textOf(value), shown);
    }
  });

  test("sets, maps, arrays and typed arrays of a million items show their size", async () => {
    const numbers = Array.from({ length: 1_000_000 }, (_, index) => index);
    const wide = Object.fromEntries(
      numbers.slice(0, 5_000).map((n) => [`k${n}`, n]),
    );
    for (const [value, shown] of [
      [numbers, /\.\.\. 999900 more items\n\]$/],
      [new Set(numbers), /^Set\(1000000\) \{[^]*\.\.\. 999900 more items\n\}$/],
      [new Map(numbers.map((n) => [n, n])), /^Map\(1000000\) \{/],
      [new Float64Array(numbers), /^Float64Array\(1000000\) \[/],
      [[wide, ...numbers], /4900 more keys[^]*\.\.\. 999995 more items\n\]$/],
      [
        new Map(numbers.map((n) => [n, wide])),
        /^Map\(1000000\) \{[^]* more keys[^]*\.\.\. 999994 more items\n\}$/,
      ],
      [
        Object.assign(["a", "b"], { wide }),
        /^\[\n {2}'a',\n {2}'b',\n {2}wide: \{[^]* 4900 more keys\n/,
      ],
    ] as const) {
      assert.match(await textOf(value), shown);
    }
  });

  test("values of the library have displays", async () => {
    const plot = figure([{ y: [1, 2] }], {}, { dataset: null });
    assert.deepEqual(await bundleOf(plot), plot[jupyterDisplay]());
    const own = { "text/plain": "own" };
    const tensor = Object.assign(tf.scalar(1), { [jupyterDisplay]: () => own });
    assert.deepEqual(await bundleOf(tensor), own);
    tensor.dispose();
  });

  test("text is escaped for tags and attributes", () => {
    assert.equal(escapeHtml(HOSTILE), ESCAPED);
  });
});

describe("in a notebook", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run('import * as tf from "@tensorflow/tfjs-node";');
  });
  after(() => kernel?.close());

  async function resultOf(code: string): Promise<Bundle> {
    const { messages } = await kernel.run(code);
    const result = messages.find(({ type }) => type === "execute_result");
    return result?.content.data as Bundle;
  }

  test("a tensor, without leaving other tensors", async () => {
    await kernel.run("const alive = tf.memory().numTensors;");
    assert.deepEqual(await resultOf("const t = tf.tensor1d([1, 2]); t"), {
      "text/plain": "Tensor, shape [2], float32\n[1, 2]",
    });
    const picture = await resultOf("const p = tf.ones([8, 8]); p");
    assert.match(String(picture["text/html"]), /<img alt="Tensor, shape/);
    const big = await resultOf("const b = tf.ones([2_000, 1_000]); b");
    assert.match(String(big["text/plain"]), /\[1, 1, 1, …, 1, 1, 1\]/);
    const count = await resultOf("tf.memory().numTensors - alive");
    assert.equal(count["text/plain"], "3");
    assert.deepEqual(await resultOf("t.dispose(); t"), {
      "text/plain": "Tensor, shape [2], float32, disposed",
    });
  });

  test("a model", async () => {
    const bundle = await resultOf(
      "tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] })",
    );
    assert.match(String(bundle["text/html"]), /<table>.*Param #/);
    assert.match(String(bundle["text/plain"]), /\nTotal params: 15\n/);
  });

  test("the bytes of a PNG file", async () => {
    const { "image/png": data } = await resultOf(
      'await tf.node.encodePng(tf.fill([2, 3, 1], 200, "int32") as tf.Tensor3D)',
    );
    const decoded = tf.node.decodePng(Buffer.from(String(data), "base64"), 1);
    assert.deepEqual(
      decoded.arraySync(),
      new Array(2).fill(new Array(3).fill([200])),
    );
    decoded.dispose();
  });

  test("a figure", async () => {
    const bundle = await resultOf(
      '({ data: [{ type: "bar", y: [1, NaN] }], layout: {} })',
    );
    assert.deepEqual(bundle, {
      [PLOTLY]: { data: [{ type: "bar", y: [1, null] }], layout: {} },
      "text/plain": "Plotly figure, 1 trace: bar",
    });
  });

  test("a data frame, also as the value of a user expression", async () => {
    const frame =
      '({ ndim: 2, dtypes: ["int32"], columns: ["a"], index: [0], values: [[1]] })';
    const bundle = await resultOf(frame);
    assert.match(String(bundle["text/html"]), /1 row × 1 column/);
    const { content } = await kernel.run("1", {
      user_expressions: { frame },
    });
    const values = content.user_expressions as Record<string, Bundle>;
    assert.deepEqual(values.frame?.data, bundle);
  });
});
