/**
 * Folders in TensorFlow.js's own format: training that continues after loading gives the same
 * weights as training that was not interrupted, and TensorFlow.js without this library opens them.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import {
  compileFromLogits,
  getWeights,
  keras,
  loadModel,
  loadSafetensors,
  loadWeights,
  saveModel,
  saveSafetensors,
  setWeights,
  tf,
} from "../../src";
import { isCompiledFromLogits } from "../../src/training/logits";
import { temporaryFolder } from "../data/temporary-folder";
import { errorWith } from "../error-with";
import { tensor } from "../keras/row";
import { optimizerCases } from "./graph-cases";
import {
  fillWeights,
  inputsOf,
  labelsOf,
  modelOf,
  predicted,
  relativeDistance,
  train,
} from "./model-case";

/** Returns JSON with another value at a place, such as "list.0.name"; undefined removes it. */
function changed(text: string, place: string, value: unknown): object {
  const json = JSON.parse(text) as Record<string, unknown>;
  const path = place.split(".");
  const last = path.pop()!;
  const owner = path.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    json,
  );
  owner[last] = value;
  return json;
}

const weightsOf = (model: tf.LayersModel) =>
  getWeights(model).map(({ data }) => [...data]);

/** Optimizers whose state TensorFlow.js neither saves nor loads. */
const unsaved = ["tf.train.adamax", "keras.adamax"];

