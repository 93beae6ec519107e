/**
 * Reads the files of a model in TensorFlow.js's own format.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { restoreReplaced } from "../../replace-file";
import { bytesIn, readManifest, type WeightGroup } from "./weights-manifest";

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
  const file = path.join(folder, topologyName);
  const json = parse(text.toString(), file);
  const { weightsManifest: given, ...rest } = json;
  const weightsManifest = readManifest(given, file);
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const parts = await Promise.all(files.map((name) => readPart(folder, name)));
  const data = Buffer.concat(parts);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const expected = bytesIn(weightSpecs);
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
  readonly weightsManifest: readonly WeightGroup[];
}

function parse(text: string, file: string): ModelJson {
  let json: Partial<ModelJson> | null = null;
  let cause: unknown;
  try {
    json = JSON.parse(text) as Partial<ModelJson> | null;
  } catch (error) {
    cause = error;
  }
  if (json?.format === "graph-model") fail("a graph model");
  const { modelTopology: topology, weightsManifest: manifest } = json ?? {};
  const isObject = typeof topology === "object" && topology !== null;
  if (isObject && manifest !== undefined) return json as ModelJson;
  const missing = isObject ? '"weightsManifest"' : '"modelTopology"';
  return fail(cause === undefined ? `a file without ${missing}` : "no JSON");

  function fail(received: string): never {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected ${file} to be a layers model of TensorFlow.js, received ${received}`,
        { cause },
      ),
    );
  }
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
