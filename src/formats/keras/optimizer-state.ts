/**
 * The state of an optimizer as the arrays of a Keras file: the number of steps, the learning rate,
 * and slots of each trained weight.
 *
 * Source: Keras 3, `optimizers/base_optimizer.py` and the `build` methods of the optimizers.
 */
import { tf } from "../../engine/tensorflow";
import type { Adamax } from "../../engine/tfjs/optimizer-internals";
import { coded } from "../../notebook/coded-error";
import type { Hdf5Array, Hdf5Group } from "../hdf5/arrays";
import type { KerasConfig } from "./keras-object";
import {
  kindOfOptimizer,
  writeOptimizer,
  type OptimizerKind,
} from "./optimizer-kinds";
import { arraysBeforeSlots } from "./optimizer-settings";
import { trainedVariables } from "./stored-layers";
import { toSnakeCase } from "../../models/layer-names";
import { shapeText } from "../../data/shape-text";

/** The group of the state in a Keras file. */
export const optimizerGroup = "optimizer/vars";

type Variable = tf.LayerVariable;

/** Members of models and optimizers that TensorFlow.js does not declare in its types. */
interface Compiled {
  readonly collectedTrainableWeights?: readonly Variable[] | null;
}
interface Counter {
  iterations_: number;
}

/** Returns the name that Keras gives an optimizer of a class, such as `rm_sprop`. */
function nameOf(kind: OptimizerKind): string {
  return toSnakeCase(kind.keras);
}

/**
 * Returns the arrays of the state of a compiled model's optimizer.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) if Keras does not have the optimizer, and an Error
 * (`ERR_INVALID_STATE`) if its state does not fit the model's weights.
 */
export async function writeOptimizerState(
  model: tf.LayersModel,
): Promise<Hdf5Group> {
  const { optimizer } = model;
  const kind = kindOfOptimizer(optimizer);
  const { config } = writeOptimizer(optimizer);
  const slots = kind.slots(config);
  const states = await statesOf(model, slots);
  const steps = optimizer.iterations;
  const rate = config["learning_rate"];
  const arrays: Hdf5Array[] = [
    { data: Float64Array.of(steps), shape: [], integers: true },
    // A schedule leaves no variable.
    ...(typeof rate === "number" ? [scalar(rate)] : []),
  ];
  const factor =
    optimizer.getClassName() === "Momentum"
      ? // TensorFlow.js adds up gradients, Keras changes of the weight.
        -(rate as number)
      : 1;
  for (const group of kind.groups(config)) {
    for (const variable of trainedVariables(model)) {
      const state = states.get(variable);
      for (const slot of group) {
        const shape = variable.shape as number[];
        const values = state?.[slots.indexOf(slot)];
        const size = shape.reduce((product, length) => product * length, 1);
        arrays.push({
          data:
            values?.map((value) => value * factor) ??
            new Float32Array(size).fill(kind.initial?.(config) ?? 0),
          shape,
        });
      }
    }
  }
  arrays.push(...(kind.extra?.(config, steps) ?? []).map(scalar));
  return {
    name: nameOf(kind),
    arrays: new Map(arrays.map((array, index) => [String(index), array])),
  };
}

function scalar(value: number): Hdf5Array {
  return { data: Float32Array.of(value), shape: [] };
}

/** Returns the values of each weight's slots, in the order of `slots`. */
async function statesOf(
  model: tf.LayersModel,
  slots: readonly string[],
): Promise<Map<Variable, Float32Array[]>> {
  const { collectedTrainableWeights } = model as unknown as Compiled;
  const variables = collectedTrainableWeights ?? model.trainableWeights;
  const tensors = await tensorsOf(model.optimizer);
  const states = new Map<Variable, Float32Array[]>();
  if (tensors.length === 0 || slots.length === 0) return states;
  if (tensors.length !== variables.length * slots.length) {
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        `Expected the optimizer to have ${slots.length} arrays for each of ${variables.length} trained weights, received ${tensors.length}: weights were frozen or released after training; compile the model again`,
      ),
    );
  }
  for (const [index, variable] of variables.entries()) {
    const own = slots.map(
      (_, slot) => tensors[slot * variables.length + index]!,
    );
    states.set(
      variable,
      await Promise.all(
        own.map(async (tensor) => (await tensor.data()) as Float32Array),
      ),
    );
  }
  return states;
}

/**
 * Returns TensorFlow.js's Adamax, whose state TensorFlow.js neither returns nor sets, or undefined
 * for another optimizer.
 */
function asAdamax(optimizer: tf.Optimizer): Adamax | undefined {
  return optimizer.getClassName() === "Adamax"
    ? (optimizer as unknown as Adamax)
    : undefined;
}

