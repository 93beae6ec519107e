/**
 * Custom code of random programs, by kind: layers, losses, metrics, parts of layers and optimizers,
 * with counters, coin flips and variables.
 */
import { tf } from "../../../src/engine";
import { ownPart } from "../cases/own-parts";
import type { Observations } from "../cases/observations";
import { first, OwnLayer, squares } from "../cases/small-models";
import type { OptimizerPlan } from "./plan";

type LossFunction = (y: tf.Tensor, p: tf.Tensor) => tf.Tensor;
type Does = (x: tf.Tensor, layer: OwnFuzzLayer) => tf.Tensor;

/** State shared by the custom code of one run. */
export class OwnCode {
  /** A number that actions change. */
  number = 1;
  /** A variable that actions assign. */
  readonly variable = tf.variable(tf.scalar(0.5), false);
  readonly sum = tf.variable(tf.scalar(0), false);
  before: tf.Tensor | undefined;

  constructor(readonly observations: Observations) {}

  count(name: string): number {
    return this.observations.call(name);
  }
}

/** A custom layer with a field, and weights that it may write. */
export class OwnFuzzLayer extends OwnLayer {
  static readonly className = "FuzzLayer";
  factor = 1;
  scale!: tf.LayerVariable;
  seen!: tf.LayerVariable;

  constructor(
    readonly kind: string,
    readonly code: OwnCode,
    name: string,
  ) {
    super({ name });
  }

  override build(): void {
    const { constant } = tf.initializers;
    const start = constant({ value: 0.9 });
    this.scale = this.addWeight("scale", [1], "float32", start);
    const zero = constant({ value: 0 });
    const none = undefined;
    this.seen = this.addWeight("seen", [1], "float32", zero, none, false);
    this.built = true;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    options: { training?: boolean },
  ): tf.Tensor {
    this.code.count(`layer ${this.kind}`);
    return tf.tidy(() => {
      const scaled = tf.mul(first(inputs), this.scale.read());
      if (this.kind === "onlyTraining" && !options.training) return scaled;
      return layers[this.kind]!(scaled, this);
    });
  }
}

const layers: Record<string, Does> = {
  plain: (x) => tf.softplus(x),
  counter: (x, { code, kind }) =>
    code.count(`steps of ${kind}`) % 3 === 0 ? tf.neg(x) : x,
  warmUp: (x, { code, kind }) =>
    code.count(`steps of ${kind}`) > 4 ? tf.mul(x, 1.5) : x,
  coin: (x) => (Math.random() < 0.5 ? x : tf.mul(x, 0.5)),
  onlyTraining: (x) => (Math.random() < 0.3 ? tf.mul(x, 0.5) : x),
  drawnFactor: (x) => tf.mul(x, 0.5 + Math.random()),
  field: (x, { factor }) => tf.mul(x, factor),
  closure: (x, { code }) => tf.mul(x, code.number),
  variable: (x, { code }) => tf.add(x, code.variable),
  clips: (x, layer) => {
    layer.scale.write(tf.clipByValue(layer.scale.read(), -0.8, 0.8));
    return tf.mul(x, layer.scale.read());
  },
  counts: (x, layer) => {
    layer.seen.write(tf.add(layer.seen.read(), 1));
    return tf.add(x, tf.div(layer.seen.read(), 100));
  },
  straightThrough: (x) =>
    tf.customGrad((value) => ({
      value: tf.sign(value as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => dy,
    }))(x),
  readsNumbers: (x) =>
    tf.mean(x).dataSync<"float32">()[0]! > 0.1 ? tf.mul(x, 0.9) : x,
};

export const layerKinds = Object.keys(layers);

const losses: Record<string, (code: OwnCode) => LossFunction> = {
  plain: () => squares,
  counter: (code) => (y, p) =>
    code.count("steps of the loss") % 4 === 0
      ? tf.add(squares(y, p), tf.mean(tf.abs(p)))
      : squares(y, p),
  coin: () => (y, p) =>
    Math.random() < 0.4 ? tf.mean(tf.abs(tf.sub(y, p))) : squares(y, p),
  closure: (code) => (y, p) => tf.mul(squares(y, p), code.number),
  variable: (code) => (y, p) =>
    tf.add(squares(y, p), tf.mul(tf.mean(tf.abs(p)), code.variable)),
  assigns: (code) => (y, p) => {
    const loss = squares(y, p);
    code.sum.assign(
      tf.add<tf.Scalar>(tf.mul(code.sum, 0.5), tf.mul(loss, 0.5)),
    );
    return tf.add(loss, tf.mul(code.sum, 0.1));
  },
  previous: (code) => (y, p) => {
    const { before } = code;
    code.before = tf.keep(p.clone());
    const fits = before !== undefined && before.size === p.size;
    const loss = fits
      ? tf.add(squares(y, p), squares(before, p))
      : squares(y, p);
    before?.dispose();
    return loss;
  },
  readsNumbers: () => (y, p) => {
    const loss = squares(y, p);
    return loss.dataSync<"float32">()[0]! > 0.5 ? tf.mul(loss, 0.5) : loss;
  },
  leavesOut: () => (y, p) => {
    const row = Math.floor(Math.random() * p.shape[0]);
    return squares(tf.gather(y, [row]), tf.gather(p, [row]));
  },
};

export const lossKinds = Object.keys(losses);

/** A custom loss that counts its calls. */
export function ownLoss(kind: string, code: OwnCode): LossFunction {
  const loss = losses[kind]!(code);
  return (y, p) => {
    code.count("loss");
    return tf.tidy(() => loss(y, p));
  };
}

const metrics: Record<string, (code: OwnCode) => LossFunction> = {
  plain: () => (y, p) => tf.mean(tf.abs(tf.sub(y, p))),
  counter: (code) => () => tf.scalar(code.count("steps of the metric") / 10),
  coin: () => (_, p) => (Math.random() < 0.5 ? tf.max(p) : tf.min(p)),
  closure: (code) => (_, p) => tf.mul(tf.mean(p), code.number),
  sums: (code) => (_, p) => {
    code.sum.assign(tf.add<tf.Scalar>(code.sum, tf.mean(p)));
    return tf.mul(code.sum, 1);
  },
};

export const metricKinds = Object.keys(metrics);

/** A custom metric that counts its calls. */
export function ownMetric(kind: string, code: OwnCode): LossFunction {
  const metric = metrics[kind]!(code);
  return (y, p) => {
    code.count("metric");
    return tf.tidy(() => metric(y, p));
  };
}

/** A custom part of a layer. */
export function ownLayerPart(place: string, code: OwnCode): never {
  if (place === "activation") {
    return ownPart("activation", (x) => {
      code.count("activation");
      return tf.mul(tf.tanh(x), code.number);
    });
  }
  if (place === "kernelRegularizer") {
    return ownPart("regularizer", (w) => {
      const factor = code.count("regularizer") % 2 === 0 ? 0.01 : 0.02;
      return tf.mul(tf.sum(tf.square(w)), factor);
    });
  }
  return ownPart("constraint", (w) => {
    code.count("constraint");
    return tf.clipByValue(w, -0.4, 0.4);
  });
}

type Gradients = tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[];

const named = (gradients: Gradients): [string, tf.Tensor][] =>
  Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor])
    : Object.entries(gradients);

