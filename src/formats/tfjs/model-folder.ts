/**
 * Reads the files of a model in TensorFlow.js's own format.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { restoreReplaced } from "../../replace-file";

/** What TensorFlow.js saves of a model. */
export type Artifacts = Parameters<
  Parameters<typeof tf.io.withSaveHandler>[0]
>[0];

/** Names of the files that this library writes. */
export const topologyName = "model.json";
export const weightsName = "weights.bin";

/**
 * Reads the two files of a folder.
 *
 * Throws an Error (`ERR_FILE_MISSING`) if one is missing, and an Error (`ERR_FILE_FORMAT`) if one
 * is damaged.
 */
export async function readArtifacts(folder: string): Promise<Artifacts> {
  await restoreReplaced(folder);
  const text = await readPart(folder, topologyName);
  const json = parse(text.toString(), path.join(folder, topologyName));
  const { weightsManifest, ...rest } = json;
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(files.map((name) => readPart(folder, name)));
  const data = Buffer.concat(parts);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const expected = weightSpecs.reduce((sum, spec) => sum + sizeOf(spec), 0);
  if (data.length !== expected) {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected ${expected} bytes of weights in ${folder}, received ${data.length}`,
      ),
    );
  }
  return { ...rest, weightSpecs, weightData: new Uint8Array(data).buffer };
}

interface ModelJson extends Artifacts {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: NonNullable<Artifacts["weightSpecs"]>;
  }[];
}

function parse(text: string, file: string): ModelJson {
  let json: Partial<ModelJson> | null = null;
  let cause: unknown;
  try {
    json = JSON.parse(text) as Partial<ModelJson> | null;
  } catch (error) {
    cause = error;
  }
  const isWhole =
    json?.modelTopology !== undefined && Array.isArray(json.weightsManifest);
  if (isWhole && json?.format !== "graph-model") {
    return json as ModelJson;
  }
  throw coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected ${file} to be a layers model of TensorFlow.js, received ${
        cause === undefined ? `"format": ${String(json?.format)}` : "no JSON"
      }`,
      { cause },
    ),
  );
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected a folder with ${topologyName} and its weights, received ${folder} without a readable ${name}`,
        { cause: error },
      ),
    );
  }
}

/** Returns the number of bytes of an array. Files of TensorFlow.js may have quantized ones. */
function sizeOf(spec: NonNullable<Artifacts["weightSpecs"]>[number]): number {
  const { shape, dtype, quantization } = spec;
  const type: string = quantization?.dtype ?? dtype;
  const bytes =
    { float32: 4, int32: 4, float16: 2, uint16: 2, complex64: 8 }[type] ?? 1;
  return bytes * shape.reduce((product, length) => product * length, 1);
}
