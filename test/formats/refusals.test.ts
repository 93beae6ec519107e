/**
 * Models that Keras cannot open are refused when they are saved, and damaged files when they are
 * loaded, with an error that names the cause.
 */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { unzipSync, zipSync } from "fflate";
import {
  keras,
  loadModel,
  loadWeights,
  saveModel,
  saveWeights,
  tf,
} from "../../src";
import { readHdf5, writeHdf5 } from "../../src/formats/hdf5/arrays";
import { checkReadingEnds } from "../../src/formats/hdf5/time-limit";
import { temporaryFolder } from "../data/temporary-folder";
import { errorWith } from "../error-with";
import { fillWeights, predicted } from "./model-case";
import { tensor } from "../keras/row";

const { layers } = tf;

class Doubled extends layers.Layer {
  static readonly className = "Doubled";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0]!, 2);
  }
}

/** Layers by the shape of their input, with what the error must contain. */
const refused: readonly (readonly [
  shape: number[],
  make: () => tf.layers.Layer,
  words: readonly (string | number)[],
])[] = [
  [[4], () => new Doubled({ name: "twice" }), ["the layer twice", "Doubled"]],
  [[4, 3], () => layers.lstm({ units: 2, name: "l" }), ["hardSigmoid", "l"]],
  [[4, 3], () => layers.gru({ units: 2 }), ["keras.hardSigmoidName"]],
  [
    [4, 3],
    () =>
      layers.bidirectional({
        layer: keras.lstm({ units: 2, goBackwards: true }),
        mergeMode: "sum",
      }),
    ["bidirectional", "goBackwards"],
  ],
  [[4], () => layers.alphaDropout({ rate: 0.5 }), ["keras.alphaDropout"]],
  [
    [4, 4, 2],
    () => layers.upSampling2d({ interpolation: "bilinear" }),
    ["keras.upSampling2d"],
  ],
  [
    [4, 4, 2],
    () => layers.depthwiseConv2d({ kernelSize: 2, dilationRate: [2, 2] }),
    ["keras.depthwiseConv2d"],
  ],
  [
    [2, 4, 4],
    () => layers.zeroPadding2d({ dataFormat: "channelsFirst", name: "border" }),
    ["channelsFirst", "border"],
  ],
  [
    [4],
    () => layers.dense({ units: 2, name: "block/dense" }),
    ["block/dense", `"/"`],
  ],
];

function modelOf(shape: number[], layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape });
  const outputs = layer.apply(input) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs });
}

/** A small model: layers `first` and `second`. */
function small(units = 3): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      keras.dense({ units, name: "first", inputShape: [4] }),
      keras.dense({ units: 2, name: "second" }),
    ],
  });
  fillWeights(model);
  return model;
}

