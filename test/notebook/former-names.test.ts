/**
 * Former names in the public interface: each still works, and warns once.
 */
import assert from "node:assert/strict";
import { before, describe, mock, test } from "node:test";
import * as convnotes from "../../src";
import { NdArray } from "../../src/data/nd-array";
import {
  accelerate,
  compilation,
  compileSteps,
  setEngine,
  tf,
} from "../../src/engine";
import {
  formerFunction,
  withFormerNames,
} from "../../src/notebook/former-names";
import { History } from "../../src/training/history";

const warn = mock.method(process, "emitWarning", () => undefined);

before(() => {
  setEngine("on");
});

/** Runs something twice and returns its result, after checking for one warning each. */
async function renamed<Result>(
  names: Readonly<Record<string, string>>,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  warn.mock.resetCalls();
  await run();
  const result = await run();
  assert.deepEqual(
    warn.mock.calls.map((call) => call.arguments as unknown[]),
    Object.entries(names).map(([former, present]) => [
      `\`${former}\` is now \`${present}\``,
      "DeprecationWarning",
    ]),
  );
  return result;
}

function classifier(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 2, kernelSize: 3, strides: 2, inputShape: [9, 9, 1] },
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
}

describe("functions", () => {
  test("compileOnLogits and crossEntropyOnLogits", async () => {
    const model = classifier();
    await renamed({ compileOnLogits: "compileFromLogits" }, () => {
      convnotes.compileOnLogits(model, { optimizer: "sgd" });
    });
    const x = tf.zeros([2, 9, 9, 1]);
    await convnotes.fit(model, x, tf.zeros([2, 1]), { epochs: 1 });
    const labels = tf.tensor1d([0, 1], "int32");
    const logits = tf.tensor2d([1, 0, 0, 0, 3, 0], [2, 3]);
    const loss = await renamed(
      { crossEntropyOnLogits: "crossEntropyFromLogits" },
      () => convnotes.crossEntropyOnLogits(labels, logits),
    );
    assert.deepEqual(
      loss.arraySync(),
      convnotes.crossEntropyFromLogits(labels, logits).arraySync(),
    );
  });

  test("accelerate", async () => {
    const model = classifier();
    const same = await renamed({ accelerate: "compileSteps" }, () =>
      accelerate(model),
    );
    assert.equal(same, model);
    assert.equal(compileSteps(model), model);
    assert.equal(accelerate.name, "accelerate");
  });
});

describe("properties", () => {
  test("LayerCost.products", async () => {
    const [cost] = convnotes.layerCosts(classifier());
    const products = await renamed(
      { "LayerCost.products": "multiplications" },
      () => cost!.products,
    );
    assert.equal(products, cost!.multiplications);
    assert.ok(!Object.keys(cost!).includes("products"));
  });

  test("ReceptiveField.step", async () => {
    const [field] = convnotes.receptiveFields(classifier());
    assert.deepEqual(
      await renamed({ "ReceptiveField.step": "stride" }, () => field!.step),
      [2, 2],
    );
    assert.deepEqual(field!.stride, [2, 2]);
  });

  test("History.cut and History.plan", async () => {
    const config = {
      ...{ epochs: 2, batchSize: 1, samples: 3, validationSamples: 0 },
    };
    const cut = { epoch: 2, steps: 1 };
    const history = new History(config, { loss: [1] }, [1], cut);
    const found = await renamed(
      { "History.cut": "interruptedEpoch", "History.plan": "config" },
      () => [history.cut, history.plan],
    );
    assert.deepEqual(found, [cut, config]);
    assert.deepEqual([history.interruptedEpoch, history.config], found);
  });

  test("Misclassification.place", async () => {
    const labels = new NdArray(Uint8Array.of(0, 1), [2]);
    const sure = tf.tensor2d([1, 0, 1, 0], [2, 2]);
    const [found] = convnotes.misclassified(labels, sure);
    assert.equal(
      await renamed({ "Misclassification.place": "index" }, () => found!.place),
      1,
    );
    assert.equal(found!.index, 1);
  });

  test("ConfusionMatrix.normalised", async () => {
    const matrix = convnotes.confusionMatrix([0, 1], [0, 0], 2);
    assert.deepEqual(
      await renamed({ "ConfusionMatrix.normalised": "normalized" }, () =>
        matrix.normalised(),
      ),
      matrix.normalized(),
    );
  });

  test("StepCompilation.operations and notNative", async () => {
    const model = classifier();
    tf.dispose(model.predict(tf.zeros([1, 9, 9, 1])));
    const { prediction } = compilation(model);
    const found = await renamed(
      {
        "StepCompilation.operations": "eager",
        "StepCompilation.notNative": "nativeObstacles",
      },
      () => [prediction.operations, prediction.notNative],
    );
    assert.deepEqual(found, [prediction.eager, prediction.nativeObstacles]);
  });
});

