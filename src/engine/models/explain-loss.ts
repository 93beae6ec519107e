/**
 * Finds out where a loss that is not finite came from.
 */
import { warn } from "../../notebook/note";
import type { TracedStep } from "../recording/recorded-step";
import type { Operation, Source } from "../recording/recording";
import { tf } from "../tfjs/library";
import { hookMethod } from "../tfjs/hook";
import type { ModelInternals } from "../tfjs/model-internals";
import { causeOfNaN } from "./traps";

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
  let culprit: string | undefined;
  const hooks = model.layers.filter(Object.isExtensible).map((layer) =>
    hookMethod(layer, "call", (call) => (inputs, kwargs) => {
      const outputs = call.call(layer, inputs, kwargs);
      culprit ??= findCulprit(model, layer, [inputs].flat(), [outputs].flat());
      return outputs;
    }),
  );
  let outputs: readonly tf.Tensor[];
  try {
    outputs = run();
  } finally {
    for (const hook of hooks) hook.remove();
  }
  report(outputs, culprit);
  return outputs;
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
  let culprit: string | undefined;
  const notFinite = new Set<Operation>();
  const isFiniteSource = (source: Source) =>
    source.from === "operation"
      ? !notFinite.has(source.operation)
      : source.from !== "input" || isFinite(inputs[source.index]!);
  const outputs = step.compute((operation, given) => {
    const { layer } = operation;
    if (culprit !== undefined || given.every(isFinite)) return;
    notFinite.add(operation);
    if (layer === undefined) return;
    culprit = describe(model, layer, operation.inputs.every(isFiniteSource));
  });
  report(outputs, culprit);
  return outputs;
}

function report(
  outputs: readonly tf.Tensor[],
  culprit: string | undefined,
): void {
  const loss = outputs[0]!.dataSync()[0]!;
  const where =
    culprit ??
    "All layers returned finite values: the cause is in the loss function, its penalties or the labels.";
  warn(`convnotes: the loss became ${loss}. ${where}`);
}

function findCulprit(
  model: ModelInternals,
  layer: tf.layers.Layer,
  inputs: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
): string | undefined {
  return outputs.every(isFinite)
    ? undefined
    : describe(model, layer, inputs.every(isFinite));
}

/** Describes the cause for a layer that returned values that are not finite. */
function describe(
  { optimizer_: optimizer }: ModelInternals,
  layer: tf.layers.Layer,
  hasFiniteInputs: boolean,
): string {
  const { name } = layer;
  if (!hasFiniteInputs) {
    return `The input of the layer ${name} is not finite.`;
  }
  const weight = layer.weights.find((each) => !isFinite(each.read()));
  const cause = causeOfNaN(optimizer) ?? "the previous step was too large.";
  return weight === undefined
    ? `The first values that are not finite were computed by the layer ${name}, from finite inputs and weights.`
    : `The first values that are not finite were computed by the layer ${name}, whose weight ${weight.name} was not finite before this step: ${cause}`;
}

function isFinite(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== "float32") return true;
  return tf.tidy(() => Boolean(tf.all(tf.isFinite(tensor)).dataSync()[0]));
}
