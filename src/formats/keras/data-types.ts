/**
 * Data types of layers and inputs in Keras.
 */
import type { tf } from "../../engine/tensorflow";
import { isRecord, refusal, shortText } from "./keras-object";

/**
 * Checks a layer's data type: a name, or a policy with a name. `owner` names the layer in errors.
 * Throws an Error (`ERR_UNSUPPORTED`) unless the layer computes in float32.
 */
export function checkLayerType(dtype: unknown, owner: string): void {
  const name = nameOf(dtype);
  if (name === undefined || name === "float32") return;
  throw refusal(
    `${owner} to compute in float32`,
    `the data type ${shortText(name)}`,
  );
}

/**
 * Returns TensorFlow.js's type of an input: its integers have 32 bits. Throws an Error
 * (`ERR_UNSUPPORTED`) for other types of numbers, and for text.
 */
export function inputType(dtype: unknown, owner: string): tf.DataType {
  const name = nameOf(dtype) ?? "float32";
  if (name === "float32" || name === "bool") return name;
  if (typeof name === "string" && /^u?int(8|16|32|64)$/.test(name)) {
    return "int32";
  }
  throw refusal(
    `an input of ${owner} of float32, integers or bool`,
    shortText(name),
  );
}

function nameOf(dtype: unknown): unknown {
  const name =
    isRecord(dtype) && isRecord(dtype["config"])
      ? dtype["config"]["name"]
      : dtype;
  return name ?? undefined;
}
