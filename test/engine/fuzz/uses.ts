/**
 * Uses of a model in random programs: training, evaluation and prediction, and the callbacks of a
 * fit.
 */
import { tf } from "../../../src/engine";
import type { Action, CallbackPlan } from "./plan";
import type { ProgramRun } from "./program-run";
import type { Subject } from "./subject";

type Uses = (run: ProgramRun, subject: Subject, action: Action) => unknown;

const oneOrAll = <Each>(all: Each[]): Each | Each[] =>
  all.length === 1 ? all[0]! : all;

/** Actions that train, evaluate or predict. */
export const uses: Readonly<Record<string, Uses>> = {
  fit: async (run, subject, action) => {
    const { data, validation, validationSplit, classWeight } = action;
    const { model, compiled } = subject;
    const { batchSize, epochs, shuffle, verbose } = action;
    const { history } = await model.fit(
      oneOrAll(run.data.inputs(data!)),
      oneOrAll(run.data.labels(data!, compiled)),
      {
        batchSize: batchSize!,
        epochs: epochs!,
        shuffle: shuffle!,
        verbose: verbose!,
        ...(validation && {
          validationData: [
            oneOrAll(run.data.inputs(validation)),
            oneOrAll(run.data.labels(validation, compiled)),
          ] as [tf.Tensor, tf.Tensor],
        }),
        ...(validationSplit && { validationSplit }),
        ...(classWeight && { classWeight: { 0: 1, 1: 2, 2: 0.5 } }),
        ...callbacksOf(run, subject, action.callback),
      },
    );
    run.observations.see("history", history);
  },

  fitDataset: async (run, subject, action) => {
    const { data, batchSize = 2, epochs, verbose } = action;
    const x = run.data.inputs(data!);
    const y = run.data.labels(data!, subject.compiled);
    const { rows } = data!;
    function* batches() {
      for (let begin = 0; begin < rows; begin += batchSize) {
        const size = Math.min(batchSize, rows - begin);
        const slices = new Map<tf.Tensor, tf.Tensor>();
        const part = (whole: tf.Tensor) => {
          const known = slices.get(whole);
          if (known !== undefined) return known;
          const rest = whole.shape.slice(1);
          const made = tf.slice(
            whole,
            [begin, ...rest.map(() => 0)],
            [size, ...rest],
          );
          slices.set(whole, made);
          return made;
        };
        yield { xs: oneOrAll(x.map(part)), ys: oneOrAll(y.map(part)) };
      }
    }
    const dataset = tf.data.generator(batches as never);
    const { history } = await subject.model.fitDataset(dataset, {
      epochs: epochs!,
      verbose: verbose!,
      ...callbacksOf(run, subject, action.callback),
    });
    run.observations.see("history", history);
  },

  trainOnBatch: async (run, { model, compiled }, { data, times = 1 }) => {
    const x = oneOrAll(run.data.inputs(data!));
    const y = oneOrAll(run.data.labels(data!, compiled));
    for (let time = 0; time < times; time += 1) {
      run.observations.see("losses", await model.trainOnBatch(x, y));
    }
  },

  evaluate: (run, { model, compiled }, { data, batchSize, times = 1 }) => {
    const x = oneOrAll(run.data.inputs(data!));
    const y = oneOrAll(run.data.labels(data!, compiled));
    for (let time = 0; time < times; time += 1) {
      const options = { batchSize: batchSize! };
      run.observations.see("score", model.evaluate(x, y, options));
    }
  },

  predict: (run, { model }, { data, batchSize, times = 1 }) => {
    const x = oneOrAll(run.data.inputs(data!));
    for (let time = 0; time < times; time += 1) {
      const options = { batchSize: batchSize! };
      run.observations.see("output", model.predict(x, options));
    }
  },

  predictOnBatch: (run, { model }, { data, times = 1 }) => {
    const x = oneOrAll(run.data.inputs(data!));
    for (let time = 0; time < times; time += 1) {
      run.observations.see("output", model.predictOnBatch(x));
    }
  },
};

/** Returns the callback of a plan, an object or an instance of a class. */
function callbacksOf(
  run: ProgramRun,
  subject: Subject,
  plan: CallbackPlan | undefined,
): { callbacks?: never } {
  if (plan === undefined) return {};
  const { event, after, action, kind } = plan;
  let seen = 0;
  const react = async (count: number, logs?: object) => {
    seen += 1;
    run.observations.see(event, [count, logs ?? {}]);
    if (seen !== after) return;
    // TensorFlow.js does not allow another number of metrics in the middle of a fit.
    const { metrics } = subject.compiled;
    const compile = action.compile && { ...action.compile, metrics };
    await run.act({
      ...action,
      on: run.nameOf(subject),
      ...(compile && { compile }),
    });
  };
  if (kind === "object") return { callbacks: { [event]: react } as never };
  class Own extends tf.CustomCallback {}
  class OwnBase extends tf.Callback {}
  const callback = kind === "Callback" ? new OwnBase() : new Own({});
  // As if the class overrode the method.
  Object.defineProperty(Object.getPrototypeOf(callback), event, {
    value: react,
    writable: true,
    configurable: true,
  });
  return { callbacks: [callback] as never };
}
