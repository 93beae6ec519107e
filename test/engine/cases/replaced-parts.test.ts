/**
 * Tests parts of layers, models and optimizers replaced by a program, before and after a model was
 * used. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import { inside, replace, type Inside } from "./replacement";
import { ownPart } from "./own-parts";
import type { Observations } from "./observations";
import {
  chain,
  line,
  one,
  pair,
  predict,
  squares,
  trainOn,
  weightsOf,
} from "./small-models";

type Call = tf.layers.Layer["call"];

/** A layer's call whose output is multiplied by ten. */
function tenfold(call: Call, observations: Observations): Call {
  return function (this: tf.layers.Layer, inputs, options) {
    observations.call("call");
    return tf.mul(call.call(this, inputs, options) as tf.Tensor, 10);
  };
}

const replacements: Record<
  string,
  (
    layers: readonly tf.layers.Layer[],
    observations: Observations,
    model: tf.LayersModel,
  ) => void
> = {
  "call of an instance": ([layer], observations) => {
    layer!.call = tenfold(layer!.call, observations);
  },
  "call of the class": ([layer], observations) => {
    const prototype = Object.getPrototypeOf(layer) as { call: Call };
    const call = tenfold(prototype.call, observations);
    replace(observations, prototype, "call", call);
  },
  "call of the instance's own prototype": ([layer], observations) => {
    const prototype = Object.getPrototypeOf(layer) as { call: Call };
    const call = tenfold(prototype.call, observations);
    Object.setPrototypeOf(
      layer,
      Object.create(prototype, {
        call: { value: call },
      }) as object,
    );
  },
  "apply of an instance": ([layer], observations) => {
    const { apply } = layer!;
    layer!.apply = (inputs: tf.Tensor, options: object) => {
      observations.call("apply");
      return tf.mul(apply.call(layer, inputs, options) as tf.Tensor, 10);
    };
  },
  "a call hook": ([, layer], observations) =>
    layer!.setCallHook(() => void observations.call("hook")),
  "a call hook, removed again": ([, layer], observations) => {
    layer!.setCallHook(() => void observations.call("hook"));
    layer!.clearCallHook();
  },
  "an activation by another": ([layer]) => {
    const { activation } = inside(
      tf.layers.activation({ activation: "softplus" }),
    );
    inside(layer!)["activation"] = activation;
  },
  "an activation by a custom one": ([layer], observations) => {
    inside(layer!)["activation"] = ownPart("activation", (x) => {
      observations.call("activation");
      return tf.mul(x, 7);
    });
  },
  "apply of the activation's class": ([layer], observations) => {
    const activation = inside(layer!)["activation"] as object;
    const apply = (x: tf.Tensor) => {
      observations.call("activation");
      return tf.mul(x, 7);
    };
    replace(observations, Object.getPrototypeOf(activation), "apply", apply);
  },
  "a kernel by another layer's": ([layer, other]) => {
    inside(other!)["kernel"] = inside(layer!)["kernel"];
  },
  "a kernel by a new variable": ([layer]) => {
    inside(layer!)["kernel"] = { read: () => one(5) };
  },
  "read of a weight": ([layer], observations) => {
    const [weight] = layer!.weights;
    const { read } = weight!;
    weight!.read = () => {
      observations.call("read");
      return tf.mul(read.call(weight), 3);
    };
  },
  "call of the model": (_, observations, model) => {
    const { call } = model;
    const functional = model as unknown as { model?: tf.LayersModel };
    const target = functional.model ?? model;
    target.call = (inputs, options) => {
      observations.call("call");
      return tf.mul(call.call(model, inputs, options) as tf.Tensor, 2);
    };
  },
  "a layer's inbound nodes, by a layer that replaces it": ([layer]) => {
    for (const node of layer!.inboundNodes) {
      inside(node)["outboundLayer"] = Object.assign(line(9), {});
    }
  },
};

describe("after a model was used, while it predicts and trains", () => {
  for (const [name, change] of Object.entries(replacements)) {
    sameBothWays(name, async (observations) => {
      const layers = [line(1), line(3)];
      const model = chain(layers);
      model.compile({ optimizer: tf.train.sgd(0.001), loss: squares });
      for (let time = 0; time < 3; time += 1) {
        observations.see("before", predict(model, one(1)));
        observations.see("losses", await trainOn(model, one(1), one(2), 1));
        observations.see("score", model.evaluate(one(1), one(2)));
      }
      change(layers, observations, model);
      for (let time = 0; time < 3; time += 1) {
        await observations.seeOutcome("predict", () =>
          observations.see("after", predict(model, one(1))),
        );
        await observations.seeOutcome("train", async () =>
          observations.see("losses", await trainOn(model, one(1), one(2), 1)),
        );
        observations.see("score", model.evaluate(one(1), one(2)));
      }
      observations.see("weights", weightsOf(model));
    });
  }

  sameBothWays(
    "call replaced: ten times the output",
    (observations) => {
      const layers = [line(1), line(1)];
      const model = chain(layers);
      for (let time = 0; time < 2; time += 1) predict(model, one(1));
      layers[0]!.call = tenfold(layers[0]!.call, observations);
      observations.see("output", predict(model, one(1)));
    },
    { right: { output: [[10]] } },
  );
});

describe("parts of a compiled model", () => {
  const parts: Record<
    string,
    (model: Inside, observations: Observations) => void
  > = {
    "a loss in lossFunctions": (model, observations) => {
      const losses = model["lossFunctions"] as unknown[];
      losses[0] = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("loss");
        return tf.mean(tf.abs(tf.sub(y, p)), -1);
      };
    },
    "lossFunctions as a whole": (model) => {
      model["lossFunctions"] = [
        (y: tf.Tensor, p: tf.Tensor) => tf.mean(tf.abs(tf.sub(y, p)), -1),
      ];
    },
    "a metric in metricsTensors": (model, observations) => {
      const metrics = model["metricsTensors"] as [unknown, number][];
      metrics[0]![0] = (y: tf.Tensor) => {
        observations.call("metric");
        return tf.mean(tf.mul(y, 3));
      };
    },
    "the optimizer": (model) => {
      model["optimizer"] = tf.train.sgd(0.2);
    },
    "calculateLosses, a function of each layer": (model, observations) => {
      model["calculateLosses"] = () => {
        observations.call("losses");
        return [tf.scalar(5)];
      };
    },
  };
  for (const [name, change] of Object.entries(parts)) {
    sameBothWays(name, async (observations) => {
      const model = pair();
      model.compile({
        optimizer: tf.train.sgd(0.01),
        loss: "meanSquaredError",
        metrics: ["mae"],
      });
      const within = (model as unknown as { model?: Inside }).model;
      const x = tf.tensor2d([[1, 2]]);
      observations.see("losses", await trainOn(model, x, one(2), 4));
      observations.see("score", model.evaluate(x, one(2)));
      change(within ?? inside(model), observations);
      for (let step = 0; step < 4; step += 1) {
        observations.see("logs", await model.trainOnBatch(x, one(2)));
        observations.see("score", model.evaluate(x, one(2)));
      }
      observations.see("weights", weightsOf(model));
    });
  }
});
