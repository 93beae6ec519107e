/**
 * Tests settings and fields of layers that are changed while a model is used, for each way of
 * training. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays, type Program } from "./comparison";
import type { Observations } from "./observations";
import {
  chain,
  first,
  line,
  one,
  OwnLayer,
  spreadWeights,
  trainOn,
  weightsOf,
} from "./small-models";

type Settable = tf.layers.Layer & Record<string, unknown>;

const rows = () =>
  tf.tensor2d([
    [-1, 2],
    [0.5, -0.5],
    [2, 1],
    [-2, -1],
  ]);
const labels = () => tf.tensor2d([[1], [0], [2], [-1]]);

interface Change {
  readonly layer: () => tf.layers.Layer;
  readonly change: (layer: Settable, model: tf.LayersModel) => void;
}

const changes: Record<string, Change> = {
  "alpha of leakyReLU": {
    layer: () => tf.layers.leakyReLU({ alpha: 1 }),
    change: (layer) => Object.assign(layer, { alpha: 0 }),
  },
  "alpha of elu": {
    layer: () => tf.layers.elu({ alpha: 1 }),
    change: (layer) => Object.assign(layer, { alpha: 0.1 }),
  },
  "momentum of batch normalization": {
    layer: () => tf.layers.batchNormalization({ momentum: 0.5 }),
    change: (layer) => Object.assign(layer, { momentum: 0.9 }),
  },
  "epsilon of batch normalization": {
    layer: () => tf.layers.batchNormalization({ epsilon: 0.001 }),
    change: (layer) => Object.assign(layer, { epsilon: 1 }),
  },
  "factor of a kernel's regularizer": {
    layer: () =>
      tf.layers.dense({
        units: 2,
        kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
      }),
    change: (layer) => {
      const regularizer = layer["kernelRegularizer"] as object;
      Object.assign(regularizer, { l2: 3 });
    },
  },
  "rate of a dropout from 0, back to 0": {
    layer: () => tf.layers.dropout({ rate: 0 }),
    change: (layer) => {
      Object.assign(layer, { rate: 0.5 });
      Object.assign(layer, { rate: 0 });
    },
  },
  "useBias of dense": {
    layer: () => tf.layers.dense({ units: 2, biasInitializer: "ones" }),
    change: (layer) => Object.assign(layer, { useBias: false, bias: null }),
  },
  "trainable, without compile": {
    layer: () => tf.layers.dense({ units: 2 }),
    change: (layer) => (layer.trainable = false),
  },
  "trainable, with compile": {
    layer: () => tf.layers.dense({ units: 2 }),
    change: (layer, model) => {
      layer.trainable = false;
      model.compile({
        optimizer: tf.train.sgd(0.05),
        loss: "meanSquaredError",
      });
    },
  },
};

function build(layer: tf.layers.Layer): tf.Sequential {
  const model = chain(
    [tf.layers.dense({ units: 2 }), layer, tf.layers.dense({ units: 1 })],
    2,
  );
  spreadWeights(model);
  model.compile({
    optimizer: tf.train.sgd(0.05),
    loss: "meanSquaredError",
  });
  return model;
}

type Way = (
  model: tf.LayersModel,
  change: () => void,
  observations: Observations,
) => Promise<void>;

/** Returns a callback that changes something once, after the given number of batches or epochs. */
const after = (count: number, change: () => void) => {
  let seen = 0;
  return async () => {
    seen += 1;
    if (seen === count) change();
  };
};

const fitWith =
  (verbose: 0 | 1, event: "onBatchEnd" | "onBatchBegin" | "onEpochEnd"): Way =>
  async (model, change, observations) => {
    const { history } = await model.fit(rows(), labels(), {
      epochs: 6,
      batchSize: 2,
      shuffle: false,
      verbose,
      callbacks: { [event]: after(event === "onEpochEnd" ? 4 : 7, change) },
    });
    observations.see("history", history);
  };