describe("data sets", () => {
  test("Dataset.origin", async () => {
    const set = await convnotes.load("mnist", {
      ...{ from: "synthetic", trainSamples: 1, testSamples: 1 },
    });
    assert.match(set.description, /NOT MNIST/);
    assert.equal(
      await renamed({ "Dataset.origin": "description" }, () => set.origin),
      set.description,
    );
  });

  test("catalogue, about and licence", async () => {
    const { catalog } = convnotes;
    const found = await renamed(
      {
        catalogue: "catalog",
        "DatasetEntry.about": "description",
        "DatasetEntry.licence": "license",
      },
      () => {
        const { about, licence } = convnotes.catalogue.mnist;
        return [about, licence];
      },
    );
    assert.deepEqual(found, [catalog.mnist.description, catalog.mnist.license]);
    assert.deepEqual(convnotes.catalogue, catalog);
  });
});

describe("options", () => {
  test("mapRow's pixel", async () => {
    const maps = { map: [[1, 2]] };
    const former = await renamed({ "MapRowOptions.pixel": "cellSize" }, () =>
      convnotes.mapRow(maps, { pixel: 9 }),
    );
    const present = convnotes.mapRow(maps, { cellSize: 9 });
    assert.deepEqual(former.layout, present.layout);
    assert.throws(() => convnotes.mapRow(maps, { pixel: 0 }), {
      message: "Expected `cellSize` to be a positive number, received 0",
    });
  });

  test('the order "surest"', async () => {
    const images = new NdArray(new Uint8Array(8), [2, 2, 2, 1]);
    const labels = new NdArray(Uint8Array.of(1, 1), [2]);
    const split = { name: "test", images, labels } as const;
    const probabilities = tf.tensor2d([0.6, 0.4, 0.9, 0.1], [2, 2]);
    const grid = (order: "surest" | "mostConfident") =>
      convnotes.misclassifiedGrid(split, probabilities, ["a", "b"], {
        ...{ dataset: { title: "MNIST", provenance: "unverified" }, order },
      });
    const former = await renamed(
      { 'order: "surest"': 'order: "mostConfident"' },
      () => grid("surest"),
    );
    assert.deepEqual(former.data, (await grid("mostConfident")).data);
    assert.match(former.caption, /most confident first/);
  });
});

test("a former function passes all values on, and what the function throws", async () => {
  const sum = (...numbers: number[]) => {
    if (numbers.length === 0) throw new RangeError("no numbers");
    return numbers.reduce((all, number) => all + number, 0);
  };
  const add = formerFunction("add", sum);
  assert.equal(await renamed({ add: "sum" }, () => add(1, 2, 3)), 6);
  assert.throws(() => add(), { name: "RangeError", message: "no numbers" });
});

test("an object under former names is listed, copied and compared without them", async () => {
  const point = withFormerNames("Point", { x: 3 }, { left: "x" });
  assert.deepEqual(point, { x: 3 });
  assert.deepEqual({ ...point }, { x: 3 });
  assert.equal(JSON.stringify(point), '{"x":3}');
  assert.equal(await renamed({ "Point.left": "x" }, () => point.left), 3);
});
