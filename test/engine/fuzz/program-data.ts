/**
 * The tensors of a program: each set of values is created once, so the same tensor is used
 * repeatedly.
 */
import { tf } from "../../../src/engine";
import type { CompilePlan, DataPlan, InputPlan, ModelPlan } from "./plan";

/** The data of one run of a program. */
export class ProgramData {
  readonly #plan: ModelPlan;
  readonly #widths: readonly number[];
  readonly #made = new Map<string, tf.Tensor>();

  constructor(plan: ModelPlan, widths: readonly number[]) {
    this.#plan = plan;
    this.#widths = widths;
  }

  /** Returns inputs, one tensor per input of the model. */
  inputs({ set, rows, sameInputs }: DataPlan): tf.Tensor[] {
    const { inputs } = this.#plan;
    return inputs.map((input, index) => {
      const isSame =
        sameInputs && JSON.stringify(input) === JSON.stringify(inputs[0]);
      const place = isSame ? 0 : index;
      return this.#make(`x ${place} ${set} ${rows}`, () =>
        inputNumbers(input, rows, set * 10 + place),
      );
    });
  }

  /** Returns labels that fit the losses, one tensor per output of the model. */
  labels(data: DataPlan, { losses }: CompilePlan): tf.Tensor[] {
    const { outputKinds } = this.#plan;
    const inputs = this.inputs(data);
    return outputKinds.map((kind, index) => {
      const [width, loss] = [this.#widths[index]!, losses[index]!];
      const { set, rows } = data;
      const [input] = inputs;
      const fits =
        kind === "linear" &&
        input!.dtype === "float32" &&
        input!.shape.join() === [rows, width].join();
      if (data.inputsAsLabels && fits) return input!;
      const name = `y ${index} ${set} ${rows} ${loss}`;
      return this.#make(name, () =>
        labelNumbers(kind, loss, rows, width, set * 10 + index),
      );
    });
  }

  #make(name: string, make: () => tf.Tensor): tf.Tensor {
    const known = this.#made.get(name);
    if (known !== undefined && !known.isDisposed) return known;
    const made = make();
    this.#made.set(name, made);
    return made;
  }

  /** Disposes of all tensors. */
  dispose(): void {
    for (const tensor of this.#made.values()) tensor.dispose();
  }
}

/** Returns numbers from -1 to 1 that depend on their index and on `start`. */
const waves = (size: number, start: number) =>
  Array.from({ length: size }, (_, index) =>
    Math.sin((index + 1) * 12.9898 + start * 78.233),
  );

function inputNumbers(input: InputPlan, rows: number, start: number) {
  const shape = [rows, ...input.shape];
  const size = shape.reduce((product, each) => product * each, 1);
  const numbers = waves(size, start);
  const { indices } = input;
  if (indices === undefined) return tf.tensor(numbers, shape, "float32");
  const whole = numbers.map((each) =>
    Math.min(indices - 1, Math.floor(((each + 1) / 2) * indices)),
  );
  return tf.tensor(whole, shape, "int32");
}

function labelNumbers(
  kind: string,
  loss: string,
  rows: number,
  width: number,
  start: number,
): tf.Tensor {
  const numbers = waves(rows * width, start + 0.5);
  if (kind === "linear") return tf.tensor2d(numbers, [rows, width]);
  if (kind === "sigmoid") {
    const bits = numbers.map((each) => (each > 0 ? 1 : 0));
    return tf.tensor2d(bits, [rows, width]);
  }
  const classes = waves(rows, start).map((each) =>
    Math.min(width - 1, Math.floor(((each + 1) / 2) * width)),
  );
  if (loss === "sparseCategoricalCrossentropy") {
    return tf.tensor2d(classes, [rows, 1]);
  }
  return tf.tidy(() =>
    tf.cast(tf.oneHot(tf.tensor1d(classes, "int32"), width), "float32"),
  );
}
