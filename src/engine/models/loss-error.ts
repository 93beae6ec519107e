/**
 * The error that ends a run whose loss is not finite.
 */
import { coded } from "../../notebook/coded-error";
import type { StepInputs } from "../functions/step-definition";
import { gather } from "../operations/gather";
import { tf } from "../tfjs/library";
import { exchangeValues, variablesOf } from "../tfjs/layer-variable";
import type { ModelInternals } from "../tfjs/model-internals";
import { explainBatch, isFinite, type LossCause } from "./explain-loss";

/** Where a run ended; epoch and batch count from 1. */
export interface LossPlace {
  readonly epoch: number;
  readonly batch: number;
  /** Number of batches in an epoch, if it is known. */
  readonly batches: number | undefined;
}

/** A batch whose loss is not finite. */
interface LossBatch extends LossPlace {
  readonly model: ModelInternals;
  /** Inputs, labels and sample weights of all samples. */
  readonly data: StepInputs;
  /** Indices of the batch's samples. */
  readonly indices: Int32Array;
  /** Loss, if the step has computed it, and so has changed the weights. */
  readonly loss: number | undefined;
  /** The weights before the step, if it has changed them. */
  readonly before: readonly tf.Tensor[] | undefined;
}

const advice: Readonly<Record<LossCause["kind"], string>> = {
  input: "Remove or replace such values in the data.",
  weight:
    "Try a smaller learning rate, or inputs scaled to the range from 0 to 1.",
  layer:
    "Try inputs scaled to the range from 0 to 1, or a smaller learning rate.",
  loss: "Check that the labels are those that the loss expects, such as class numbers from 0 or one-hot rows.",
};

/** The cause if the step has changed the weights, and those before it are not known. */
const changedWeights: LossCause = {
  kind: "layer",
  text: "The weights before this batch are no longer there, so the layers cannot be checked.",
};

/**
 * Returns an error that names epoch, batch and the first layer whose output is not finite, and what
 * to try. The layers are applied once more, to this batch only.
 */
export function lossError(batch: LossBatch): Error {
  try {
    const { loss, texts } = tf.tidy(() => explain(batch));
    return errorOf(batch, loss, texts);
  } catch (error) {
    // A layer or loss of the user's may fail outside of a step.
    const { model, loss } = batch;
    return errorOf(batch, loss, [
      `The layers could not be applied again to find the cause (${String(error)}).`,
      advice.weight,
      stateOfWeights(model, loss !== undefined),
    ]);
  }
}

/** Returns the loss of a batch, and the sentences about its cause. */
function explain(batch: LossBatch): { loss: number; texts: string[] } {
  const { model, data, indices, loss, before } = batch;
  const rows = tf.tensor1d(indices, "int32");
  const tensors = data.map((all) => all && gather(all, rows)) as tf.Tensor[];
  const { length: first } = model.inputs;
  const inputs = tensors.slice(0, first);
  const labels = tensors.slice(first, first + model.outputs.length);
  const variables = variablesOf(model);
  const after = before && exchangeValues(variables, before);
  const { cause: found, outputs } = explainBatch(model, inputs);
  const isUnknown =
    loss !== undefined && before === undefined && found.kind === "weight";
  const cause = isUnknown ? changedWeights : found;
  if (after !== undefined) exchangeValues(variables, after);
  return {
    loss: loss ?? lossOf(model, labels, outputs),
    texts: [
      cause.text,
      ...(cause.kind === "input" ? whichSample("Sample", inputs, indices) : []),
      ...(cause.kind === "loss"
        ? whichSample("The label of sample", labels, indices)
        : []),
      advice[cause.kind],
      stateOfWeights(model, loss !== undefined),
    ],
  };
}

/** Returns the error of a run whose batch is not known: it can only name the weights. */
export function lossErrorWithoutBatch(
  model: ModelInternals,
  loss: number,
  place: LossPlace,
): Error {
  return errorOf(place, loss, [advice.weight, stateOfWeights(model, true)]);
}

function errorOf(
  { epoch, batch, batches }: LossPlace,
  loss: number | undefined,
  sentences: readonly string[],
): Error {
  const of = batches === undefined ? "" : ` of ${batches}`;
  // Without penalties, the loss may be finite.
  const received =
    loss === undefined || Number.isFinite(loss)
      ? "one that is not"
      : String(loss);
  return coded(
    "ERR_NOT_FINITE",
    new Error(
      `Expected a finite loss, received ${received} in epoch ${epoch}, batch ${batch}${of}. ${sentences.join(" ")}`,
    ),
  );
}

/** Says whether the step has changed the weights, and which of them are not finite. */
function stateOfWeights(model: ModelInternals, hasStepped: boolean): string {
  const broken = variablesOf(model).filter((each) => !isFinite(each.read()));
  const names = broken.slice(0, 3).map(({ originalName }) => originalName);
  const more = broken.length > 3 ? ` and ${broken.length - 3} more` : "";
  const which =
    broken.length === 0
      ? "all are finite"
      : `not finite: ${names.join(", ")}${more}`;
  return hasStepped
    ? `This batch has changed the weights (${which}).`
    : `The weights are those before this batch (${which}).`;
}

/** Names the first sample that has a value that is not finite, if there is one. */
function whichSample(
  what: string,
  tensors: readonly tf.Tensor[],
  indices: Int32Array,
): string[] {
  for (const tensor of tensors) {
    const values = tensor.dataSync<"float32">();
    const size = values.length / indices.length;
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index === -1) continue;
    const sample = indices[Math.floor(index / size)]!;
    return [`${what} ${sample} of the data, counted from 0, is not finite.`];
  }
  return [];
}

/** Returns the loss without penalties, for the message. */
function lossOf(
  { lossFunctions }: ModelInternals,
  labels: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
): number {
  return lossFunctions.reduce(
    (sum, loss, index) =>
      sum +
      tf.mean(loss(labels[index]!, outputs[index]!)).dataSync<"float32">()[0]!,
    0,
  );
}
