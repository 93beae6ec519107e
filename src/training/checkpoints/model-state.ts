/**
 * The state of a model that is being trained, as tensors: its weights, and its optimizer.
 */
import {
  optimizerNumbers,
  optimizerVariables,
  setOptimizerNumbers,
} from "../../engine/optimizers/optimizer-state";
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { variablesOf } from "../weights";
import type { RunPart, SavedPart } from "./saved-part";
import type { StoredTensor } from "./tensor-file";

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

/** Weights and optimizer of a model. */
export class ModelState implements RunPart {
  readonly #model: tf.LayersModel;
  readonly #optimizer: tf.Optimizer;

  constructor(model: tf.LayersModel, optimizer: tf.Optimizer) {
    this.#model = model;
    this.#optimizer = optimizer;
  }

  save(): SavedPart {
    const tensors: Record<string, StoredTensor> = {};
    for (const [index, variable] of variablesOf(this.#model).entries()) {
      const name = weightName(index, variable);
      tensors[name] = storedTensor(variable.read());
    }
    for (const [path, variable] of optimizerVariables(this.#optimizer)) {
      tensors[`optimizer/${path}`] = storedTensor(variable);
    }
    return {
      values: { optimizer: optimizerNumbers(this.#optimizer) },
      tensors,
    };
  }

  /**
   * @throws Error `ERR_FILE_FORMAT` if a weight or a variable of the optimizer is missing.
   */
  restoreState({ values, tensors }: SavedPart): void {
    // Not `write` of the layers' variables, which applies constraints again.
    const weights = variablesOf(this.#model).map(
      (variable, index) =>
        [String(index), variable.read() as tf.Variable] as const,
    );
    const byIndex = new Map(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith("weights/"))
        .map(([name, tensor]) => [name.split("/")[1]!, tensor]),
    );
    for (const [index, variable] of weights) {
      assign(variable, byIndex.get(index), `weight ${index}`);
    }
    for (const [path, variable] of optimizerVariables(this.#optimizer)) {
      assign(variable, tensors[`optimizer/${path}`], `optimizer's ${path}`);
    }
    setOptimizerNumbers(
      this.#optimizer,
      values["optimizer"] as Record<string, number>,
    );
  }
}

/** Returns the values of a tensor. */
export function storedTensor(tensor: tf.Tensor): StoredTensor {
  return { shape: tensor.shape, values: tensor.dataSync() };
}

/** Returns the float32 tensor of stored values; it belongs to the caller. */
export function loadedTensor({ shape, values }: StoredTensor): tf.Tensor {
  return tf.tensor(values, [...shape]);
}

function weightName(index: number, variable: tf.LayerVariable): string {
  return `weights/${index}/${variable.originalName}`;
}

function assign(
  variable: tf.Variable,
  stored: StoredTensor | undefined,
  name: string,
): void {
  const { dtype, shape } = variable;
  const type = arrays[dtype as keyof typeof arrays];
  if (
    stored === undefined ||
    !(stored.values instanceof type) ||
    stored.values.length !== variable.size
  ) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected a checkpoint with the values of the ${name}, ${dtype} of shape (${shape.join(", ")}), received one without them`,
      ),
    );
  }
  tf.tidy(() => {
    variable.assign(tf.tensor(stored.values, shape, dtype));
  });
}