/** Returns the first slots of all weights, then the second ones, and so on. */
async function tensorsOf(optimizer: tf.Optimizer): Promise<tf.Tensor[]> {
  const adamax = asAdamax(optimizer);
  if (adamax !== undefined) {
    const { accumulatedFirstMoment: m, accumulatedWeightedInfNorm: u } = adamax;
    return [...m, ...u].map(({ variable }) => variable);
  }
  const [steps, ...slots] = await optimizer.getWeights();
  steps?.tensor.dispose();
  return slots.map(({ tensor }) => tensor);
}

/** Whether the arrays of a file are the state of a model's optimizer, by their name and number. */
export function isStateOf(model: tf.LayersModel, state: Hdf5Group): boolean {
  const name = nameOf(kindOfOptimizer(model.optimizer));
  // Keras numbers the optimizers of a process: adam, adam_1.
  const given = (state.name ?? "").replace(/_\d+$/, "");
  const { size } = state.arrays;
  const first = arraysBeforeSlots(writeOptimizer(model.optimizer).config);
  return given === name && (size === first || size === arraysIn(model));
}

/** Returns the number of arrays of the state of a model's optimizer in a file. */
function arraysIn(model: tf.LayersModel): number {
  const { optimizer } = model;
  const kind = kindOfOptimizer(optimizer);
  const { config } = writeOptimizer(optimizer);
  const each = kind.groups(config).flat().length;
  const extra = kind.extra?.(config, 0).length ?? 0;
  return (
    arraysBeforeSlots(config) + trainedVariables(model).length * each + extra
  );
}

/**
 * Sets the state of a compiled model's optimizer from the arrays of a file.
 *
 * Throws an Error (`ERR_SHAPE`) if their number is another or an array does not have the shape of
 * its weight.
 */
export async function readOptimizerState(
  model: tf.LayersModel,
  { arrays }: Hdf5Group,
): Promise<void> {
  const { optimizer } = model;
  const kind = kindOfOptimizer(optimizer);
  const { config } = writeOptimizer(optimizer);
  const steps = arrays.get("0")?.data[0] ?? 0;
  // Keras creates the slots at the first step.
  const first = arraysBeforeSlots(config);
  if (arrays.size === first) return restore(optimizer, steps, [], config);
  const stored = trainedVariables(model);
  if (arrays.size !== arraysIn(model)) {
    throw coded(
      "ERR_SHAPE",
      new Error(
        `Expected ${arraysIn(model)} arrays of the state of ${kind.keras} for ${stored.length} trained weights at ${optimizerGroup}, received ${arrays.size}`,
      ),
    );
  }
  const found = new Map<string, Hdf5Array>();
  let position = first;
  for (const group of kind.groups(config)) {
    for (const [index, variable] of stored.entries()) {
      for (const slot of group) {
        const array = arrays.get(String(position));
        checkShape(array, variable, position);
        found.set(`${index} ${slot}`, array!);
        position += 1;
      }
    }
  }
  const variables = model.trainableWeights;
  const tensors = kind.slots(config).flatMap((slot) =>
    variables.map((variable) => {
      const array = found.get(`${stored.indexOf(variable)} ${slot}`);
      const shape = variable.shape as number[];
      return {
        name: `${variable.originalName}/${slot}`,
        tensor:
          array === undefined
            ? tf.zeros(shape)
            : tf.tensor(Float32Array.from(array.data), shape),
      };
    }),
  );
  await restore(optimizer, steps, tensors, config);
  tf.dispose(tensors);
}

function checkShape(
  array: Hdf5Array | undefined,
  variable: Variable,
  position: number,
): void {
  const shape = variable.shape as number[];
  if (array !== undefined && shapeText(array.shape) === shapeText(shape)) {
    return;
  }
  throw coded(
    "ERR_SHAPE",
    new Error(
      `Expected ${optimizerGroup}/${position}, the optimizer's state of ${variable.originalName}, to have the shape ${shapeText(shape)}, received ${array === undefined ? "none" : shapeText(array.shape)}`,
    ),
  );
}

/** Sets the state of an optimizer. */
async function restore(
  optimizer: tf.Optimizer,
  steps: number,
  slots: { name: string; tensor: tf.Tensor }[],
  { beta_1: beta }: KerasConfig,
): Promise<void> {
  const adamax = asAdamax(optimizer);
  if (adamax === undefined) {
    const step = tf.scalar(steps, "int32");
    await optimizer.setWeights([{ name: "iter", tensor: step }, ...slots]);
    step.dispose();
    return;
  }
  const variables = slots.map(({ name, tensor }) => ({
    originalName: name,
    variable: tf.tidy(() => tensor.clone().variable(false)),
  }));
  const half = variables.length / 2;
  Object.assign(optimizer, {
    accumulatedFirstMoment: variables.slice(0, half),
    accumulatedWeightedInfNorm: variables.slice(half),
  });
  (optimizer as unknown as Counter).iterations_ = steps;
  tf.tidy(() => {
    adamax.iteration.assign(tf.scalar(steps));
    adamax.accBeta1.assign(tf.scalar((beta as number) ** (steps + 1)));
  });
}
