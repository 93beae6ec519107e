/**
 * Tests the displays of tensors and models, and the PNG files that tensors are shown as.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs-node";
import { toMimeBundle } from "../../../kernel/runtime/display";
import { modelDisplay } from "../../../src/engine/extension/model-display";
import { encodePng } from "../../../src/engine/extension/png";
import { tensorDisplay } from "../../../src/engine/extension/tensor-display";
import { summary } from "../../../src/models/summary";

type Bundle = Record<string, unknown>;

const HOSTILE = `<script>alert("1")</script>]]>&'`;
const ESCAPED =
  "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;]]&gt;&amp;&#39;";

/** Returns the bundle of a value that has one. */
async function bundleOf(value: unknown): Promise<Bundle> {
  const bundle = await toMimeBundle(value, [tensorDisplay, modelDisplay]);
  assert.ok(bundle, "Expected a bundle, received none.");
  return bundle;
}

async function textOf(value: unknown): Promise<string> {
  return String((await bundleOf(value))["text/plain"]);
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

describe("descriptions", () => {
  const describe = (tensor: tf.Tensor) => {
    try {
      return tensorDisplay.describe?.(tensor);
    } finally {
      tensor.dispose();
    }
  };

  test("of tensors have the dtype, the shape and the values of small ones", () => {
    assert.deepEqual(describe(tf.tensor2d([0.1, 2], [1, 2])), {
      type: "Tensor, float32",
      size: "[1, 2]",
      preview: "0.1, 2",
    });
    assert.deepEqual(describe(tf.tensor1d(["a", "b"])), {
      type: "Tensor, string",
      size: "[2]",
      preview: '"a", "b"',
    });
    assert.deepEqual(describe(tf.ones([30], "bool")), {
      type: "Tensor, bool",
      size: "[30]",
      preview: "",
    });
  });

  test("of variables have the name", () => {
    const variable = tf.tidy(() => tf.variable(tf.ones([2]), true, "weights"));
    assert.deepEqual(describe(variable), {
      type: "Variable, float32",
      size: "[2]",
      preview: "weights",
    });
  });

  test("of disposed tensors say so", () => {
    const tensor = tf.scalar(1);
    tensor.dispose();
    assert.equal(tensorDisplay.describe?.(tensor).preview, "disposed");
  });

  test("of models have the class, the number of parameters and layers", () => {
    const model = tf.sequential({
      name: "line",
      layers: [tf.layers.dense({ units: 3, inputShape: [4] })],
    });
    const { matches, describe: describeModel } = modelDisplay;
    assert.ok(matches(model));
    assert.deepEqual(describeModel?.(model), {
      type: "Sequential",
      size: "15 parameters",
      preview: "line, 1 layer",
    });
    model.dispose();
  });
});