const ways: Record<string, Way> = {
  "fit, verbose 0, between epochs": fitWith(0, "onEpochEnd"),
  "fit, verbose 1, between epochs": fitWith(1, "onEpochEnd"),
  "fit, verbose 0, at a batch's end": fitWith(0, "onBatchEnd"),
  "fit, verbose 1, at a batch's beginning": fitWith(1, "onBatchBegin"),
  fitDataset: async (model, change, observations) => {
    const dataset = tf.data
      .zip({
        xs: tf.data.array(rows().arraySync()),
        ys: tf.data.array(labels().arraySync()),
      })
      .batch(2) as unknown as tf.data.Dataset<never>;
    const { history } = await model.fitDataset(dataset, {
      epochs: 6,
      verbose: 0,
      callbacks: { onEpochEnd: after(4, change) },
    });
    observations.see("history", history);
  },
  trainOnBatch: async (model, change, observations) => {
    observations.see("losses", await trainOn(model, rows(), labels(), 5));
    change();
    observations.see("losses", await trainOn(model, rows(), labels(), 4));
  },
  "predict and evaluate": async (model, change, observations) => {
    for (let time = 0; time < 6; time += 1) {
      if (time === 3) change();
      observations.see("output", model.predict(rows(), { batchSize: 2 }));
      observations.see("score", model.evaluate(rows(), labels()));
    }
  },
};

const program =
  ({ layer, change }: Change, way: Way): Program =>
  async (observations) => {
    const chosen = layer() as Settable;
    const model = build(chosen);
    await way(model, () => change(chosen, model), observations);
    observations.see("weights", weightsOf(model));
  };

for (const [setting, change] of Object.entries(changes)) {
  describe(setting, () => {
    for (const [name, way] of Object.entries(ways)) {
      sameBothWays(name, program(change, way), { bound: 1e-4 });
    }
  });
}

describe("leakyReLU by hand", () => {
  for (const verbose of [0, 1] as const) {
    sameBothWays(
      `alpha from 1 to 0 after four epochs, verbose ${verbose}`,
      async (observations) => {
        const layer = tf.layers.leakyReLU({ alpha: 1 });
        const model = chain([layer, line(1)]);
        model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
        const { history } = await model.fit(one(-1), one(0), {
          epochs: 6,
          verbose,
          callbacks: {
            onEpochEnd: after(4, () => Object.assign(layer, { alpha: 0 })),
          },
        });
        observations.see("loss", history["loss"]);
      },
      { right: { loss: [[1, 1, 1, 1, 0, 0]] } },
    );
  }
});

/**
 * A custom layer with a number, an array and a nested object as fields, none of them in its
 * configuration.
 */
class Fields extends OwnLayer {
  static readonly className = "TestFields";
  share = 1;
  list = [1, 1];
  nested = { deep: { factor: 1 } };
  isNegative = false;

  constructor(readonly observations: Observations) {
    super({});
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    this.observations.call("layer");
    const x = tf.mul(first(inputs), this.share * this.nested.deep.factor);
    const y = tf.mul(x, tf.tensor1d(this.list));
    return this.isNegative ? tf.neg(y) : y;
  }
}

const fieldChanges: Record<string, (layer: Fields) => void> = {
  "a number": (layer) => (layer.share = 0.3),
  "an element of an array": (layer) => (layer.list[1] = 4),
  "a number in a nested object": (layer) => (layer.nested.deep.factor = 2),
  "a branch": (layer) => (layer.isNegative = true),
};

describe("fields of a custom layer", () => {
  for (const [name, change] of Object.entries(fieldChanges)) {
    for (const [way, run] of Object.entries(ways)) {
      sameBothWays(
        `${name}, ${way}`,
        async (observations) => {
          const layer = new Fields(observations);
          const model = build(layer);
          await run(model, () => change(layer), observations);
          observations.see("weights", weightsOf(model));
        },
        { bound: 1e-4 },
      );
    }
  }

  sameBothWays(
    "a block faded in, in predictions",
    (observations) => {
      const layer = new Fields(observations);
      const model = chain([layer], 2);
      for (let time = 0; time < 6; time += 1) {
        layer.share = time < 3 ? 0 : time / 10;
        observations.see("output", model.predict(tf.ones([1, 2])));
      }
    },
    {
      right: {
        output: [0, 0, 0, 0.3, 0.4, 0.5].map((value) => [value, value]),
      },
    },
  );
});
