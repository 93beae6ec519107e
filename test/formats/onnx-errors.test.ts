/**
 * What cannot be saved as ONNX is refused by name before anything is written.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { keras, saveOnnx, tf } from "../../src";
import { layerWriters } from "../../src/formats/onnx/layer-table";
import type { ErrorCode } from "../../src/notebook/coded-error";
import { errorWith } from "../error-with";
import { temporaryFolder } from "./temporary-folder";

type Layer = tf.layers.Layer;

const { layers } = tf;
const root = path.join(__dirname, "..", "..");

/** Layers of tfjs without a counterpart, or that do not work in a model. */
const refused = [
  "CategoryEncoding",
  "CenterCrop",
  "ConvLSTM2D",
  "Masking",
  "RandomWidth",
  "Resizing",
];

/** A layer of the user. */
class Doubling extends tf.layers.Layer {
  static readonly className: string = "Doubling";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0]!, 2);
  }
}

/** A layer of the user with the name of one of tfjs. */
class Dropout extends Doubling {
  static override readonly className: string = "Dropout";
}

function model(inputShape: (number | null)[], ...chain: Layer[]) {
  const input = tf.input({ shape: inputShape });
  const output = chain.reduce(
    (value, layer) => layer.apply(value) as typeof value,
    input,
  );
  return tf.model({ inputs: input, outputs: output });
}

/** Saves a model over a file and checks the error, and that the file stays as it is. */
async function assertRefused(
  folder: string,
  faulty: tf.LayersModel,
  code: ErrorCode,
  ...names: readonly (string | number)[]
): Promise<void> {
  const file = path.join(folder, "model.onnx");
  writeFileSync(file, "before");
  await assert.rejects(saveOnnx(faulty, file), errorWith(code, ...names));
  assert.equal(readFileSync(file, "utf8"), "before");
  assert.deepEqual(readdirSync(folder), ["model.onnx"]);
}

/** Names of all layers of tfjs. */
function tfjsLayers(): string[] {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return Object.entries(classNameMap)
    .filter(([, [part]]) => part.prototype instanceof tf.layers.Layer)
    .map(([name]) => name)
    .filter(
      (name) =>
        !name.endsWith("Cell") &&
        !["InputLayer", "Model", "Functional", "Sequential"].includes(name),
    );
}

describe("saveOnnx refuses", () => {
  test("layers without a counterpart, all in one error", async (context) => {
    const folder = temporaryFolder(context);
    const nested = model(
      [4, 3],
      layers.masking({ name: "mask" }),
      layers.lstm({ units: 2 }),
    );
    const faulty = model(
      [4, 3],
      layers.timeDistributed({ layer: new Doubling({ name: "twice" }) }),
      new Dropout({ name: "mine" }),
      nested,
    );
    await assertRefused(
      folder,
      faulty,
      "ERR_UNSUPPORTED",
      ...["Doubling (twice", "Dropout (mine, with code of its own)"],
      "Masking (mask)",
    );
    const movie = model(
      [2, 6, 6, 1],
      layers.convLstm2d({ filters: 2, kernelSize: 2, name: "movie" }),
    );
    await assertRefused(folder, movie, "ERR_UNSUPPORTED", "ConvLSTM2D (movie)");
  });

  test("a method that was replaced", async (context) => {
    const dense = layers.dense({ units: 2, name: "changed" });
    const call = dense.call.bind(dense);
    dense.call = (inputs, kwargs) => tf.neg(call(inputs, kwargs) as tf.Tensor);
    await assertRefused(
      temporaryFolder(context),
      model([3], dense),
      "ERR_UNSUPPORTED",
      "Dense (changed, with code of its own)",
    );
  });

  test("layers of the user that look like models or contain cells of the user", async (context) => {
    const folder = temporaryFolder(context);
    const group = Object.assign(new Doubling({ name: "group" }), {
      layers: [layers.dense({ units: 2 })],
    });
    await assertRefused(
      folder,
      model([3], group),
      "ERR_UNSUPPORTED",
      "Doubling (group",
    );
    const cell = layers.gruCell({ units: 2 });
    const call = cell.call.bind(cell);
    cell.call = (inputs, kwargs) => call(inputs, kwargs);
    await assertRefused(
      folder,
      model([4, 3], layers.rnn({ name: "changed", cell })),
      "ERR_UNSUPPORTED",
      ...["changed", "GRUCell"],
    );
  });

  test("options without a counterpart", async (context) => {
    const folder = temporaryFolder(context);
    const name = "here";
    const channelsFirst = { dataFormat: "channelsFirst" } as const;
    const cases: readonly [tf.LayersModel, ...(string | number)[]][] = [
      [
        model([4, 3], layers.lstm({ name, units: 2, activation: "selu" })),
        ...["LSTM", "selu", "tanh"],
      ],
      [
        model(
          [4],
          layers.embedding({ name, inputDim: 3, outputDim: 2, maskZero: true }),
        ),
        ...["Embedding", "maskZero"],
      ],
      [
        model(
          [4, 4, 2],
          layers.separableConv2d({
            name,
            filters: 2,
            kernelSize: 2,
            ...channelsFirst,
          }),
        ),
        ...["SeparableConv2D", "channelsFirst"],
      ],
      [
        model(
          [2, 4],
          layers.conv1d({
            name,
            filters: 2,
            kernelSize: 2,
            ...channelsFirst,
          }),
        ),
        ...["Conv1D", "channelsFirst"],
      ],
      [
        model(
          [null, 3],
          layers.timeDistributed({ name, layer: layers.dense({ units: 2 }) }),
        ),
        ...["TimeDistributed", "steps"],
      ],
      [
        model(
          [null, null, 3],
          keras.conv2d({
            name,
            filters: 2,
            kernelSize: 2,
            strides: 2,
            dilationRate: 2,
            padding: "same",
          }),
        ),
        ...["KerasConv2D", "[null,null]"],
      ],
      [
        model([null, null, 3], keras.resizing({ name, height: 2, width: 2 })),
        ...["KerasResizing", "[null,null,null,3]"],
      ],
    ];
    for (const [faulty, ...names] of cases) {
      await assertRefused(folder, faulty, "ERR_UNSUPPORTED", name, ...names);
    }
    const stateful = tf.sequential({
      layers: [
        layers.gru({
          name,
          units: 2,
          stateful: true,
          batchInputShape: [2, 4, 3],
        }),
      ],
    });
    await assertRefused(folder, stateful, "ERR_UNSUPPORTED", name, "stateful");
  });

  test("weights of more than 2 GiB, before any is read", async (context) => {
    const table = layers.embedding({ inputDim: 3, outputDim: 2 });
    const faulty = model([4], table);
    const unread = {
      shape: [2 ** 19, 2 ** 10],
      read: () => assert.fail("a weight was read"),
    };
    Object.defineProperty(faulty, "weights", { value: [unread] });
    await assertRefused(
      temporaryFolder(context),
      faulty,
      "ERR_UNSUPPORTED",
      2 ** 31 - 1,
      2 ** 31,
    );
  });

  test("a model without layers, and a folder that does not exist", async (context) => {
    const folder = temporaryFolder(context);
    const empty = tf.sequential({ name: "empty" });
    await assertRefused(folder, empty, "ERR_INVALID_STATE", "empty");
    const file = path.join(folder, "none", "model.onnx");
    const good = model([2], layers.dense({ units: 1 }));
    await assert.rejects(saveOnnx(good, file), /ENOENT/);
  });
});

