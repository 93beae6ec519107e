/**
 * Tests the displays of known kinds of values: tensors, models, data frames, figures and image
 * files. Each is tested by calling the function, and once per kind in a real kernel.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs-node";
import { toMimeBundle } from "../../kernel/runtime/display";
import { escapeHtml } from "../../src/notebook/html";
import { encodePng } from "../../kernel/runtime/displays/png";
import { figure } from "../../src/plots/figure";
import { summary } from "../../src/models/summary";
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

/** Asserts that a value is displayed as text only. */
async function assertPlain(value: unknown): Promise<void> {
  assert.deepEqual(await bundleOf(value), {
    "text/plain": inspect(value, { depth: 4 }),
  });
}

/** Returns the texts of the cells of an HTML table, row by row. */
function cellsOf(html: unknown): string[][] {
  return [...String(html).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(
      ([, text = ""]) => text,
    ),
  );
}

describe("tensors", () => {
  let alive = 0;
  before(async () => {
    await tf.ready();
    alive = tf.memory().numTensors;
  });
  after(() => assert.equal(tf.memory().numTensors, alive));

  /** Returns the bundle of a tensor and disposes it. Asserts that no other tensors are left. */
  async function shown(tensor: tf.Tensor): Promise<Bundle> {
    const { numTensors, numBytes } = tf.memory();
    try {
      const bundle = await bundleOf(tensor);
      assert.equal(tf.memory().numTensors, numTensors);
      assert.equal(tf.memory().numBytes, numBytes);
      assert.equal(tensor.isDisposed, false);
      return bundle;
    } finally {
      tensor.dispose();
    }
  }

  const cases: readonly [string, () => tf.Tensor, string][] = [
    ["a scalar", () => tf.scalar(2.5), "Tensor, shape [], float32\n2.5"],
    [
      "float32 without spurious digits",
      () => tf.tensor1d([0.1, -0.25, 16_777_216, 123_456.5]),
      "Tensor, shape [4], float32\n[     0.1,    -0.25, 16777216, 123456.5]",
    ],
    [
      "values that are not finite",
      () => tf.tensor2d([NaN, Infinity, -Infinity, -0], [2, 2]),
      "Tensor, shape [2, 2], float32\n[[      NaN,  Infinity],\n [-Infinity,        -0]]",
    ],
    [
      "int32",
      () => tf.tensor1d([1, -20], "int32"),
      "Tensor, shape [2], int32\n[  1, -20]",
    ],
    [
      "bool",
      () => tf.tensor1d([true, false], "bool"),
      "Tensor, shape [2], bool\n[ true, false]",
    ],
    [
      "complex64",
      () => tf.tidy(() => tf.complex([1, 2], [3, -0.5])),
      "Tensor, shape [2], complex64\n[  1+3i, 2-0.5i]",
    ],
    [
      "strings",
      () => tf.tensor1d(["a", 'b"\n\u001b[31m']),
      'Tensor, shape [2], string\n[              "a", "b\\"\\n\\u001b[31m"]',
    ],
    [
      "no values",
      () => tf.zeros([3, 0, 2]),
      "Tensor, shape [3, 0, 2], float32\n[]",
    ],
    [
      "rank 3",
      () => tf.range(0, 8, 1, "int32").reshape([2, 2, 2]),
      "Tensor, shape [2, 2, 2], int32\n[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]",
    ],
    [
      "a long tensor, abbreviated",
      () => tf.range(0, 1_000, 1, "int32"),
      "Tensor, shape [1000], int32\n[  0,   1,   2, …, 997, 998, 999]",
    ],
    [
      "a large matrix, abbreviated",
      () => tf.range(0, 900, 1, "int32").reshape([30, 30]),
      `Tensor, shape [30, 30], int32
[[  0,   1,   2, …,  27,  28,  29],
 [ 30,  31,  32, …,  57,  58,  59],
 [ 60,  61,  62, …,  87,  88,  89],
 …,
 [810, 811, 812, …, 837, 838, 839],
 [840, 841, 842, …, 867, 868, 869],
 [870, 871, 872, …, 897, 898, 899]]`,
    ],
    [
      "rank 4, abbreviated to one entry at either end of each axis but the last",
      () => tf.range(0, 1_500, 1, "int32").reshape([5, 10, 10, 3]),
      `Tensor, shape [5, 10, 10, 3], int32
[[[[   0,    1,    2],
   …,
   [  27,   28,   29]],

  …,

  [[ 270,  271,  272],
   …,
   [ 297,  298,  299]]],

 …,

 [[[1200, 1201, 1202],
   …,
   [1227, 1228, 1229]],

  …,

  [[1470, 1471, 1472],
   …,
   [1497, 1498, 1499]]]]`,
    ],
  ];
  for (const [what, create, text] of cases) {
    test(`text of ${what}`, async () => {
      assert.deepEqual(await shown(tf.tidy(create)), { "text/plain": text });
    });
  }

  test("ranks 5 and 6 have short texts", async () => {
    for (const shape of [
      [4, 4, 4, 4, 4],
      [3, 4, 3, 4, 3, 4],
    ]) {
      const { "text/plain": text } = await shown(tf.ones(shape));
      assert.match(String(text), /^Tensor, shape \[.*\], float32\n\[{5,6}1, 1/);
      assert.ok(String(text).split("\n").length < 100);
    }
  });

  test("long rows are wrapped", async () => {
    const { "text/plain": text } = await shown(tf.range(0, 150, 1, "int32"));
    const lines = String(text).split("\n").slice(1);
    assert.equal(lines.length, 8);
    assert.ok(lines.every((line) => line.length <= 101));
    assert.deepEqual(
      JSON.parse(lines.join("")),
      Array.from({ length: 150 }, (_, index) => index),
    );
  });

  for (const [dtype, create, values] of [
    [
      "float32",
      () => tf.range(0, 1_500_000).reshape([1_500, 1_000]),
      /^\[\[ +0, +1, +2, …, +997, +998, +999\],\n[^]*\[1499000, 1499001, 1499002, …, 1499997, 1499998, 1499999\]\]$/,
    ],
    [
      "complex64",
      () => {
        const real = tf.range(0, 1_200_000);
        return tf.complex(real, real.neg());
      },
      /^\[ +0-0i, +1-1i, +2-2i, …, 1199997-1199997i, 1199998-1199998i,\n 1199999-1199999i\]$/,
    ],
  ] as const) {
    test(`a large ${dtype} tensor is not read whole`, async () => {
      const tensor: tf.Tensor = tf.tidy<tf.Tensor>(create);
      let reads = 0;
      tensor.data = () => {
        reads += 1;
        return Promise.reject(new Error("Expected no reading of the whole."));
      };
      const { "text/plain": text } = await shown(tensor);
      assert.equal(reads, 0);
      assert.match(String(text).split("\n").slice(1).join("\n"), values);
    });
  }

  test("parts of a large tensor are disposed even if gathering fails", async () => {
    const tensor = tf.ones([1_200, 1_000]);
    const { numTensors } = tf.memory();
    const gather: (
      ...parameters: Parameters<typeof tensor.gather>
    ) => tf.Tensor = tensor.gather.bind(tensor);
    const broken = (...parameters: Parameters<typeof tensor.gather>) =>
      Object.assign(gather(...parameters), {
        gather: () => {
          throw new Error("out of order");
        },
      });
    Object.assign(tensor, { gather: broken });
    assert.equal(
      await textOf(tensor),
      "Tensor, shape [1200, 1000], float32, values cannot be read: out of order",
    );
    assert.equal(tf.memory().numTensors, numTensors);
    tensor.dispose();
  });

  test("a large tensor of strings", async () => {
    const { "text/plain": text } = await shown(
      tf.tensor1d(new Array<string>(1_100_000).fill("x")),
    );
    assert.equal(
      text,
      'Tensor, shape [1100000], string\n["x", "x", "x", …, "x", "x", "x"]',
    );
  });

  test("a disposed tensor", async () => {
    const tensor = tf.ones([2, 3]);
    tensor.dispose();
    assert.deepEqual(await bundleOf(tensor), {
      "text/plain": "Tensor, shape [2, 3], float32, disposed",
    });
  });

  test("a variable with its name", async () => {
    const variable = tf.tidy(() => tf.variable(tf.ones([2]), false, 'a"<b>'));
    const { "text/plain": text } = await shown(variable);
    assert.equal(
      text,
      'Variable "a\\"<b>", shape [2], float32, not trainable\n[1, 1]',
    );
  });

  test("a tensor of another backend", async () => {
    const before = tf.getBackend();
    await tf.setBackend("cpu");
    try {
      const { "text/plain": text } = await shown(tf.tensor1d([1, 2]));
      assert.equal(text, "Tensor, shape [2], float32\n[1, 2]");
    } finally {
      await tf.setBackend(before);
    }
  });

  test("tensors are recognized by their properties, of any class", async () => {
    class Tensor {
      readonly shape = [1_100, 1_000];
      readonly dtype = "int32";
      readonly isDisposed = false;
      readonly dataId = {};
      data = () => Promise.resolve(new Int32Array(1_100_000).fill(7));
      dispose = () => assert.fail("Expected the tensor to be left alive.");
    }
    assert.match(await textOf(new Tensor()), /int32\n\[\[7, 7, 7, …, 7, 7, 7]/);
    assert.match(await textOf(new Proxy(new Tensor(), {})), /\n\[\[7, 7, 7, …/);
  });

  test("a symbolic tensor is not recognized as a tensor", async () => {
    assert.match(
      await textOf(tf.input({ shape: [4] })),
      / SymbolicTensor \{\n/,
    );
  });

  for (const [what, shape, dtype, channels] of [
    ["gray", [9, 16], "float32", 1],
    ["gray with a channel axis", [9, 16, 1], "float32", 1],
    ["color", [9, 16, 3], "int32", 3],
    ["color with alpha", [9, 16, 4], "int32", 4],
  ] as const) {
    test(`image with values: ${what}`, async () => {
      const size = shape.reduce(
        (product: number, length) => product * length,
        1,
      );
      const bytes = Array.from(
        { length: size },
        (_, index) => (index * 7) % 256,
      );
      const tensor = tf.tensor(
        dtype === "int32" ? bytes : bytes.map((byte) => byte / 255),
        [...shape],
        dtype,
      );
      const bundle = await shown(tensor);
      assert.deepEqual(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
      const html = String(bundle["text/html"]);
      const heading = `Tensor, shape [${shape.join(", ")}], ${dtype}`;
      assert.ok(html.includes(heading));
      assert.ok(String(bundle["text/plain"]).startsWith(`${heading}\n[[`));
      const values = String(bundle["text/plain"]).slice(heading.length + 1);
      assert.ok(html.includes(`<pre>${values}</pre>`));
      assert.match(html, / width="256" height="144" /);
      const [, data = ""] = /src="data:image\/png;base64,([^"]*)"/.exec(html)!;
      const decoded = tf.node.decodePng(Buffer.from(data, "base64"), channels);
      assert.deepEqual(decoded.shape, [9, 16, channels]);
      assert.deepEqual([...decoded.dataSync()], bytes);
      decoded.dispose();
    });
  }

  for (const [what, create] of [
    ["values below 0", () => tf.fill([9, 9], -0.1)],
    ["values above 1", () => tf.fill([9, 9], 1.1)],
    ["integers above 255", () => tf.fill([9, 9], 256, "int32")],
    ["NaN", () => tf.fill([9, 9], NaN)],
    ["two channels", () => tf.ones([9, 9, 2])],
    ["less than 8 rows", () => tf.ones([7, 9])],
    ["more than 1,024 columns", () => tf.ones([9, 1_025])],
    ["a batch of images", () => tf.ones([9, 9, 9, 3])],
    ["booleans", () => tf.ones([9, 9], "bool")],
  ] as const) {
    test(`no image: ${what}`, async () => {
      const bundle = await shown(tf.tidy<tf.Tensor>(create));
      assert.deepEqual(Object.keys(bundle), ["text/plain"]);
    });
  }

  test("an image of maximum size", async () => {
    const { "text/html": html } = await shown(tf.ones([1_024, 1_024, 3]));
    assert.match(String(html), / width="1024" height="1024" /);
  });
});

describe("PNG", () => {
  test("an independent decoder restores random pixels", () => {
    for (const channels of [1, 3, 4] as const) {
      const [width, height] = [37, 23];
      let state = channels;
      const pixels = Uint8Array.from(
        { length: width * height * channels },
        () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16,
      );
      const png = encodePng({ width, height, channels, pixels });
      const decoded = tf.node.decodePng(png, channels);
      assert.deepEqual(decoded.shape, [height, width, channels]);
      assert.deepEqual(Uint8Array.from(decoded.dataSync()), pixels);
      decoded.dispose();
    }
  });
});

describe("models", () => {
  test("a sequential model is a table", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [32, 32, 3],
          filters: 8,
          kernelSize: 3,
          name: "conv",
        }),
        tf.layers.batchNormalization({ name: "norm" }),
        tf.layers.flatten({ name: "flat" }),
        tf.layers.dense({ units: 10, name: "scores" }),
      ],
      name: "small",
    });
    // The library rejects this name at construction, but does not check it later.
    model.layers[0]!.name = `conv${HOSTILE}`;
    model.name = `small${HOSTILE}`;
    const alive = tf.memory().numTensors;
    const bundle = await bundleOf(model);
    assert.equal(tf.memory().numTensors, alive);
    const html = String(bundle["text/html"]);
    assert.deepEqual(cellsOf(html), [
      ["Layer (type)", "Output Shape", "Param #"],
      [`conv${ESCAPED} (Conv2D)`, "[?, 30, 30, 8]", "224"],
      ["norm (BatchNormalization)", "[?, 30, 30, 8]", "32"],
      ["flat (Flatten)", "[?, 7200]", "0"],
      ["scores (Dense)", "[?, 10]", "72,010"],
    ]);
    assert.ok(html.includes('<td style="text-align: right">72,010</td>'));
    assert.ok(!html.includes("<script"));
    assert.ok(html.includes(`Model: &quot;small${ESCAPED}&quot;`));
    for (const form of ["text/html", "text/plain"]) {
      const text = String(bundle[form]);
      assert.match(text, /Total params: 72,266/);
      assert.match(text, /Trainable params: 72,250/);
      assert.match(text, /Non-trainable params: 16/);
      assert.doesNotMatch(text, /not built/);
    }
    assert.match(
      String(bundle["text/plain"]),
      /\nscores \(Dense\) +\[\?, 10\] +72,010\n/,
    );
    // The same counts as in the library's summary, which the table replaces.
    const own = summary(model);
    assert.equal(own.totalParameters, 72_266);
    assert.equal(own.trainableParameters, 72_250);
    model.trainable = false;
    assert.match(await textOf(model), /\nTrainable params: 0\n/);
    model.dispose();
  });

  test("a functional model with inputs, several outputs, a shared layer and a nested model", async () => {
    const input = tf.input({ shape: [4], name: "in" });
    const shared = tf.layers.dense({ units: 4, name: "shared" });
    const innerInput = tf.input({ shape: [4] });
    const inner = tf.model({
      inputs: innerInput,
      outputs: tf.layers
        .dense({ units: 2 })
        .apply(shared.apply(innerInput)) as tf.SymbolicTensor,
      name: "inner",
    });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const twice = shared.apply(once) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: input,
      outputs: [once, inner.apply(twice) as tf.SymbolicTensor],
    });
    const { "text/html": html, "text/plain": text } = await bundleOf(model);
    assert.deepEqual(cellsOf(html).slice(1), [
      ["in (InputLayer)", "[?, 4]", "0"],
      ["shared (Dense)", "[?, 4]", "20"],
      ["inner (Model)", "[?, 2]", "30"],
    ]);
    assert.match(String(text), /\nTotal params: 30\nTrainable params: 30\n/);
    assert.doesNotMatch(String(text), /not built/);
    model.dispose();
  });

  test("a model without layers is not built yet", async () => {
    const model = tf.sequential();
    const { "text/html": html, "text/plain": text } = await bundleOf(model);
    assert.match(String(html), /This model is not built yet\./);
    assert.match(
      String(text),
      /This model is not built yet\.\nTotal params: 0/,
    );
  });

  test("a frozen model has no trainable parameters, even if its layers are trainable", async () => {
    const model = tf.sequential();
    model.trainable = false;
    model.add(tf.layers.dense({ units: 2, inputShape: [3] }));
    model.layers[0]!.trainable = true;
    assert.match(
      await textOf(model),
      /\nTotal params: 8\nTrainable params: 0\nNon-trainable params: 8$/,
    );
    model.dispose();
  });
});

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
    assert.ok(!html.includes("<script"));
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
