/**
 * Whole models in the format of Keras 3: a zip file of metadata, the structure as JSON and the
 * weights as HDF5.
 *
 * Source: Keras 3, `saving/saving_lib.py`.
 */
import { unzipSync, zipSync } from "fflate";
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import {
  hasCompilation,
  readCompilation,
  writeCompilation,
} from "./compile-config";
import { jsonWithFloats } from "./json-floats";
import { isRecord } from "./keras-object";
import { checkMasks } from "./masks";
import { outputKeys } from "./read-graph";
import { readModel } from "./read-model";
import { checkSharedNormalization } from "./shared-normalization";
import { isCompiled, readWeights, writeWeights } from "./weights";
import { writeModel } from "./write-model";
import { damagedFile } from "./zip-checksums";

const metadataName = "metadata.json";
const configName = "config.json";
const weightsName = "model.weights.h5";
/** The version of Keras whose format is written. */
const kerasVersion = "3.15.1";

/** Returns the bytes of a `.keras` file, with loss, metrics and optimizer if the model has them. */
export async function writeKerasFile(
  model: tf.LayersModel,
  includeOptimizer: boolean,
): Promise<Uint8Array> {
  const isWithLoss = includeOptimizer && isCompiled(model);
  checkMasks(model, isWithLoss);
  if (isWithLoss) checkSharedNormalization(model);
  const compilation = isWithLoss
    ? { compile_config: writeCompilation(model) }
    : {};
  const date = new Date().toISOString().slice(0, 19).replace("T", "@");
  const text = (value: unknown) =>
    new TextEncoder().encode(jsonWithFloats(value));
  return zipSync(
    {
      [metadataName]: text({ keras_version: kerasVersion, date_saved: date }),
      [configName]: text({ ...writeModel(model), ...compilation }),
      [weightsName]: await writeWeights(model, includeOptimizer),
    },
    // Weights hardly shrink, and Keras stores them as they are.
    { level: 0 },
  );
}

/**
 * Creates the model of a `.keras` file.
 *
 * `label` names the file in errors. With `compile`, also compiles it and restores the state of its
 * optimizer. Throws an Error (`ERR_FILE_FORMAT`) if the content is not such a file or an incomplete
 * one, and what `readModel`, `readCompilation` and `readWeights` throw.
 */
export async function readKerasFile(
  content: Uint8Array,
  label: string,
  compile: boolean,
): Promise<tf.LayersModel> {
  const files = unpack(content, label);
  const config = parse(files[configName]!, label);
  const model = readModel(config);
  const compilation = compile ? config["compile_config"] : undefined;
  const isWithLoss = hasCompilation(compilation);
  checkMasks(model, isWithLoss);
  if (isWithLoss) {
    checkSharedNormalization(model);
    readCompilation(model, compilation, outputKeys(config["config"]));
  }
  await readWeights(model, files[weightsName]!, label, true);
  return model;
}

/** Sets the weights of a model from a `.keras` file, as `readWeights` does. */
export async function readKerasWeights(
  model: tf.LayersModel,
  content: Uint8Array,
  label: string,
): Promise<void> {
  await readWeights(model, unpack(content, label)[weightsName]!, label);
}

/** Returns the contents of the zip file by name. Throws if one of the three is missing. */
function unpack(
  content: Uint8Array,
  label: string,
): Readonly<Record<string, Uint8Array>> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(content);
  } catch (error) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected ${label} to be a complete zip file, received ${content.length} bytes that are not: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      ),
    );
  }
  const damaged = damagedFile(content, files);
  if (damaged !== undefined) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected the checksum of ${damaged} in ${label} to be that of its content, received a damaged file`,
      ),
    );
  }
  for (const name of [metadataName, configName, weightsName]) {
    if (Object.hasOwn(files, name)) continue;
    const names = Object.keys(files).join(", ") || "no file";
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(`Expected ${name} in ${label}, received ${names}`),
    );
  }
  return files;
}

function parse(content: Uint8Array, label: string): Record<string, unknown> {
  let config: unknown;
  try {
    config = JSON.parse(new TextDecoder().decode(content));
  } catch (error) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected ${configName} in ${label} to be JSON, received something else: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      ),
    );
  }
  return isRecord(config) ? config : {};
}
