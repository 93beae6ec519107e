/**
 * The compiled steps of one model.
 *
 * A model has a training, an evaluation and a prediction step. Each exists in two forms: for given
 * batches and, *gathered*, for all data together with the indices of a batch's samples. The latter
 * are gathered inside the graph.
 */
import type { tf } from "../tfjs/library";
import { CompiledStep } from "../functions/compiled-step";
import type { StepInputs } from "../functions/step-definition";
import { drawsAtRandom } from "../layers/install";
import {
  RandomStream,
  withStepKey,
  type StreamState,
} from "../layers/randomness";
import { gather } from "../operations/gather";
import { fuse } from "../optimizers/fuse";
import { compileNatively } from "../native/compile";
import { runtime } from "../engine-runtime";
import { ModelParts } from "../parts/model-parts";
import type { ModelInternals, TfjsStep } from "../tfjs/model-internals";
import { fieldsOfEvaluation, fieldsOfTraining } from "../tfjs/part-fields";
import { explainLoss, explainTracedLoss } from "./explain-loss";

/**
 * The methods of tfjs that create a model's steps, as they were before the engine was installed.
 */
export interface StockSteps {
  train(model: ModelInternals): TfjsStep;
  test(model: ModelInternals): TfjsStep;
  predict(
    model: ModelInternals,
    inputs: tf.Tensor[],
    samples: number,
  ): tf.Tensor[];
}

/** The kind of a model's step. */
export type Activity = "training" | "evaluation" | "prediction";

/** Fields of a model that do not affect a step. */
const unused: Record<Activity, ReadonlySet<string>> = {
  training: new Set<string>(),
  evaluation: new Set(fieldsOfTraining),
  prediction: new Set([...fieldsOfTraining, ...fieldsOfEvaluation]),
};

/** The steps of one model. */
export class ModelSteps {
  readonly train: CompiledStep;
  readonly trainGathered: CompiledStep;
  readonly test: CompiledStep;
  readonly testGathered: CompiledStep;
  readonly predict: CompiledStep;
  readonly predictGathered: CompiledStep;
  readonly #model: ModelInternals;
  readonly #stream = new RandomStream();

  constructor(model: ModelInternals, stock: StockSteps) {
    this.#model = model;
    const train = this.#withKey((data) =>
      stock.train(model)(data as tf.Tensor[]),
    );
    const optimizer = () => model.optimizer_;
    const explain =
      (run: (inputs: StepInputs) => readonly tf.Tensor[]) =>
      (inputs: StepInputs) =>
        explainLoss(model, () => run(inputs));
    const compiled = (
      activity: Activity,
      run: (inputs: StepInputs) => readonly tf.Tensor[],
      trains = false,
      perStep?: () => readonly number[],
    ) =>
      new CompiledStep({
        activity,
        run,
        compile: (recording, options) =>
          compileNatively(recording, options, perStep !== undefined),
        mode: () => runtime.mode,
        parts: () =>
          new ModelParts({
            model,
            unused: unused[activity],
            fused: trains && fuse(optimizer()) ? optimizer() : undefined,
          }),
        ...(trains
          ? {
              optimizer,
              explainLoss: explain(run),
              explainTraced: (inputs, step) =>
                explainTracedLoss(model, inputs, step),
            }
          : {}),
        ...(perStep ? { perStep } : {}),
      });
    const test = (data: StepInputs) => stock.test(model)(data as tf.Tensor[]);
    const predict = (data: StepInputs) => {
      const inputs = data as tf.Tensor[];
      return stock.predict(model, inputs, inputs[0]!.shape[0]);
    };
    this.train = compiled("training", train, true);
    this.trainGathered = compiled(
      "training",
      this.#withKey((inputs) => stock.train(model)(pickSamples(inputs))),
      true,
      // The random key, if there is one, and the indices of the samples.
      () => (this.#isRandom ? [0, 1] : [0]),
    );
    this.test = compiled("evaluation", test);
    this.testGathered = compiled(
      "evaluation",
      (all) => test(pickSamples(all)),
      false,
      () => [0],
    );
    this.predict = compiled("prediction", predict);
    this.predictGathered = compiled(
      "prediction",
      (all) => predict(pickSamples(all)),
      false,
      () => [0],
    );
  }

  /** Whether layers currently draw random values; a dropout's rate may change. */
  get #isRandom(): boolean {
    return this.#model.layers.some(drawsAtRandom);
  }

  /**
   * Returns the inputs of the next training step: the random key, if any layer needs it, then the
   * data.
   */
  trainingInputs(data: StepInputs): StepInputs {
    return this.#isRandom ? [this.#stream.next(), ...data] : data;
  }

  /** Begins a run of training: random values are drawn from a new seed. */
  beginRun(): void {
    this.#stream.beginRun();
  }

  /** Where the random values of the training steps are. */
  get randomState(): StreamState {
    return this.#stream.state;
  }

  set randomState(state: StreamState) {
    this.#stream.state = state;
  }

  /** Requests an explanation for the next loss that is not finite. */
  watchLoss(): void {
    this.train.watchLoss();
    this.trainGathered.watchLoss();
  }

  /**
   * Sets whether a loss that is not finite ends the run, as {@link
   * CompiledStep.stopAtNonFiniteLoss}.
   */
  stopAtNonFiniteLoss(stops: boolean): void {
    this.train.stopAtNonFiniteLoss(stops);
    this.trainGathered.stopAtNonFiniteLoss(stops);
  }

  /** Disposes of all programs; values held only by them are copied to tfjs first. */
  dispose(): void {
    this.train.dispose();
    this.trainGathered.dispose();
    this.test.dispose();
    this.testGathered.dispose();
    this.predict.dispose();
    this.predictGathered.dispose();
  }

  #withKey(run: (inputs: StepInputs) => readonly tf.Tensor[]) {
    return (inputs: StepInputs) => {
      if (!this.#isRandom) return run(inputs);
      const [key, ...data] = inputs;
      return withStepKey(key as tf.Tensor1D, () => run(data));
    };
  }
}

/** Gathers the samples with the indices in the first input from each of the others. */
function pickSamples([samples, ...data]: StepInputs): tf.Tensor[] {
  return data.map((whole) =>
    whole == null ? whole : gather(whole, samples!),
  ) as tf.Tensor[];
}