describe("the layers of saveOnnx", () => {
  test("are all of tfjs but those that are refused", () => {
    const names = tfjsLayers();
    assert.ok(names.length > 50);
    assert.deepEqual(
      names
        .filter((name) => !name.startsWith("Keras"))
        .filter((name) => layerWriters[name] === undefined)
        .sort(),
      [...refused, "Doubling", "StackedRNNCells"]
        .filter((name) => names.includes(name))
        .sort(),
    );
    assert.deepEqual(
      refused.filter((name) => !names.includes(name)),
      [],
    );
    const kerasNames = names.filter((name) => name.startsWith("Keras"));
    assert.ok(kerasNames.length > 10);
    assert.deepEqual(
      kerasNames
        .filter((name) => layerWriters[name] === undefined)
        .filter((name) => !refused.includes(name.replace("Keras", ""))),
      [],
    );
  });

  test("are those that the documentation lists", () => {
    const text = readFileSync(path.join(root, "docs", "formats.md"), "utf8");
    const section = text
      .split(/^## /m)
      .find((each) => each.startsWith("ONNX"))!;
    const [supported, unsupported] = section.split("not supported") as [
      string,
      string,
    ];
    const missing = Object.keys(layerWriters)
      .filter((name) => !name.startsWith("Keras"))
      .filter((name) => !supported.includes(`\`${name}\``));
    assert.deepEqual(missing, []);
    for (const name of refused) {
      assert.ok(unsupported.includes(`\`${name}\``), name);
    }
  });

  test("include those of the lessons and networks", () => {
    const folders = ["notebooks", "notebooks/labs", "src/models/networks"];
    const used = new Set(
      folders.flatMap((folder) =>
        readdirSync(path.join(root, folder))
          .filter((name) => /\.(?:ipynb|ts)$/.test(name))
          .flatMap((name) => [
            ...readFileSync(path.join(root, folder, name), "utf8").matchAll(
              /\btf\.layers\.(\w+)\(|\bkeras\.(\w+)\(/g,
            ),
          ])
          .map(([, ofTfjs, ofKeras]) => (ofTfjs ?? ofKeras)!),
      ),
    );
    assert.ok(used.has("conv2d") && used.has("batchNormalization"));
    const known = new Set(
      Object.keys(layerWriters).map((name) => name.toLowerCase()),
    );
    const factories = new Set([...Object.keys(tf.layers)]);
    assert.deepEqual(
      [...used]
        .filter((name) => factories.has(name))
        .filter((name) => !known.has(name.toLowerCase()))
        .filter((name) => name !== "inputLayer" && name !== "input"),
      [],
    );
  });
});
