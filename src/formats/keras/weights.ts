/**
 * The weights of a model, and the state of its optimizer, as an HDF5 file of Keras.
 */
import { shapeText } from "../../data/shape-text";
import { tf } from "../../engine/tensorflow";
import { assignValue } from "../../engine/tfjs/layer-variable";
import { coded } from "../../notebook/coded-error";
import {
  readHdf5,
  writeHdf5,
  type Hdf5Array,
  type Hdf5Content,
  type Hdf5Group,
} from "../hdf5/arrays";
import {
  isStateOf,
  optimizerGroup,
  readOptimizerState,
  writeOptimizerState,
} from "./optimizer-state";
import { storedLayers, type StoredLayer } from "./stored-layers";

/** Returns the bytes of a weights file, with the optimizer's state if the model is compiled. */
export async function writeWeights(
  model: tf.LayersModel,
  includeOptimizer: boolean,
): Promise<Uint8Array> {
  const groups = new Map<string, Hdf5Group>();
  for (const { group, name, variables } of storedLayers(model)) {
    const arrays = new Map<string, Hdf5Array>();
    for (const [index, variable] of variables.entries()) {
      arrays.set(String(index), {
        data: (await variable.read().data()) as Float32Array,
        shape: variable.shape as number[],
      });
    }
    groups.set(group, { name, arrays });
  }
  if (includeOptimizer && isCompiled(model)) {
    groups.set(optimizerGroup, await writeOptimizerState(model));
  }
  return writeHdf5(groups);
}

/** Whether a model has an optimizer. */
export function isCompiled(model: tf.LayersModel): boolean {
  return (model.optimizer as tf.Optimizer | undefined | null) != null;
}

/**
 * Sets a model's weights from the bytes of a weights file: all of them or, if one does not match,
 * none. Also sets the optimizer's state if the model is compiled with the optimizer of the file.
 *
 * `label` names the file in errors. `isOwn` says that the model was made from the same file, so
 * that the state must fit. Throws an Error (`ERR_FILE_FORMAT`) if the content is no weights file of
 * Keras 3, and an Error (`ERR_SHAPE`) that names the layer if an array is missing, left over or has
 * another shape.
 */
export async function readWeights(
  model: tf.LayersModel,
  content: Uint8Array,
  label: string,
  isOwn = false,
): Promise<void> {
  const file = await readHdf5(content, label);
  checkVersion(file, label);
  const layers = storedLayers(model);
  const given = layers.flatMap((layer) => arraysOf(layer, file, label));
  checkAllUsed(layers, file, label);
  const state = file.groups.get(optimizerGroup);
  if (state !== undefined && isCompiled(model)) {
    if (isOwn || isStateOf(model, state)) {
      await readOptimizerState(model, state);
    }
  }
  tf.tidy(() => {
    for (const [variable, { data, shape }] of given) {
      assignValue(variable, tf.tensor(Float32Array.from(data), [...shape]));
    }
  });
}

function checkVersion({ attributes }: Hdf5Content, label: string): void {
  const isWholeModel = attributes.includes("model_config");
  if (!isWholeModel && !attributes.includes("layer_names")) return;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected ${label} to be a file of Keras 3, received ${isWholeModel ? "a model" : "weights"} in the HDF5 format of Keras 2; convert it in Python: ${
        isWholeModel
          ? `keras.models.load_model("model.h5").save("model.keras")`
          : `model.load_weights("old.h5"); model.save_weights("new.weights.h5")`
      }`,
    ),
  );
}

function arraysOf(
  { group, name, variables }: StoredLayer,
  { groups }: Hdf5Content,
  label: string,
): [tf.LayerVariable, Hdf5Array][] {
  const arrays: Hdf5Group["arrays"] = groups.get(group)?.arrays ?? new Map();
  const expected = variables.map(({ shape }) => shapeText(shape));
  const received = [...arrays.keys()]
    .sort((first, second) => Number(first) - Number(second))
    .map((key) => arrays.get(key)!);
  if (
    expected.join() === received.map(({ shape }) => shapeText(shape)).join()
  ) {
    return variables.map((variable, index) => [variable, received[index]!]);
  }
  const shapes = received.map(({ shape }) => shapeText(shape)).join(", ");
  throw coded(
    "ERR_SHAPE",
    new Error(
      `Expected weights of the shapes ${expected.join(", ") || "none"} for the layer ${name} at ${group} in ${label}, received ${shapes || "none"}`,
    ),
  );
}

/** Weights that the model lacks mean that the file is another model's. */
function checkAllUsed(
  layers: readonly StoredLayer[],
  { groups }: Hdf5Content,
  label: string,
): void {
  const known = new Set([...layers.map(({ group }) => group), optimizerGroup]);
  for (const [group, { name, arrays }] of groups) {
    if (arrays.size === 0 || known.has(group)) continue;
    throw coded(
      "ERR_SHAPE",
      new Error(
        `Expected only weights of the model's layers in ${label}, received those of ${name ?? "a layer"} at ${group}, which the model does not have`,
      ),
    );
  }
}