describe("a model that Keras cannot open", () => {
  for (const [shape, make, words] of refused) {
    test(`with ${words.at(-1)} is not saved`, async (context) => {
      const folder = await temporaryFolder(context);
      const model = modelOf(shape, make());
      await assert.rejects(
        saveModel(model, path.join(folder, "model.keras")),
        errorWith("ERR_UNSUPPORTED", ...words),
      );
      assert.deepEqual(await readdir(folder), []);
    });
  }

  test("whose weights take too long to read is not loaded", async (context) => {
    const file = path.join(await temporaryFolder(context), "one.weights.h5");
    await saveWeights(small(), file);
    const content = await readFile(file);
    await checkReadingEnds(content, file);
    await checkReadingEnds(content.subarray(0, 700), file);
    await assert.rejects(
      checkReadingEnds(content, file, 0),
      errorWith("ERR_FILE_FORMAT", file, "does not end"),
    );
  });

  test("with a layer in two models is not saved", async (context) => {
    const folder = await temporaryFolder(context);
    const shared = keras.dense({ units: 4, name: "both" });
    const inner = modelOf([4], shared);
    const input = tf.input({ shape: [4] });
    const between = shared.apply(input) as tf.SymbolicTensor;
    const outputs = inner.apply(between) as tf.SymbolicTensor;
    await assert.rejects(
      saveModel(
        tf.model({ inputs: input, outputs }),
        path.join(folder, "model.keras"),
      ),
      errorWith("ERR_UNSUPPORTED", "the layer both"),
    );
  });

  test("with two outputs, of which both are used, and batch normalization is not saved with its loss", async (context) => {
    const file = path.join(await temporaryFolder(context), "model.keras");
    const inside = tf.input({ shape: [4] });
    const normalized = keras
      .batchNormalization()
      .apply(inside) as tf.SymbolicTensor;
    const inner = tf.model({
      name: "inner",
      inputs: inside,
      outputs: [
        normalized,
        keras.dense({ units: 4 }).apply(normalized) as tf.SymbolicTensor,
      ],
    });
    const input = tf.input({ shape: [4] });
    const outputs = inner.apply(input) as tf.SymbolicTensor[];
    const one = tf.model({ inputs: input, outputs: outputs[1]! });
    const both = tf.model({ inputs: input, outputs });
    for (const each of [one, both]) {
      each.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    }
    await saveModel(one, file);
    await assert.rejects(
      saveModel(both, file),
      errorWith("ERR_UNSUPPORTED", "inner", 2),
    );
    await saveModel(both, file, { includeOptimizer: false });
  });

  test("without an input shape is not saved", async (context) => {
    const folder = await temporaryFolder(context);
    const model = tf.sequential({ name: "open" });
    await assert.rejects(
      saveModel(model, path.join(folder, "model.keras")),
      errorWith("ERR_INVALID_STATE", "open"),
    );
  });

  test("with another optimizer, loss or metric is saved without it", async (context) => {
    const file = path.join(await temporaryFolder(context), "model.keras");
    const model = small();
    const loss = "meanSquaredError";
    const cases = [
      [{ optimizer: "adadelta", loss }, "keras.adadelta"],
      [
        { optimizer: tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true), loss },
        "keras.rmsprop",
      ],
      [{ optimizer: "sgd", loss: "hinge" }, "hinge"],
      [{ optimizer: "sgd", loss, metrics: ["precision"] }, "precision"],
      [{ optimizer: "sgd", loss: function own() {} as never }, "own"],
    ] as const;
    for (const [compilation, word] of cases) {
      model.compile(compilation as never);
      await assert.rejects(
        saveModel(model, file),
        errorWith("ERR_UNSUPPORTED", word),
      );
      await saveModel(model, file, { includeOptimizer: false });
      assert.equal((await loadModel(file)).optimizer, undefined);
    }
  });
});

describe("a path", () => {
  test("with an ending of another format is refused", async (context) => {
    const folder = await temporaryFolder(context);
    const model = small();
    for (const [task, ending] of [
      [saveModel, ".weights.h5"],
      [saveModel, ".h5"],
      [saveWeights, ".keras"],
      [saveWeights, ""],
    ] as const) {
      await assert.rejects(
        task(model, path.join(folder, `model${ending}`)),
        errorWith("ERR_UNSUPPORTED", task.name, `model${ending}`),
      );
    }
    assert.deepEqual(await readdir(folder), []);
  });

  test("that cannot be read is named", async (context) => {
    const file = path.join(await temporaryFolder(context), "none.keras");
    await assert.rejects(loadModel(file), errorWith("ERR_FILE_MISSING", file));
  });
});

