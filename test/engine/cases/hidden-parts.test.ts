/**
 * Tests user code that is hard to detect: within functions of TensorFlow.js, in non-enumerable
 * fields, behind accessors and proxies, in methods of the library's own classes. About 5 s.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keras, tf } from "../../../src";
import { sameBothWays } from "./comparison";
import { chain, line, one, predict, trainOn, weightsOf } from "./small-models";

type Loss = (labels: tf.Tensor, outputs: tf.Tensor) => tf.Scalar;

const squares: Loss = (y, p) => tf.mean(tf.square(tf.sub(y, p)));

const compiled = (
  loss: unknown = "meanSquaredError",
  layer = line(1),
): tf.Sequential => {
  const model = chain([layer]);
  model.compile({ optimizer: tf.train.sgd(0.01), loss: loss as string });
  return model;
};

describe("functions that TensorFlow.js wraps around the program's", () => {
  sameBothWays("a loss by tf.customGrad", async (observations) => {
    let factor = 1;
    const loss = tf.customGrad((...parameters) => {
      observations.call("loss");
      const [y, p] = parameters as [tf.Tensor, tf.Tensor];
      const save = parameters[2] as unknown as (tensors: tf.Tensor[]) => void;
      save([y, p]);
      return {
        value: tf.mul(tf.mean(tf.squaredDifference(y, p)), factor),
        gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => [
          tf.zerosLike(saved[0]!),
          tf.mul(tf.sub(saved[1]!, saved[0]!), tf.mul(dy as tf.Tensor, factor)),
        ],
      };
    });
    const model = compiled(loss);
    observations.see("losses", await trainOn(model, one(2), one(5), 4));
    factor = 10;
    observations.see("losses", await trainOn(model, one(2), one(5), 3));
  });

  sameBothWays("a regularizer given to addWeight", async (observations) => {
    let factor = 1;
    const layer = line(1);
    const model = compiled(squares, layer);
    const regularizer = {
      apply: (weight: tf.Tensor) => {
        observations.call("penalty");
        return tf.mul<tf.Scalar>(tf.sum(weight), factor);
      },
    };
    const { addWeight } = layer as unknown as {
      addWeight(...all: unknown[]): unknown;
    };
    const ones = tf.initializers.ones();
    addWeight.call(layer, "extra", [1], "float32", ones, regularizer, true);
    observations.see("losses", await trainOn(model, one(1), one(2), 4));
    factor = 5;
    observations.see("losses", await trainOn(model, one(1), one(2), 3));
  });

  sameBothWays(
    "a regularizer whose field was emptied",
    async (observations) => {
      const regularizer = tf.regularizers.l2({ l2: 0.1 });
      const layer = line(2, { kernelRegularizer: regularizer });
      const model = compiled("meanSquaredError", layer);
      (layer as unknown as Record<string, unknown>)["kernelRegularizer"] = null;
      observations.see("losses", await trainOn(model, one(1), one(2), 4));
      Object.assign(regularizer, { l2: 3 });
      observations.see("losses", await trainOn(model, one(1), one(2), 3));
    },
  );
});

describe("non-enumerable fields and methods", () => {
  const hide = (owner: object, name: string, value: unknown) =>
    Object.defineProperty(owner, name, { value, configurable: true });

  sameBothWays("call, not enumerable, set later", (observations) => {
    const layer = line(1);
    const model = chain([layer]);
    for (let time = 0; time < 6; time += 1) {
      if (time === 4) {
        const call = layer.call.bind(layer);
        hide(layer, "call", (inputs: tf.Tensor, options: object) =>
          tf.mul(call(inputs, options as never) as tf.Tensor, 10),
        );
      }
      observations.see("output", predict(model, one(1)));
    }
  });

  sameBothWays("an accessor on a prototype", (observations) => {
    const layer = tf.layers.leakyReLU({ alpha: 0.1 });
    const model = chain([layer]);
    const prototype = Object.getPrototypeOf(layer) as object;
    let slope = 0.1;
    observations.see("output", predict(model, one(-1)));
    observations.see("output", predict(model, one(-1)));
    delete (layer as unknown as { alpha?: number }).alpha;
    Object.defineProperty(prototype, "alpha", {
      get: () => slope,
      set: () => undefined,
      configurable: true,
    });
    observations.afterwards(() => {
      delete (prototype as { alpha?: number }).alpha;
    });
    for (slope of [0.1, 0.1, 0.1, 0.5]) {
      observations.see("output", predict(model, one(-1)));
    }
  });

  sameBothWays(
    "a learning rate that counts its reads",
    async (observations) => {
      const optimizer = tf.train.adam(0.1);
      let reads = 0;
      Object.defineProperty(optimizer, "learningRate", {
        get: () => 0.1 / (reads += 1),
        set: () => undefined,
      });
      const model = chain([line(1)]);
      model.compile({ optimizer, loss: "meanSquaredError" });
      observations.see("losses", await trainOn(model, one(1), one(5), 6));
      observations.see("weights", weightsOf(model));
    },
  );

  sameBothWays("a layer behind a proxy", (observations) => {
    let factor = 1;
    const layer = new Proxy(line(1), {
      get: (target, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (name !== "call") {
          return typeof value === "function"
            ? (value.bind(target) as unknown)
            : value;
        }
        return (inputs: tf.Tensor, options: object) =>
          tf.mul(target.call(inputs, options as never) as tf.Tensor, factor);
      },
    });
    const model = chain([layer]);
    for (let time = 0; time < 6; time += 1) {
      if (time === 4) factor = 10;
      observations.see("output", predict(model, one(1)));
    }
  });

  sameBothWays(
    "applyGradients of the library's own class",
    async (observations) => {
      const optimizer = keras.adam({ learningRate: 0.1 });
      const prototype = Object.getPrototypeOf(
        Object.getPrototypeOf(optimizer),
      ) as tf.Optimizer;
      const { applyGradients } = prototype;
      prototype.applyGradients = function (this: tf.Optimizer, gradients) {
        observations.call("applyGradients");
        applyGradients.call(this, gradients);
      };
      observations.afterwards(() => {
        prototype.applyGradients = applyGradients;
      });
      const model = chain([line(1)]);
      model.compile({ optimizer, loss: "meanSquaredError" });
      observations.see("losses", await trainOn(model, one(1), one(5), 6));
    },
  );

  sameBothWays("assign of variables", async (observations) => {
    const prototype = tf.Variable.prototype;
    const { assign } = prototype;
    const model = compiled();
    observations.see("losses", await trainOn(model, one(1), one(5), 3));
    prototype.assign = function <Rank extends tf.Rank>(
      this: tf.Variable,
      value: tf.Tensor<Rank>,
    ) {
      observations.call("assign");
      assign.call(
        this,
        tf.tidy(() => tf.clipByValue(value, -1, 1)),
      );
    };
    observations.afterwards(() => {
      prototype.assign = assign;
    });
    observations.see("losses", await trainOn(model, one(1), one(5), 4));
    observations.see("weights", weightsOf(model));
  });
});

describe("objects in fields", () => {
  test("a long chain of objects in a layer's field, and a getter that throws", () => {
    const layer = line(1) as tf.layers.Layer & Record<string, unknown>;
    let list: object = {};
    for (let length = 0; length < 50_000; length += 1) list = { next: list };
    layer["list"] = list;
    const other = line(2) as tf.layers.Layer & Record<string, unknown>;
    Object.defineProperty(other, "lazy", {
      enumerable: true,
      get: () => {
        throw new Error("never asked");
      },
    });
    const model = chain([layer, other]);
    for (let time = 0; time < 4; time += 1) {
      assert.deepEqual([...predict(model, one(3)).dataSync()], [6]);
    }
  });
});

describe("steps that fail in TensorFlow", () => {
  sameBothWays(
    "a metric's index out of range leaves the weights",
    async (observations) => {
      let index = 0;
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: "meanSquaredError",
        metrics: [
          function picked(_: tf.Tensor, p: tf.Tensor) {
            return tf.mean(tf.gather(p, tf.tensor1d([index], "int32")));
          },
        ],
      });
      for (let step = 0; step < 7; step += 1) {
        index = step === 4 ? 7 : 0;
        await observations.seeOutcome("step", () =>
          trainOn(model, one(1), one(5), 1),
        );
        observations.see("weights", weightsOf(model));
      }
    },
  );
});

describe("attributes and inputs", () => {
  sameBothWays("slopes of Infinity, NaN and −Infinity", (observations) => {
    const layer = line(1);
    const { call } = layer;
    layer.call = (inputs, options) => {
      const x = call.call(layer, inputs, options) as tf.Tensor;
      return tf.concat(
        [Infinity, NaN, -Infinity].map((slope) => tf.leakyRelu(x, slope)),
        1,
      );
    };
    const model = chain([layer]);
    for (let time = 0; time < 4; time += 1) {
      observations.see("output", predict(model, one(-2)).toString());
    }
  });

  sameBothWays(
    "labels that are the model's own weight",
    async (observations) => {
      const model = compiled();
      const [weight] = model.getWeights();
      for (let step = 0; step < 5; step += 1) {
        observations.see("loss", await trainOn(model, one(2), weight!, 1));
        observations.see("weight", weight);
      }
    },
  );

  sameBothWays("two variables that are swapped", async (observations) => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
    const model = compiled((y: tf.Tensor, p: tf.Tensor) => {
      const [oldA, oldB] = [tf.add(a, 0), tf.add(b, 0)];
      a.assign(oldB as tf.Scalar);
      b.assign(oldA as tf.Scalar);
      return tf.mul(squares(y, p), oldA);
    });
    for (let step = 0; step < 6; step += 1) {
      observations.see("loss", await trainOn(model, one(1), one(2), 1));
      observations.see("pair", [a, b]);
    }
  });

  sameBothWays(
    "a tensor that was disposed of and is used again",
    async (observations) => {
      let early = false;
      const layer = line(1);
      const { call } = layer;
      layer.call = (inputs, options) => {
        const x = call.call(layer, inputs, options) as tf.Tensor;
        const double = tf.mul(x, 2);
        const six = tf.mul(double, 3);
        if (early) double.dispose();
        return tf.add(six, double);
      };
      const model = chain([layer]);
      for (let time = 0; time < 6; time += 1) {
        early = time === 4;
        await observations.seeOutcome("predict", () =>
          predict(model, one(1)).dataSync(),
        );
      }
    },
  );
});

describe("wrappers set by the program", () => {
  sameBothWays("a method of the backend", (observations) => {
    const backend = tf.backend() as unknown as {
      executeSingleOutput?: (...all: unknown[]) => unknown;
    };
    const execute = backend.executeSingleOutput!;
    const model = chain([line(1)]);
    for (let time = 0; time < 3; time += 1) predict(model, one(1));
    let uses = 0;
    backend.executeSingleOutput = function (...all) {
      uses += 1;
      return execute.apply(backend, all);
    };
    observations.afterwards(() => {
      delete backend.executeSingleOutput;
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    model.evaluate(one(1), one(1));
    const before = uses;
    tf.square(tf.scalar(2));
    observations.see("uses of one operation", uses - before);
  });

  sameBothWays(
    "stopTraining before an epoch's first batch",
    async (observations) => {
      const model = compiled();
      let epochs = 0;
      await model.fit(tf.ones([64, 1]), tf.ones([64, 1]), {
        epochs: 30,
        batchSize: 4,
        verbose: 0,
        callbacks: {
          onEpochBegin: async () => {
            if ((epochs += 1) === 20) model.stopTraining = true;
          },
        },
      });
      observations.see("steps", model.optimizer.iterations);
    },
  );
});