class OwnDescent extends tf.SGDOptimizer {
  static override readonly className = "FuzzDescent";
  code: OwnCode | undefined;

  override applyGradients(gradients: Gradients): void {
    const step = this.code!.count("applyGradients");
    const changed = named(gradients).map(
      ([name, tensor]) =>
        [name, step % 3 === 0 ? tf.sign(tensor) : tensor] as const,
    );
    super.applyGradients(Object.fromEntries(changed));
  }
}

const ownOptimizers: Record<
  string,
  (stock: tf.Optimizer, code: OwnCode) => tf.Optimizer
> = {
  subclass: (_, code) => {
    const optimizer = new OwnDescent(0.01);
    optimizer.code = code;
    return optimizer;
  },
  everySecondStep: (stock, code) => {
    const { applyGradients } = stock;
    stock.applyGradients = (gradients: Gradients) => {
      if (code.count("applyGradients") % 2 === 0) {
        applyGradients.call(stock, gradients as never);
      }
    };
    return stock;
  },
  warmUp: (stock, code) => {
    const { minimize } = stock;
    stock.minimize = (...all) => {
      const step = code.count("minimize");
      const rate = 0.002 * Math.min(step, 5);
      Object.assign(stock, { learningRate: rate });
      return minimize.apply(stock, all);
    };
    return stock;
  },
  clips: (stock, code) => {
    const { computeGradients } = stock;
    stock.computeGradients = (f, variables) => {
      code.count("computeGradients");
      const { value, grads } = computeGradients.call(stock, f, variables);
      const clipped = Object.entries(grads).map(
        ([name, each]) => [name, tf.clipByValue(each, -0.1, 0.1)] as const,
      );
      return { value, grads: Object.fromEntries(clipped) };
    };
    return stock;
  },
};

export const ownOptimizerKinds = Object.keys(ownOptimizers);

/** Creates the optimizer of a plan. */
export function makeOptimizer(
  { kind, parameters, own }: OptimizerPlan,
  code: OwnCode,
): tf.Optimizer {
  const make = tf.train[kind as "sgd"] as (
    ...all: readonly unknown[]
  ) => tf.Optimizer;
  const stock = make(...parameters);
  return own === undefined ? stock : ownOptimizers[own]!(stock, code);
}
