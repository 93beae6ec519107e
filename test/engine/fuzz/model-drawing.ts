/**
 * Draws the plan of a random model: layers that fit the preceding shapes, merges, shared layers,
 * nested models.
 *
 * Dropout and noise are omitted: the engine intentionally draws other values than TensorFlow.js,
 * and takes its seed from Math.random, which also changes the order of samples. A few models have
 * them, for which only shapes are compared.
 */
import type { Random } from "../../../src/data/synthetic/random";
import { layerKinds, type OwnCode } from "./own-code";
import { ModelBuilder } from "./model-builder";
import type {
  InputPlan,
  LayerPlan,
  ModelPlan,
  NodePlan,
  OutputKind,
  Setting,
} from "./plan";
import { masking, randomLayers, stockLayers } from "./layer-drawing";

interface ModelOptions {
  /** Whether layers may be custom. */
  readonly own: boolean;
  readonly drawsAtRandom?: boolean;
  /** Input shape of a nested model. */
  readonly inputShape?: readonly number[];
  /** Rows of each batch, if recurrent layers keep their state. */
  readonly batch?: number;
}

/** Draws a model that TensorFlow.js can build. */
export function drawModel(
  random: Random,
  code: OwnCode,
  options: ModelOptions,
  depth = 0,
): ModelPlan {
  const inputs = drawInputs(random, options, depth);
  const builder = new ModelBuilder(inputs, code, options.batch);
  const nodes: NodePlan[] = [];
  const add = (node: NodePlan): number | undefined => {
    try {
      builder.add(node);
    } catch {
      return undefined;
    }
    nodes.push(node);
    return builder.values.length - 1;
  };

  // One chain per input, then merges; some values are used twice.
  const ends: number[] = [];
  for (const [index, { indices }] of inputs.entries()) {
    let value: number = index;
    if (indices !== undefined) {
      const settings = {
        inputDim: indices,
        outputDim: 1 + random.integer(3),
        maskZero: random.chance(0.3),
      };
      value = add({ from: [index], layer: { kind: "embedding", settings } })!;
    }
    const length = 1 + random.integer(depth === 0 ? 3 : 2);
    for (let step = 0; step < length; step += 1) {
      value = drawNode(random, code, builder, value, options, add, depth);
    }
    ends.push(value);
  }
  let value = ends[0]!;
  if (ends.length > 1 || random.chance(0.2)) {
    const flat = [...ends, ends[0]!].slice(0, 2).map((end) => flatten(end));
    value = merge(flat) ?? value;
  }
  const outputs: number[] = [];
  const outputKinds: OutputKind[] = [];
  const count = depth === 0 && random.chance(0.2) ? 2 : 1;
  for (let output = 0; output < count; output += 1) {
    const kind = random.pick([
      "linear",
      "linear",
      "softmax",
      "sigmoid",
    ] as const);
    const units =
      kind === "softmax" ? 2 + random.integer(2) : widthOf(inputs, random);
    const settings = { units, activation: kind };
    const layer = { kind: "dense", settings };
    outputs.push(add({ from: [flatten(value)], layer })!);
    outputKinds.push(kind);
  }
  const { batch, drawsAtRandom } = options;
  return {
    inputs,
    nodes,
    outputs,
    outputKinds,
    ...(batch === undefined ? {} : { batch }),
    ...(drawsAtRandom ? { drawsAtRandom } : {}),
  };

  function flatten(index: number): number {
    if (builder.values[index]!.shape.length === 2) return index;
    const layer = { kind: "flatten", settings: {} };
    return add({ from: [index], layer }) ?? index;
  }

  function merge(from: readonly number[]): number | undefined {
    const shapes = from.map((index) => builder.values[index]!.shape.join());
    const kinds = ["add", "average", "maximum", "minimum", "multiply"] as const;
    const kind = shapes.every((shape) => shape === shapes[0])
      ? random.pick([...kinds, "concatenate"])
      : "concatenate";
    return add({ from, layer: { kind, settings: {} } });
  }
}

/** Often as wide as the first input, so inputs can be labels. */
function widthOf(inputs: readonly InputPlan[], random: Random): number {
  const [first] = inputs;
  const fits = first!.shape.length === 1 && first!.indices === undefined;
  return fits && random.chance(0.5) ? first!.shape[0]! : 1 + random.integer(3);
}

function drawInputs(
  random: Random,
  { batch, inputShape }: ModelOptions,
  depth: number,
): InputPlan[] {
  if (inputShape !== undefined) return [{ shape: inputShape }];
  const one = (): InputPlan => {
    const size = () => 1 + random.integer(3);
    if (batch !== undefined) return { shape: [2 + random.integer(2), size()] };
    const rank = random.pick([1, 1, 1, 2, 2, 3, 3, 4]);
    if (rank === 1) return { shape: [size()] };
    if (rank === 2 && random.chance(0.4)) {
      return { shape: [3 + random.integer(3)], indices: 5 };
    }
    const sides = Array.from({ length: rank - 1 }, () => 3 + random.integer(3));
    return { shape: [...sides, size()] };
  };
  const first = one();
  return depth === 0 && random.chance(0.2)
    ? [first, random.chance(0.6) ? first : one()]
    : [first];
}

type Adds = (node: NodePlan) => number | undefined;

/**
 * Adds one layer, model or reused layer to a value. Tries until one fits, and returns the value
 * itself if none does.
 */
function drawNode(
  random: Random,
  code: OwnCode,
  builder: ModelBuilder,
  value: number,
  options: ModelOptions,
  add: Adds,
  depth: number,
): number {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const { shape } = builder.values[value]!;
    const node = drawOne(random, code, shape.slice(1) as number[], {
      ...options,
      depth,
      shared: builder.layers.length,
      isInput: builder.layers.length === 0,
    });
    const added = add({ ...node, from: [value] });
    if (added !== undefined) return added;
  }
  return value;
}

function drawOne(
  random: Random,
  code: OwnCode,
  shape: readonly number[],
  options: ModelOptions & { depth: number; shared: number; isInput: boolean },
): Omit<NodePlan, "from"> {
  const { own, drawsAtRandom, batch, depth, shared } = options;
  if (shared > 0 && random.chance(0.1)) {
    return { shares: random.integer(shared) };
  }
  if (options.isInput && shape.length === 2 && random.chance(0.2)) {
    return { layer: masking(random, shape) };
  }
  if (own && random.chance(0.35)) {
    const kind = `own:${random.pick(layerKinds)}`;
    return { layer: { kind, settings: {} } };
  }
  if (depth === 0 && shape.length === 1 && random.chance(0.12)) {
    return { model: drawModel(random, code, { own, inputShape: shape }, 1) };
  }
  if (drawsAtRandom && random.chance(0.5)) {
    return { layer: random.pick(randomLayers)(random, shape) };
  }
  if (batch !== undefined && shape.length === 2 && random.chance(0.8)) {
    const settings: Record<string, Setting> = {
      units: 1 + random.integer(3),
      stateful: true,
      returnSequences: random.chance(0.5),
    };
    const kind = random.pick(["lstm", "gru", "simpleRNN"]);
    return { layer: { kind, settings } };
  }
  const layer: LayerPlan = random.pick(stockLayers[shape.length]!)(
    random,
    shape,
  );
  const canHaveParts = layer.kind === "dense" || layer.kind === "conv2d";
  if (!own || !canHaveParts || !random.chance(0.3)) return { layer };
  const places = ["activation", "kernelRegularizer", "kernelConstraint"];
  return { layer: { ...layer, ownParts: [random.pick(places)] } };
}
