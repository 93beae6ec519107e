/**
 * The actions of random programs on a model, by name.
 */
import { tf } from "../../../src/engine";
import { squares } from "../cases/small-models";
import { OwnFuzzLayer } from "./own-code";
import { setStartWeights } from "./model-builder";
import type { Action } from "./plan";
import type { ProgramRun } from "./program-run";
import type { Subject } from "./subject";
import { uses } from "./uses";

type Does = (run: ProgramRun, subject: Subject, action: Action) => unknown;

/** Whether TensorFlow.js cannot return the optimizer's state. */
export const isWithoutState = (optimizer: tf.Optimizer) =>
  optimizer.getClassName() === "Adamax";

/** All actions except training, evaluation and prediction, which are in uses.ts. */
export const actions: Readonly<Record<string, Does>> = {
  ...uses,

  stop: (_, { model }) => {
    model.stopTraining = true;
  },

  setWeights: ({ plan }, { model }, { which = 0 }) => {
    if (which % 3 === 0) setStartWeights(model, plan.seed + 7);
    const weights = model.getWeights();
    model.setWeights(
      which % 3 === 1 ? weights.map((each) => tf.mul(each, 0.7)) : weights,
    );
  },

  copyWithin: (_, { model }, { which = 0 }) => {
    const { weights } = model;
    const pairs = weights.flatMap((to, index) =>
      weights
        .slice(0, index)
        .filter(
          (from) =>
            from.shape.join() === to.shape.join() &&
            from.trainable === to.trainable,
        )
        .map((from) => [from, to] as const),
    );
    if (pairs.length === 0) return;
    const [from, to] = pairs[which % pairs.length]!;
    to.write(from.read());
  },

  copyToTwin: (run, { model }) =>
    run.subject("twin").model.setWeights(model.getWeights()),

  setOptimizer: (_, { model }, { field = "", value }) => {
    const { optimizer } = model;
    if ("setLearningRate" in optimizer && field === "learningRate") {
      (optimizer as tf.SGDOptimizer).setLearningRate(Number(value));
    } else if (field in optimizer) {
      Object.assign(optimizer, { [field]: value });
    }
  },

  setLayer: (_, subject, { field = "", value }) => {
    for (const layer of subject.layers()) {
      const { kernelRegularizer } = layer as { kernelRegularizer?: object };
      const owners = [layer, kernelRegularizer ?? {}];
      for (const owner of owners) {
        const fields = owner as Record<string, unknown>;
        if (typeof fields[field] === typeof value) fields[field] = value;
      }
    }
  },

  setTrainable: (_, subject, { which = 0, value, times }) => {
    const layers = subject.model.layers;
    layers[which % layers.length]!.trainable = value === true;
    if (times === 1) subject.compile();
  },

  saveOptimizer: async (_, subject) => {
    if (isWithoutState(subject.model.optimizer)) return;
    const weights = await subject.model.optimizer.getWeights();
    subject.savedState = weights.map(({ name, tensor }) => ({
      name,
      tensor: tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype),
    }));
  },

  restoreOptimizer: async (_, { model, savedState }) => {
    if (isWithoutState(model.optimizer)) return;
    if (savedState === undefined) {
      const weights = await model.optimizer.getWeights();
      await model.optimizer.setWeights(
        weights.map(({ name, tensor }, index) => ({
          name,
          tensor: index === 0 ? tensor.clone() : tf.zerosLike(tensor),
        })),
      );
      return;
    }
    await model.optimizer.setWeights(
      savedState.map(({ name, tensor }) => ({ name, tensor: tensor.clone() })),
    );
  },

  compile: (_, subject, { compile }) => subject.compile(compile),

  saveAndLoad: async (run, subject, { which = 0 }) => {
    if (run.hasOwnCode) return;
    let saved: Parameters<typeof tf.io.fromMemory>[0] | undefined;
    const includeOptimizer = which % 2 === 0;
    await subject.model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0) } } as never;
      }),
      { includeOptimizer },
    );
    subject.model = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    if (!includeOptimizer) subject.compile();
  },

  minimize: (run, { model, compiled }, { data, times = 1 }) => {
    const [x, y] = [run.data.inputs(data!), run.data.labels(data!, compiled)];
    const optimizer = tf.train.sgd(0.01);
    for (let time = 0; time < times; time += 1) {
      const loss = optimizer.minimize(() => {
        const inputs = x.length === 1 ? x[0]! : x;
        const output = model.apply(inputs, { training: true });
        const [first] = [output].flat() as tf.Tensor[];
        const label = tf.cast(
          tf.reshape(y[0]!, [y[0]!.shape[0], -1]),
          "float32",
        );
        return squares(label, first!) as tf.Scalar;
      }, true);
      run.observations.see("minimize", loss!);
    }
  },

  ownNumber: ({ code }, _, { value }) => {
    code.number = Number(value);
  },

  ownVariable: ({ code }, _, { value }) =>
    code.variable.assign(tf.scalar(Number(value))),

  ownField: (_, subject, { value }) => {
    for (const layer of subject.layers()) {
      if (layer instanceof OwnFuzzLayer) layer.factor = Number(value);
    }
  },

  innerModel: (run, { model }, { which = 0 }) => {
    const layer = model.layers[which % model.layers.length]!;
    const inner = tf.model({
      inputs: model.inputs,
      outputs: layer.getOutputAt(0),
    });
    const { batch } = run.plan.model;
    const x = run.data.inputs({ set: 0, rows: batch ?? 4 });
    for (let time = 0; time < 3; time += 1) {
      run.observations.see(
        "inner",
        inner.predict(x.length === 1 ? x[0]! : x, { batchSize: batch ?? 32 }),
      );
    }
  },

  resetStates: (_, { model }) => model.resetStates(),

  replaceCall: ({ code }, { model }, { which = 0 }) => {
    const layers = model.layers.filter(
      (layer) => layer.getClassName() !== "InputLayer",
    );
    const layer = layers[which % layers.length]!;
    const { call } = layer;
    layer.call = (inputs, options) => {
      code.count("replaced call");
      const output = call.call(layer, inputs, options);
      return Array.isArray(output) ? output : tf.mul(output, 0.8);
    };
  },

  dispose: (run, { model }, { which = 0 }) => {
    const { layers } = model;
    if (which % 4 === 0) model.getWeights().at(-1)?.dispose();
    if (which % 4 === 1) model.optimizer.dispose();
    if (which % 4 === 2) run.data.dispose();
    if (which % 4 === 3) layers.at(-1)!.dispose();
  },
};