describe("a damaged file", () => {
  test("that is cut anywhere is refused", async (context) => {
    const folder = await temporaryFolder(context);
    const model = small();
    model.compile({ optimizer: keras.adam(), loss: "meanSquaredError" });
    const whole = path.join(folder, "whole.keras");
    const weights = path.join(folder, "whole.weights.h5");
    await saveModel(model, whole);
    await saveWeights(model, weights);
    const x = [tensor([2, 4], 1)];
    const before = predicted(model, x);
    for (const [file, ending] of [
      [whole, ".keras"],
      [weights, ".weights.h5"],
    ] as const) {
      const content = await readFile(file);
      for (const share of [0, 0.01, 0.3, 0.7, 0.95, 0.999]) {
        const cut = path.join(folder, `cut${ending}`);
        await writeFile(
          cut,
          content.subarray(0, Math.floor(content.length * share)),
        );
        await assert.rejects(
          loadWeights(model, cut),
          errorWith("ERR_FILE_FORMAT", cut),
        );
        assert.deepEqual(predicted(model, x), before);
      }
    }
  });

  test("with a changed bit is refused", async (context) => {
    const folder = await temporaryFolder(context);
    const whole = path.join(folder, "whole.keras");
    const changed = path.join(folder, "changed.keras");
    await saveModel(small(), whole);
    const content = await readFile(whole);
    // The content of the last and largest file, before the zip file's directory.
    const name = "model.weights.h5";
    const start = content.indexOf(name) + name.length;
    const end = content.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    for (let at = start; at < end; at += 97) {
      const bytes = Buffer.from(content);
      bytes[at]! ^= 0x10;
      await writeFile(changed, bytes);
      await assert.rejects(
        loadModel(changed),
        errorWith("ERR_FILE_FORMAT", changed),
        `byte ${at}`,
      );
    }
  });

  test("without one of its parts is refused", async (context) => {
    const file = path.join(await temporaryFolder(context), "model.keras");
    await saveModel(small(), file);
    const files = unzipSync(await readFile(file));
    for (const name of Object.keys(files)) {
      const { [name]: missing, ...rest } = files;
      assert.ok(missing!.length > 0);
      await writeFile(file, zipSync(rest));
      await assert.rejects(
        loadModel(file),
        errorWith("ERR_FILE_FORMAT", name, file),
      );
    }
    await writeFile(file, zipSync({ ...files, "config.json": Buffer.of(123) }));
    await assert.rejects(
      loadModel(file),
      errorWith("ERR_FILE_FORMAT", "config.json"),
    );
    await writeFile(
      file,
      zipSync({ ...files, "config.json": Buffer.from("{}") }),
    );
    await assert.rejects(loadModel(file), errorWith("ERR_FILE_FORMAT"));
  });

  test("with other weights is refused, and changes no weight", async (context) => {
    const file = path.join(await temporaryFolder(context), "w.weights.h5");
    const model = small();
    const x = [tensor([2, 4], 1)];
    const before = predicted(model, x);

    await saveWeights(small(5), file);
    await assert.rejects(
      loadWeights(model, file),
      errorWith("ERR_SHAPE", "the layer first", "(4, 3)", "(4, 5)"),
    );

    await saveWeights(model, file);
    const { groups } = await readHdf5(await readFile(file), file);
    const second = "layers/dense_1/vars";
    const { arrays } = groups.get(second)!;
    for (const [changed, words] of [
      [new Map([["0", arrays.get("0")!]]), ["the layer second", "(2,)"]],
      [new Map(), ["the layer second", "none"]],
    ] as const) {
      const full = [...groups].filter(([, group]) => group.arrays.size > 0);
      const other = new Map(full).set(second, {
        name: "second",
        arrays: changed,
      });
      await writeFile(file, await writeHdf5(other));
      await assert.rejects(
        loadWeights(model, file),
        errorWith("ERR_SHAPE", ...words),
      );
    }

    const deeper = tf.sequential({
      layers: [...small().layers, keras.dense({ units: 2, name: "third" })],
    });
    await saveWeights(deeper, file);
    await assert.rejects(
      loadWeights(model, file),
      errorWith("ERR_SHAPE", "third", "layers/dense_2/vars"),
    );
    assert.deepEqual(predicted(model, x), before);
  });
});
