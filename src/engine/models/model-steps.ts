/**
 * The compiled steps of one model.
 *
 * A model has a training step, a test step and a prediction. Each comes twice: for batches that are given, and, *gathered*, for
 * data that are given whole, with the numbers of the samples that make up the batch; those are picked inside the graph.
 */
import type { tf } from "../tfjs/library";
import { CompiledStep } from "../functions/compiled-step";
import type { StepInputs } from "../functions/step-definition";
import { drawsAtRandom } from "../layers/install";
import { RandomStream, withStepKey } from "../layers/randomness";
import { gather } from "../operations/gather";
import { fuse } from "../optimizers/fuse";
import { compileNatively } from "../native/compile";
import { engineMode } from "../mode";
import { ModelParts } from "../parts/model-parts";
import { explainLoss, explainTracedLoss } from "./explain-loss";
import type { ModelInsides, TfjsStep } from "./insides";

/** The methods of tfjs that make a model's steps, as they were before the engine came. */
export interface StockSteps {
  train(model: ModelInsides): TfjsStep;
  test(model: ModelInsides): TfjsStep;
  predict(
    model: ModelInsides,
    inputs: tf.Tensor[],
    samples: number,
  ): tf.Tensor[];
}

/** Fields of a model that prediction and evaluation have nothing to do with. */
const ofTraining = ["optimizer_", "collectedTrainableWeights"];
const ofEvaluation = [
  "loss",
  "lossFunctions",
  "feedLossFns",
  "feedOutputShapes",
  "metrics",
  "metricsNames",
  "metricsTensors",
];
/** What a step of a model does. */
export type Activity = "training" | "evaluation" | "prediction";

const unused: Record<Activity, ReadonlySet<string>> = {
  training: new Set<string>(),
  evaluation: new Set(ofTraining),
  prediction: new Set([...ofTraining, ...ofEvaluation]),
};

/** The steps of one model. */
export class ModelSteps {
  readonly train: CompiledStep;
  readonly trainGathered: CompiledStep;
  readonly test: CompiledStep;
  readonly testGathered: CompiledStep;
  readonly predict: CompiledStep;
  readonly predictGathered: CompiledStep;
  readonly #model: ModelInsides;
  readonly #stream = new RandomStream();

  constructor(model: ModelInsides, stock: StockSteps) {
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
      own?: () => readonly number[],
    ) =>
      new CompiledStep({
        activity,
        run,
        compile: (recording, options) =>
          compileNatively(recording, options, own !== undefined),
        mode: engineMode,
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
        ...(own ? { own } : {}),
      });
    const test = (data: StepInputs) => stock.test(model)(data as tf.Tensor[]);
    const predict = (data: StepInputs) => {
      const inputs = data as tf.Tensor[];
      return stock.predict(model, inputs, inputs[0]!.shape[0]!);
    };
    this.train = compiled("training", train, true);
    this.trainGathered = compiled(
      "training",
      this.#withKey((inputs) => stock.train(model)(pickSamples(inputs))),
      true,
      // The key, if there is one, and the numbers of the samples.
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

  /** Whether layers draw at random now; a dropout's rate may change. */
  get #isRandom(): boolean {
    return this.#model.layers.some(drawsAtRandom);
  }

  /** Inputs of the next training step: the key of what is drawn at random in it, if anything is, then the data. */
  trainingInputs(data: StepInputs): StepInputs {
    return this.#isRandom ? [this.#stream.next(), ...data] : data;
  }

  /** Begins a run of training: random numbers start from a new seed. */
  beginRun(): void {
    this.#stream.beginRun();
  }

  /** Lets the next loss that is not finite be explained. */
  watchLoss(): void {
    this.train.watchLoss();
    this.trainGathered.watchLoss();
  }

  /** Ends all programs; values that only they have are brought to tfjs. */
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

/** Picks the samples numbered by the first input out of each of the others. */
function pickSamples([samples, ...data]: StepInputs): tf.Tensor[] {
  return data.map((whole) =>
    whole == null ? whole : gather(whole, samples!),
  ) as tf.Tensor[];
}
