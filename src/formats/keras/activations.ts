/**
 * Names of activations in Keras and in TensorFlow.js.
 */
import { hardSigmoidName } from "../../keras";
import { isRecord, refusal, shortText } from "./keras-object";

/** Names in TensorFlow.js by names in Keras, for the functions that are equal. */
const names: Readonly<Record<string, string>> = {
  elu: "elu",
  gelu: "gelu",
  hard_sigmoid: hardSigmoidName,
  linear: "linear",
  log_softmax: "logSoftmax",
  mish: "mish",
  relu: "relu",
  relu6: "relu6",
  selu: "selu",
  sigmoid: "sigmoid",
  silu: "swish",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  swish: "swish",
  tanh: "tanh",
};

/**
 * Returns TensorFlow.js's name of an activation of Keras; `null` is none. `owner` names the layer
 * in errors.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) for a function that TensorFlow.js does not have.
 */
export function readActivation(value: unknown, owner: string): string {
  if (value === null) return "linear";
  const name = isRecord(value) ? value["config"] : value;
  const known = typeof name === "string" ? names[name] : undefined;
  if (known === undefined) {
    throw refusal(
      `an activation in ${owner} that TensorFlow.js has`,
      isRecord(value)
        ? shortText(value["class_name"] ?? value)
        : shortText(name),
    );
  }
  return known;
}

/**
 * Returns Keras's name of an activation of TensorFlow.js. Throws an Error (`ERR_UNSUPPORTED`) for a
 * function that Keras does not have.
 */
export function writeActivation(value: unknown, owner: string): string {
  const found = Object.entries(names).find(([, name]) => name === value);
  if (found !== undefined) return found[0];
  throw refusal(
    `an activation in ${owner} that Keras has`,
    value === "hardSigmoid"
      ? `hardSigmoid, which is x / 5 + 1 / 2 in TensorFlow.js and x / 6 + 1 / 2 in Keras: use keras.hardSigmoidName`
      : shortText(value),
  );
}
