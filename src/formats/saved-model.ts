/**
 * Saving and loading of models: the format is chosen by the ending of the path.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { replaceFile } from "../replace-file";
import { checkReadingEnds } from "./hdf5/time-limit";
import {
  readKerasFile,
  readKerasWeights,
  writeKerasFile,
} from "./keras/keras-file";
import { readWeights, writeWeights } from "./keras/weights";
import { saveOnnx } from "./onnx/save-onnx";
import { loadSafetensors, saveSafetensors } from "./safetensors/model-weights";
import {
  readLayersModel,
  readLayersWeights,
  writeLayersModel,
} from "./tfjs/layers-model";

/** Options of {@link saveModel} and {@link saveWeights}. */
export interface SaveModelOptions {
  /**
   * Whether to save the loss, the metrics and the optimizer with its state, so that training can
   * continue; true by default. Has no effect for a model that is not compiled.
   */
  readonly includeOptimizer?: boolean;
}

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Whether to compile the model as it was saved, with the optimizer's state; true by default. */
  readonly compile?: boolean;
}

/** A format: what it does not have, it does not support. */
interface Format {
  readonly name: string;
  readonly saveModel?: (
    model: tf.LayersModel,
    path: string,
    includeOptimizer: boolean,
  ) => Promise<unknown>;
  readonly loadModel?: (
    path: string,
    compile: boolean,
  ) => Promise<tf.LayersModel>;
  readonly saveWeights?: Format["saveModel"];
  readonly loadWeights?: (model: tf.LayersModel, path: string) => Promise<void>;
}

/** The formats of files, by ending. Any other path is a folder. */
const formats: Readonly<Record<string, Format>> = {
  ".keras": {
    name: "a whole model of Keras 3",
    saveModel: async (model, file, includeOptimizer) =>
      write(file, await writeKerasFile(model, includeOptimizer)),
    loadModel: async (file, compile) =>
      readKerasFile(await read(file), file, compile),
    loadWeights: async (model, file) =>
      readKerasWeights(model, await read(file), file),
  },
  ".weights.h5": {
    name: "weights of Keras 3",
    saveWeights: async (model, file, includeOptimizer) =>
      write(file, await writeWeights(model, includeOptimizer)),
    loadWeights: async (model, file) => {
      const content = await read(file);
      await checkReadingEnds(content, file);
      await readWeights(model, content, file);
    },
  },
  ".safetensors": {
    name: "weights in the format safetensors",
    saveWeights: (model, file) => saveSafetensors(model, file),
    loadWeights: loadSafetensors,
  },
  ".onnx": {
    name: "a model in the format ONNX",
    saveModel: (model, file) => saveOnnx(model, file),
  },
  ".h5": {
    name: 'a model in the HDF5 format of Keras 2; convert it in Python: keras.models.load_model("model.h5").save("model.keras")',
  },
};

/** TensorFlow.js's own format. */
const folderFormat: Format = {
  name: "a folder of TensorFlow.js",
  saveModel: writeLayersModel,
  loadModel: readLayersModel,
  loadWeights: readLayersWeights,
};

/** Returns the format of a path, and the path without the name of the folder's first file. */
function formatOf(file: string): readonly [Format, string] {
  const ending = Object.keys(formats).find((each) => file.endsWith(each));
  if (ending !== undefined) return [formats[ending]!, file];
  const isFirstFile = path.basename(file) === "model.json";
  return [folderFormat, isFirstFile ? path.dirname(file) : file];
}

/** Returns a function of the format of a path. */
function find<Name extends Exclude<keyof Format, "name">>(
  task: Name,
  file: string,
): readonly [NonNullable<Format[Name]>, string] {
  if (typeof file !== "string" || file === "") {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected ${task} to receive the path of a file or folder, received ${inspect(file)}`,
      ),
    );
  }
  const [format, place] = formatOf(file);
  const found = format[task];
  if (found !== undefined) return [found, place];
  const able = Object.entries(formats).filter(([, each]) => task in each);
  const endings = able.map(([ending]) => ending);
  const others = task in folderFormat ? [...endings, "a folder"] : endings;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected ${task} to receive a path that ends in ${others.join(", ")}, received ${file}, ${format.name}`,
    ),
  );
}

/**
 * Saves a model: its structure and weights and, if it is compiled, loss, metrics, and the optimizer
 * with its state. Replaces an existing file. The format is chosen by the ending of `path`:
 *
 * - `.keras`: a file of Keras 3, which `keras.models.load_model` opens.
 * - `.onnx`: for inference in other programs, as {@link saveOnnx} writes it; it cannot be loaded.
 * - Otherwise a folder with `model.json` and `weights.bin`, which `tf.loadLayersModel` opens.
 *
 * `options` {@link SaveModelOptions}: `includeOptimizer` true. Throws an Error (`ERR_UNSUPPORTED`)
 * that names the layer, loss, metric or optimizer if the format does not have it, an Error
 * (`ERR_INVALID_VALUE`) if the folder has other files or the path is no text, and an Error
 * (`ERR_DISK`) if the path cannot be written.
 */
export async function saveModel(
  model: tf.LayersModel,
  path: string,
  options: SaveModelOptions = {},
): Promise<void> {
  const [save, place] = find("saveModel", path);
  await save(model, place, options.includeOptimizer ?? true);
}

/**
 * Loads a model that {@link saveModel}, Keras 3 or TensorFlow.js saved, and compiles it as it was
 * saved.
 *
 * `options` {@link LoadModelOptions}: `compile` true. Layers, optimizers and losses of a `.keras`
 * file become those of `keras` where TensorFlow.js's compute something else. Throws an Error
 * (`ERR_UNSUPPORTED`) that names the layer or setting that TensorFlow.js does not have, an Error
 * (`ERR_FILE_MISSING`) if the file cannot be read, an Error (`ERR_FILE_FORMAT`) if it is damaged or
 * of another kind, and an Error (`ERR_SHAPE`) if a layer's weights are missing or have another
 * shape.
 */
export async function loadModel(
  path: string,
  options: LoadModelOptions = {},
): Promise<tf.LayersModel> {
  const [load, place] = find("loadModel", path);
  return load(place, options.compile ?? true);
}

/**
 * Saves a model's weights as a `.weights.h5` file that `load_weights` of Keras 3 opens, with the
 * state of the optimizer if the model is compiled, or as a `.safetensors` file, without it.
 * Replaces an existing file.
 *
 * `options` {@link SaveModelOptions}: `includeOptimizer` true. Throws what {@link saveModel}
 * throws.
 */
export async function saveWeights(
  model: tf.LayersModel,
  path: string,
  options: SaveModelOptions = {},
): Promise<void> {
  const [save, place] = find("saveWeights", path);
  await save(model, place, options.includeOptimizer ?? true);
}

/**
 * Sets a model's weights from a `.weights.h5`, `.keras` or `.safetensors` file or a folder of
 * TensorFlow.js.
 * Sets all weights or, if one does not match, none. From files of Keras, also sets the state of the
 * optimizer if the model is compiled with the same one.
 *
 * Layers are found by their place in the model, not by their names. Throws an Error (`ERR_SHAPE`)
 * that names the layer if its weights are missing or have another shape, and what {@link loadModel}
 * throws.
 */
export async function loadWeights(
  model: tf.LayersModel,
  path: string,
): Promise<void> {
  const [load, place] = find("loadWeights", path);
  await load(model, place);
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected a readable file, received ${file}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      ),
    );
  }
}

async function write(file: string, content: Uint8Array): Promise<void> {
  await replaceFile(file, [content]);
}
