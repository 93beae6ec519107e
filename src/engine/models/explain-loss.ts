/**
 * Finds out where a loss that is not finite came from.
 */
import { warn } from "../../notebook/note";
import type { TracedStep } from "../recording/recorded-step";
import type { Operation, Source } from "../recording/recording";
import { tf } from "../tfjs/library";
import { hookMethod } from "../tfjs/hook";
import { exchangeValues, variablesOf } from "../tfjs/layer-variable";
import type { ModelInternals } from "../tfjs/model-internals";
import { causeOfNaN } from "./traps";

/** Why a loss is not finite. */
export interface LossCause {
  /** What was not finite first: data, a weight, what a layer computed, or only the loss. */
  readonly kind: "input" | "weight" | "layer" | "loss";
  /** A sentence that names the layer, and the weight if it is one. */
  readonly text: string;
}

/**
 * Runs a training step in tfjs, operation by operation, and reports on the console which layer
 * first produced values that are not finite.
 *
 * The step runs as in tfjs, including all changes to the weights. Its first output is the loss.
 */
export function explainLoss(
  model: ModelInternals,
  run: () => readonly tf.Tensor[],
): readonly tf.Tensor[] {
  const { result, cause } = watchingLayers(model, run);
  report(result, cause);
  return result;
}

/**
 * Applies the layers of a model to a batch of inputs one by one, as in training, and returns the
 * cause of values that are not finite, and the outputs of the model, which belong to the caller's
 * scope. The weights stay as they are, including those that layers change when they are applied.
 */
export function explainBatch(
  model: ModelInternals,
  inputs: readonly tf.Tensor[],
): { readonly cause: LossCause; readonly outputs: readonly tf.Tensor[] } {
  const whole = model as unknown as tf.LayersModel;
  const variables = variablesOf(model);
  const before = variables.map((variable) => variable.read().clone());
  try {
    const { result, cause } = watchingLayers(model, () =>
      whole.apply([...inputs], { training: true }),
    );
    return {
      cause: cause ?? lossItself,
      outputs: [result].flat() as tf.Tensor[],
    };
  } finally {
    tf.dispose(exchangeValues(variables, before));
    tf.dispose(before);
  }
}

/** Runs a function that applies layers, and returns the first cause among them. */
function watchingLayers<Result>(
  model: ModelInternals,
  run: () => Result,
): { readonly result: Result; readonly cause: LossCause | undefined } {
  let cause: LossCause | undefined;
  const hooks = layersWithin(model).map((layer) =>
    hookMethod(layer, "call", (call) => (inputs, kwargs) => {
      const outputs = call.call(layer, inputs, kwargs);
      cause ??= findCause(model, layer, [inputs].flat(), [outputs].flat());
      return outputs;
    }),
  );
  try {
    return { result: run(), cause };
  } finally {
    for (const hook of hooks) hook.remove();
  }
}

/** Returns the layers of a model, those of models within it before these models. */
function layersWithin({
  layers,
}: Pick<ModelInternals, "layers">): tf.layers.Layer[] {
  const all = layers.flatMap((layer) => {
    return layer instanceof tf.LayersModel
      ? [...layersWithin(layer), layer]
      : [layer];
  });
  return [...new Set(all)].filter(Object.isExtensible);
}

/**
 * As {@link explainLoss}, for a traced step: it is computed operation by operation, without running
 * its JavaScript again.
 */
export function explainTracedLoss(
  model: ModelInternals,
  inputs: readonly tf.Tensor[],
  step: Pick<TracedStep<unknown>, "compute">,
): readonly tf.Tensor[] {
  let cause: LossCause | undefined;
  const notFinite = new Set<Operation>();
  const isFiniteSource = (source: Source) =>
    source.from === "operation"
      ? !notFinite.has(source.operation)
      : source.from !== "input" || isFinite(inputs[source.index]!);
  const outputs = step.compute((operation, given) => {
    const { layer } = operation;
    if (cause !== undefined || given.every(isFinite)) return;
    notFinite.add(operation);
    if (layer === undefined) return;
    cause = describe(model, layer, operation.inputs.every(isFiniteSource));
  });
  report(outputs, cause);
  return outputs;
}

function report(
  outputs: readonly tf.Tensor[],
  cause: LossCause | undefined,
): void {
  const loss = outputs[0]!.dataSync()[0]!;
  warn(`convnotes: the loss became ${loss}. ${(cause ?? lossItself).text}`);
}

const lossItself: LossCause = {
  kind: "loss",
  text: "All layers returned finite values: the cause is in the loss function, its penalties or the labels.",
};

function findCause(
  model: ModelInternals,
  layer: tf.layers.Layer,
  inputs: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
): LossCause | undefined {
  return outputs.every(isFinite)
    ? undefined
    : describe(model, layer, inputs.every(isFinite));
}

/** Describes the cause for a layer that returned values that are not finite. */
function describe(
  { optimizer_: optimizer }: ModelInternals,
  layer: tf.layers.Layer,
  hasFiniteInputs: boolean,
): LossCause {
  const { name } = layer;
  if (!hasFiniteInputs) {
    return {
      kind: "input",
      text: `The input of the layer ${name} is not finite.`,
    };
  }
  const weight = layer.weights.find((each) => !isFinite(each.read()));
  const first = `The first values that are not finite were computed by the layer ${name}`;
  if (weight === undefined) {
    return { kind: "layer", text: `${first}, from finite inputs and weights.` };
  }
  const cause = causeOfNaN(optimizer) ?? "the previous step was too large.";
  return {
    kind: "weight",
    text: `${first}, whose weight ${weight.name} was not finite before this step: ${cause}`,
  };
}

/** Whether all values of a tensor are finite. */
export function isFinite(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== "float32") return true;
  return tf.tidy(() => Boolean(tf.all(tf.isFinite(tensor)).dataSync()[0]));
}
