/**
 * Saves and loads the weights of models as safetensors files.
 */
import { shapeText } from "../../data/shape-text";
import { tf } from "../../engine/tensorflow";
import { assignValue } from "../../engine/tfjs/layer-variable";
import { coded, type ErrorCode } from "../../notebook/coded-error";
import type { NamedTensor } from "./named-tensor";
import {
  readSafetensors,
  type SafetensorsOptions,
  writeSafetensors,
} from "./tensor-file";
import { weightPaths } from "./weight-paths";

/**
 * Saves the weights of a model or layer as a safetensors file and returns its path. Replaces an
 * existing file once the new one is complete.
 *
 * The names are Keras's, such as `conv2d/kernel`, with the names of nested models before; the
 * values are float32, unchanged. Neither layers nor optimizer are saved: {@link loadSafetensors}
 * needs a model of the same layers.
 *
 * Throws an Error (`ERR_INVALID_STATE`) if there are no weights, and an Error (`ERR_DISK`) if the
 * file cannot be written.
 */
export async function saveSafetensors(
  model: tf.LayersModel | tf.layers.Layer,
  path: string,
  options: SafetensorsOptions = {},
): Promise<string> {
  const variables = pathsOf(model);
  const tensors = [...variables].map(([name, variable]) => {
    // A copy, because training may go on while the file is written.
    const data = variable.read().dataSync<"float32">().slice();
    const tensor: NamedTensor = {
      dtype: "float32",
      shape: shapeOf(variable),
      data,
    };
    return [name, tensor] as const;
  });
  await writeSafetensors(path, tensors, options);
  return path;
}

/**
 * Loads the weights of a model or layer from a safetensors file of {@link saveSafetensors}, or of
 * another program that uses the same names. Loads either all weights or, if something does not
 * match, none.
 *
 * Numbers of F16, BF16 and F64 are converted exactly. Throws an Error that names all tensors that
 * the file lacks or the model does not have (`ERR_UNKNOWN_NAME`), or all with another shape than
 * the model's (`ERR_SHAPE`), or with a type of integers (`ERR_INVALID_TYPE`); an Error
 * (`ERR_INVALID_STATE`) if the model has no weights; and what {@link readSafetensors} throws.
 */
export async function loadSafetensors(
  model: tf.LayersModel | tf.layers.Layer,
  path: string,
): Promise<void> {
  const variables = pathsOf(model);
  const { tensors } = await readSafetensors(path);
  checkNames(variables, tensors);
  checkTensors(variables, tensors);
  tf.tidy(() => {
    for (const [name, variable] of variables) {
      const { data, shape } = tensors.get(name)!;
      assignValue(variable, tf.tensor(data, [...shape], "float32"));
    }
  });
}

function pathsOf(
  model: tf.LayersModel | tf.layers.Layer,
): Map<string, tf.LayerVariable> {
  const variables = weightPaths(model);
  if (variables.size > 0) return variables;
  throw coded(
    "ERR_INVALID_STATE",
    new Error(
      `Expected a model with weights, received ${model.name} without any`,
    ),
  );
}

/** Returns the shape of a variable, whose axes are all known. */
function shapeOf(variable: tf.LayerVariable): number[] {
  return variable.shape as number[];
}

type Tensors = ReadonlyMap<string, NamedTensor>;
type Variables = ReadonlyMap<string, tf.LayerVariable>;

function checkNames(variables: Variables, tensors: Tensors): void {
  const missing = [...variables.keys()].filter((name) => !tensors.has(name));
  const superfluous = [...tensors.keys()].filter(
    (name) => !variables.has(name),
  );
  fail("ERR_UNKNOWN_NAME", "the tensors of the model", [
    ...missing.map((name) => `no ${name}`),
    ...superfluous.map((name) => `${name}, which the model does not have`),
  ]);
}

function checkTensors(variables: Variables, tensors: Tensors): void {
  const pairs = [...variables].map(([name, variable]) => ({
    name,
    shape: shapeOf(variable),
    tensor: tensors.get(name)!,
  }));
  fail(
    "ERR_SHAPE",
    "tensors of the model's shapes",
    pairs
      .filter(({ shape, tensor }) => shape.join() !== tensor.shape.join())
      .map(
        ({ name, shape, tensor }) =>
          `${name} of shape ${shapeText(tensor.shape)} instead of ${shapeText(shape)}`,
      ),
  );
  fail(
    "ERR_INVALID_TYPE",
    "tensors of floating-point numbers",
    pairs
      .filter(({ tensor }) => tensor.dtype !== "float32")
      .map(({ name, tensor }) => `${name} of type ${tensor.dtype}`),
  );
}

/** Throws one error for all faults. */
function fail(code: ErrorCode, rule: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw coded(
    code,
    new Error(`Expected ${rule}, received ${faults.join("; ")}`),
  );
}
