/**
 * The assembly line: the compiled steps of one model.
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
import { Registrations } from "../operations/install";
import { explainLoss } from "./explain-loss";
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

/** The steps of one model, for as long as it is compiled and set as it was. */
export class ModelSteps {
  readonly train: CompiledStep;
  readonly trainGathered: CompiledStep;
  readonly test: CompiledStep;
  readonly testGathered: CompiledStep;
  readonly predict: CompiledStep;
  readonly predictGathered: CompiledStep;
  readonly #model: ModelInsides;
  readonly #identity: readonly unknown[];
  readonly #settings: string;
  readonly #registrations = new Registrations();
  readonly #isRandom: boolean;
  /** What numbers are drawn at random from; the model's own, whatever its steps are made of. */
  readonly stream: RandomStream;

  constructor(
    model: ModelInsides,
    stock: StockSteps,
    stream = new RandomStream(),
  ) {
    this.#model = model;
    this.stream = stream;
    this.#identity = identityOf(model);
    this.#settings = settingsOf(model);
    this.#isRandom = model.layers.some(drawsAtRandom);
    const train = this.#withKey((data) =>
      stock.train(model)(data as tf.Tensor[]),
    );
    const optimizer = () => model.optimizer_;
    const explain =
      (run: (inputs: StepInputs) => readonly tf.Tensor[]) =>
      (inputs: StepInputs) =>
        explainLoss(model, () => run(inputs));
    const compiled = (
      activity: string,
      run: (inputs: StepInputs) => readonly tf.Tensor[],
      trains = false,
      own?: readonly number[],
    ) =>
      new CompiledStep({
        activity,
        run,
        ...(trains ? { optimizer, explainLoss: explain(run) } : {}),
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
      this.#isRandom ? [0, 1] : [0],
    );
    this.test = compiled("evaluation", test);
    this.testGathered = compiled(
      "evaluation",
      (all) => test(pickSamples(all)),
      false,
      [0],
    );
    this.predict = compiled("prediction", predict);
    this.predictGathered = compiled(
      "prediction",
      (all) => predict(pickSamples(all)),
      false,
      [0],
    );
  }

  /** Inputs of the next training step: the key of what is drawn at random in it, if anything is, then the data. */
  trainingInputs(data: StepInputs): StepInputs {
    return this.#isRandom ? [this.stream.next(), ...data] : data;
  }

  /** Begins a run of training: random numbers start from a new seed. */
  beginRun(): void {
    this.stream.beginRun();
  }

  /** Lets the next loss that is not finite be explained. */
  watchLoss(): void {
    this.train.watchLoss();
    this.trainGathered.watchLoss();
  }

  /** Whether the model is still compiled as it was. Asked before each step. */
  isCurrent(): boolean {
    return areSame(identityOf(this.#model), this.#identity);
  }

  /** Whether layers, settings and tfjs's registrations are as they were too. Asked before each epoch. */
  isUnchanged(): boolean {
    return (
      settingsOf(this.#model) === this.#settings &&
      this.#registrations.areCurrent()
    );
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

/** What tfjs puts anew when a model is compiled, and what is trained. */
function identityOf(model: ModelInsides): readonly unknown[] {
  return [
    model.optimizer_,
    model.lossFunctions,
    model.metricsTensors,
    model.collectedTrainableWeights,
    ...(model.collectedTrainableWeights ?? []).map(
      ({ trainable }) => trainable,
    ),
  ];
}

/** The settings of the layers, as text: a dropout's rate, a regularizer's factor. */
function settingsOf(model: ModelInsides): string {
  return JSON.stringify(model.layers.map(settingsOfLayer));
}

function settingsOfLayer(layer: tf.layers.Layer): unknown {
  try {
    return layer.getConfig();
  } catch {
    // A layer of the user's own that cannot be saved has no settings to be seen.
    return layer.name;
  }
}

function areSame(some: readonly unknown[], others: readonly unknown[]) {
  return (
    some.length === others.length &&
    some.every((each, index) => each === others[index])
  );
}