describe("a folder of TensorFlow.js", () => {
  for (const [name, each] of Object.entries(optimizerCases)) {
    if (unsaved.includes(name)) continue;
    test(`training with ${name} continues`, async (context) => {
      const folder = path.join(await temporaryFolder(context), "model");
      const model = modelOf(each);
      const x = inputsOf(model, each);
      const y = labelsOf(model, x);
      await train(model, x, y, 5);
      await saveModel(model, folder);
      const loaded = await loadModel(folder);
      assert.equal(loaded.optimizer.iterations, 5);
      assert.deepEqual(predicted(loaded, x), predicted(model, x));
      await train(model, x, y, 5);
      await train(loaded, x, y, 5);
      if (name === "tf.train.adam") {
        // It keeps the powers of its decays as products, and loads them as powers.
        const [ours, theirs] = [weightsOf(loaded), weightsOf(model)];
        assert.ok(relativeDistance(ours, theirs) < 1e-5);
      } else {
        assert.deepEqual(weightsOf(loaded), weightsOf(model));
      }
    });
  }

  test("training with frozen models and wrappers continues", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    const recurrent = tf.layers.bidirectional({
      layer: tf.layers.lstm({ units: 2 }),
      mergeMode: "concat",
    });
    const base = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [4] })],
    });
    const model = tf.sequential({
      layers: [
        tf.layers.inputLayer({ inputShape: [3, 2] }),
        recurrent,
        base,
        tf.layers.dense({ units: 2 }),
      ],
    });
    recurrent.trainable = false;
    base.trainable = false;
    fillWeights(model);
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    const [x, y] = [tensor([4, 3, 2], 1), tensor([4, 2], 2)];
    await train(model, [x], [y], 3);
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    assert.equal(loaded.trainableWeights.length, 2);
    await train(model, [x], [y], 3);
    await train(loaded, [x], [y], 3);
    const [ours, theirs] = [weightsOf(loaded), weightsOf(model)];
    assert.ok(relativeDistance(ours, theirs) < 1e-5);
  });

  test("a depthwise convolution keeps its constraint and its penalty", async (context) => {
    const folder = await temporaryFolder(context);
    const model = tf.sequential({
      layers: [
        tf.layers.depthwiseConv2d({
          inputShape: [4, 4, 2],
          kernelSize: 2,
          depthwiseConstraint: tf.constraints.maxNorm({ maxValue: 0.6 }),
          depthwiseRegularizer: tf.regularizers.l2({ l2: 0.1 }),
        }),
      ],
    });
    for (const name of ["model", "model.keras"]) {
      const file = path.join(folder, name);
      await saveModel(model, file);
      const loaded = await loadModel(file);
      const [before, after] = [model, loaded].map(({ layers: [layer] }) =>
        layer!.getConfig(),
      );
      for (const key of ["depthwiseConstraint", "depthwiseRegularizer"]) {
        assert.notEqual(after![key], null);
        assert.deepEqual(after![key], before![key]);
      }
    }
  });

  test("weights with constraints are those of the model", async (context) => {
    const folder = await temporaryFolder(context);
    const build = () =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            units: 2,
            inputShape: [3],
            kernelConstraint: tf.constraints.nonNeg(),
          }),
        ],
      });
    const model = build();
    // As after training steps, which do not apply constraints.
    const kernel = model.layers[0]!.weights[0]!.read() as tf.Variable;
    kernel.assign(tf.sub(tensor([3, 2], 1), 2));
    const expected = weightsOf(model);
    assert.ok(expected[0]!.every((value) => value < 0));
    await saveModel(model, path.join(folder, "model"));
    const loaded = await loadModel(path.join(folder, "model"));
    assert.deepEqual(weightsOf(loaded), expected);

    const file = path.join(folder, "model.safetensors");
    await saveSafetensors(model, file);
    const other = build();
    await loadSafetensors(other, file);
    assert.deepEqual(weightsOf(other), expected);

    const third = build();
    setWeights(third, getWeights(model));
    assert.deepEqual(weightsOf(third), expected);
  });

  test("training from logits continues", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    const model = tf.sequential({
      layers: [
        keras.dense({ units: 3, activation: "softmax", inputShape: [4] }),
      ],
    });
    // So large that probabilities round to 0 and 1, where the clipped loss has no gradient.
    fillWeights(model);
    model.setWeights(model.getWeights().map((each) => tf.mul(each, 300)));
    compileFromLogits(model, { optimizer: keras.adam() });
    const [x, y] = [tensor([3, 4], 1), tf.tensor2d([[0], [1], [2]])];
    await train(model, [x], [y], 2);
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    assert.ok(isCompiledFromLogits(loaded));
    await train(model, [x], [y], 5);
    await train(loaded, [x], [y], 5);
    assert.deepEqual(weightsOf(loaded), weightsOf(model));
    assert.equal(loaded.getUserDefinedMetadata(), undefined);
  });

  test("TensorFlow.js opens it without this library", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, activation: "softmax", inputShape: [4] }),
      ],
    });
    fillWeights(model);
    model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    const [x, y] = [tensor([3, 4], 1), tf.oneHot([0, 1, 2], 3)];
    await train(model, [x], [y], 3);
    await saveModel(model, folder);
    await train(model, [x], [y], 4);
    const program = `
      const tf = require("@tensorflow/tfjs-node");
      const [folder, values] = JSON.parse(process.argv[1]);
      (async () => {
        const model = await tf.loadLayersModel("file://" + folder + "/model.json");
        const x = tf.tensor(values, [3, 4]);
        const y = tf.oneHot([0, 1, 2], 3);
        await model.fit(x, y, { epochs: 4, shuffle: false, verbose: 0 });
        console.log("RESULT" + JSON.stringify(model.getWeights().map((each) => [...each.dataSync()])));
      })();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["-e", program, JSON.stringify([folder, [...x.dataSync()]])],
      { cwd: path.join(__dirname, "..", "..") },
    );
    const [, text] = stdout.split("RESULT");
    const plain = JSON.parse(text!) as number[][];
    const ours = weightsOf(model);
    for (const [index, values] of plain.entries()) {
      for (const [at, value] of values.entries()) {
        assert.ok(Math.abs(value - ours[index]![at]!) < 1e-6);
      }
    }
  });

  test("is opened by its path or that of model.json, with and without training", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    const model = modelOf(optimizerCases["keras.adam"]!);
    model.setUserDefinedMetadata({ of: "the user" });
    await saveModel(model, folder);
    const [plain, loaded] = [
      await loadModel(path.join(folder, "model.json"), { compile: false }),
      await loadModel(folder),
    ];
    assert.equal(plain.optimizer, undefined);
    assert.equal(loaded.optimizer.getClassName(), "KerasAdam");
    assert.deepEqual(loaded.getUserDefinedMetadata(), { of: "the user" });
    await saveModel(model, folder, { includeOptimizer: false });
    assert.equal((await loadModel(folder)).optimizer, undefined);
    fillWeights(model, 9);
    await loadWeights(model, folder);
    assert.deepEqual(weightsOf(model), weightsOf(loaded));
  });

  test("does not replace a folder with other files", async (context) => {
    const folder = await temporaryFolder(context);
    await writeFile(path.join(folder, "notes.txt"), "mine");
    const model = modelOf(optimizerCases["tf.train.sgd"]!);
    await assert.rejects(
      saveModel(model, folder),
      errorWith("ERR_INVALID_VALUE", "notes.txt", folder),
    );
    assert.deepEqual(await readdir(folder), ["notes.txt"]);
  });

  test("with a damaged model.json is refused", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    await saveModel(modelOf(optimizerCases["keras.adam"]!), folder);
    const file = path.join(folder, "model.json");
    const text = await readFile(file, "utf8");
    const [first] = (
      JSON.parse(text) as { weightsManifest: [{ weights: [object] }] }
    ).weightsManifest[0].weights;
    const damages: readonly (readonly [string, unknown, string])[] = [
      ["modelTopology", undefined, 'without "modelTopology"'],
      ["modelTopology", 3, 'without "modelTopology"'],
      ["modelTopology.config", null, "TensorFlow.js can create"],
      ["modelTopology.class_name", "Modell", "registered"],
      ["weightsManifest", {}, "a list"],
      ["weightsManifest.0.paths", "weights.bin", "paths and weights"],
      ["weightsManifest.0.paths.0", "../weights.bin", "in its folder"],
      ["weightsManifest.0.weights.0.shape", [-1], "shape and type"],
      ["weightsManifest.0.weights.0.dtype", "float33", "float33"],
      ["weightsManifest.0.weights.1", first, "different names"],
      ["weightsManifest.0.weights.0.name", "other", "other"],
      ["trainingConfig.optimizer_config", [], "TensorFlow.js can create"],
      ["trainingConfig.loss", "none", "none"],
    ];
    for (const [place, value, received] of damages) {
      await writeFile(file, JSON.stringify(changed(text, place, value)));
      await assert.rejects(loadModel(folder), (error: Error) => {
        assert.match(
          (error as NodeJS.ErrnoException).code ?? "",
          /^ERR_(FILE_FORMAT|UNSUPPORTED)$/,
        );
        assert.ok(error.message.includes("model.json"), error.message);
        assert.ok(error.message.includes(received), error.message);
        return true;
      });
    }
  });

  test("with a part missing or cut is refused", async (context) => {
    const parent = await temporaryFolder(context);
    const folder = path.join(parent, "model");
    await assert.rejects(
      loadModel(folder),
      errorWith("ERR_FILE_MISSING", folder, "model.json"),
    );
    const model = modelOf(optimizerCases["tf.train.sgd"]!);
    await saveModel(model, folder);
    assert.deepEqual(await readdir(parent), ["model"]);
    const weights = path.join(folder, "weights.bin");
    const content = await readFile(weights);
    await writeFile(weights, content.subarray(0, -4));
    await assert.rejects(
      loadModel(folder),
      errorWith("ERR_FILE_FORMAT", content.length, content.length - 4),
    );
    await assert.rejects(
      loadWeights(modelOf(optimizerCases["keras.sgd"]!), folder),
      errorWith("ERR_FILE_FORMAT"),
    );
    await writeFile(weights, content);
    const other = tf.sequential({
      layers: [keras.dense({ units: 3, inputShape: [4], name: "first" })],
    });
    await assert.rejects(
      loadWeights(other, folder),
      errorWith("ERR_SHAPE", 2, 10),
    );
    const topology = path.join(folder, "model.json");
    const json = JSON.parse(await readFile(topology, "utf8")) as object;
    await writeFile(
      topology,
      JSON.stringify({ ...json, format: "graph-model" }),
    );
    await assert.rejects(
      loadModel(folder),
      errorWith("ERR_FILE_FORMAT", "model.json", "a graph model"),
    );
    await writeFile(topology, "{");
    await assert.rejects(
      loadModel(folder),
      errorWith("ERR_FILE_FORMAT", "model.json"),
    );
    await mkdir(path.join(parent, "empty"));
    await assert.rejects(
      loadModel(path.join(parent, "empty")),
      errorWith("ERR_FILE_MISSING", "model.json"),
    );
  });

  test("does not hold functions and states that TensorFlow.js cannot load", async (context) => {
    const folder = path.join(await temporaryFolder(context), "model");
    const model = modelOf(optimizerCases["tf.train.adamax"]!);
    await assert.rejects(
      saveModel(model, folder),
      errorWith("ERR_UNSUPPORTED", "Adamax", "includeOptimizer"),
    );
    model.compile({ optimizer: "sgd", loss: keras.hinge });
    await assert.rejects(
      saveModel(model, folder),
      errorWith("ERR_UNSUPPORTED", "hinge", ".keras"),
    );
    await saveModel(model, folder, { includeOptimizer: false });
    assert.equal((await loadModel(folder)).optimizer, undefined);
  });
});
