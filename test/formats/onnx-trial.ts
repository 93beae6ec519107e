/**
 * Compares models with the ONNX files that are saved of them, run by onnxruntime.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { saveOnnx, type SaveOnnxOptions } from "../../src";
import { runNumpy } from "../oracles/python";
import { temporaryFolder } from "./temporary-folder";

/** The largest error, relative to the largest absolute value of an output. */
export const bound = 1e-5;

/** What onnx and onnxruntime say about a file. */
export interface Report {
  readonly error?: string;
  readonly outputs: readonly { shape: number[]; type: string }[];
  /** The places of the largest numbers along the last axis of the first output. */
  readonly classes: readonly number[];
  readonly inputPorts: Readonly<Record<string, (number | string | null)[]>>;
  readonly outputPorts: Readonly<Record<string, (number | string | null)[]>>;
  readonly operators: Readonly<Record<string, number>>;
  readonly doubleTransposes: readonly string[];
  readonly weights: readonly string[];
  readonly producer: readonly [string, string];
  readonly graphName: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly opset: readonly number[];
}

/** A model with inputs. */
export interface Trial {
  readonly name: string;
  readonly model: tf.LayersModel;
  /** Drawn from the model's input shapes by default. */
  readonly inputs?: readonly tf.Tensor[];
  /** Whether an output of zeros, which compares little, is expected for some seeds. */
  readonly mayBeZero?: true;
}

/** Draws numbers that depend on a seed only. */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws a tensor with values from −1 to 1, or from `least` to `most`. */
export function drawn(
  shape: readonly number[],
  seed: number,
  least = -1,
  most = 1,
): tf.Tensor {
  const draw = drawing(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from(
    { length: size },
    () => least + (most - least) * draw(),
  );
  return tf.tensor(values, [...shape]);
}

/** Replaces all weights by drawn ones, so that none is 0 or 1; variances are positive. */
export function drawWeights(model: tf.LayersModel, seed: number): void {
  tf.tidy(() =>
    new Set(model.weights).forEach((weight) => {
      seed += 1;
      const shape = weight.shape as number[];
      const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
      const scale = shape.length > 1 ? (3 / fanIn) ** 0.5 : 0.5;
      weight.write(
        weight.originalName.includes("variance")
          ? drawn(shape, seed, 0.5, 2)
          : drawn(shape, seed, -scale, scale),
      );
    }),
  );
}

/**
 * Saves the models, runs all files in one Python process, and compares the outputs. Returns the
 * reports by name, or undefined if there is no Python environment.
 */
export async function judge(
  context: TestContext,
  trials: readonly Trial[],
  options: SaveOnnxOptions = {},
): Promise<ReadonlyMap<string, Report> | undefined> {
  const folder = temporaryFolder(context);
  const expected: tf.Tensor[][] = [];
  const cases = [];
  for (const [index, { name, model, inputs: given }] of trials.entries()) {
    const inputs = given ?? drawnInputs(model, index);
    expected.push([model.predict([...inputs])].flat());
    await saveOnnx(model, path.join(folder, `${name}.onnx`), options);
    inputs.forEach((input, place) => {
      const values = input.dataSync();
      writeFileSync(path.join(folder, `${name}.${place}.bin`), values);
    });
    const described = inputs.map(({ dtype, shape }) => ({
      type: dtype,
      shape,
    }));
    cases.push({ name, inputs: described });
  }
  const script = readFileSync(path.join(__dirname, "onnx_oracle.py"), "utf8");
  const given = { folder, cases };
  const reports = await runNumpy<Report[]>(context, script, given);
  if (reports === undefined) return undefined;
  const faults = trials.flatMap((trial, index) =>
    compare(folder, trial, expected[index]!, reports[index]!),
  );
  assert.deepEqual(faults, []);
  tf.dispose(expected);
  return new Map(trials.map(({ name }, index) => [name, reports[index]!]));
}

function drawnInputs(model: tf.LayersModel, seed: number): tf.Tensor[] {
  return model.inputs.map(({ dtype, shape }, index) => {
    const lengths = shape.map((length, axis) => length ?? 3 + axis);
    const values = drawn(lengths, 1000 * seed + index);
    return dtype === "float32"
      ? values
      : tf.cast(tf.floor(tf.mul(tf.abs(values), 5)), dtype);
  });
}

/** Returns what differs between the model's outputs and those of the file. */
function compare(
  folder: string,
  { mayBeZero, name }: Trial,
  expected: readonly tf.Tensor[],
  report: Report,
): string[] {
  if (report.error !== undefined) return [`${name}: ${report.error}`];
  if (report.doubleTransposes.length > 0) {
    return [`${name}: ${report.doubleTransposes.join(", ")} follow another`];
  }
  return expected.flatMap((tensor, index) => {
    const file = path.join(folder, `${name}.out.${index}.bin`);
    const bytes = readFileSync(file);
    const values = new Float32Array(new Uint8Array(bytes).buffer);
    const { shape } = report.outputs[index]!;
    if (shape.join() !== tensor.shape.join()) {
      return [`${name}: shape ${shape.join()}, not ${tensor.shape.join()}`];
    }
    const wanted = Float32Array.from(tensor.dataSync());
    const scale = wanted.reduce(
      (most, each) => Math.max(most, Math.abs(each)),
      0,
    );
    const error = wanted.reduce(
      (most, each, place) => Math.max(most, Math.abs(each - values[place]!)),
      0,
    );
    if (!(scale > 0) && mayBeZero === undefined)
      return [`${name}: largest output ${scale}`];
    return error <= bound * scale ? [] : [`${name}: error ${error / scale}`];
  });
}
