/**
 * Draws small models from a seed.
 */
import { Random } from "../../../src/data/synthetic/random";
import type { Activation, TrialLayerRow, TrialRow } from "./trial-model";

const activations: readonly Activation[] = [
  "elu",
  "selu",
  "sigmoid",
  "softplus",
  "softsign",
  "tanh",
];

/**
 * Draws a model: one to three convolutions of any kernel, stride and padding, pooling, dense
 * layers, and a head on logits or with a softmax. Every third has batch normalizations. In those,
 * each ReLU and each max pooling directly follows one, so both sides of a kink can be compared.
 */
export function drawRow(seed: number): TrialRow {
  const drawing = new Drawing(new Random(seed));
  return { name: `of seed ${seed}`, learningRate: 0.01, ...drawing.row() };
}

class Drawing {
  readonly #random: Random;
  readonly #layers: TrialLayerRow[] = [];
  readonly #isNormalized: boolean;
  /** Height and width of the current feature maps. */
  #sides: readonly [number, number];

  constructor(random: Random) {
    this.#random = random;
    this.#isNormalized = random.chance(1 / 3);
    this.#sides = [5 + random.integer(10), 5 + random.integer(10)];
  }

  row(): Omit<TrialRow, "name" | "learningRate"> {
    const random = this.#random;
    const inputShape = [...this.#sides, 1 + random.integer(4)];
    const convolutions = 1 + random.integer(3);
    for (let count = 0; count < convolutions; count += 1) this.#convolve();
    this.#layers.push({ kind: "flatten" });
    const denseLayers = random.integer(3);
    for (let count = 0; count < denseLayers; count += 1) {
      this.#activate({
        kind: "dense",
        units: this.#channels(),
        ...this.#penalty(),
      });
    }
    const loss = random.pick(["logits", "probabilities"] as const);
    this.#layers.push({
      kind: "dense",
      units: 2 + random.integer(9),
      ...this.#penalty(),
      ...(loss === "probabilities" ? { activation: "softmax" } : {}),
    });
    return { inputShape, loss, layers: this.#layers };
  }

  /**
   * Draws 1 to 70 channels: 1 to 8 as often as 9 to 70. Between batch normalizations at least
   * three: the scale of a single channel has almost no effect, and its gradient is mostly rounding,
   * in Keras as well as here (errors of 1e-4 in both).
   */
  #channels(): number {
    const drawn = Math.floor(71 ** this.#random.uniform(0, 1));
    return Math.max(this.#isNormalized ? 3 : 1, drawn);
  }

  #penalty(): { readonly l2?: number } {
    const random = this.#random;
    return random.chance(0.3) ? { l2: random.pick([1e-4, 1e-3, 1e-2]) } : {};
  }

  #convolve(): void {
    const random = this.#random;
    const padding = random.pick(["valid", "same"] as const);
    const kernelSize = this.#window(5);
    const longest = random.pick([1, 1, 2, 3]);
    const strides = this.#window(longest);
    this.#shrink(kernelSize, strides, padding);
    this.#activate({
      kind: "anyConvolution",
      filters: this.#channels(),
      ...{ kernelSize, strides, padding },
      ...this.#penalty(),
    });
    if (random.chance(0.5)) this.#pool();
  }

  /** Adds a layer with weights, and the layers that follow it. */
  #activate(
    layer: Extract<TrialLayerRow, { kind: "anyConvolution" | "dense" }>,
  ): void {
    const random = this.#random;
    const relu = { kind: "relu" } as const;
    if (this.#isNormalized) {
      this.#layers.push(layer, { kind: "batchNormalization" });
      if (random.chance(0.7)) this.#layers.push(relu);
      return;
    }
    const chosen = random.pick(["fused", "relu", "other", "none"] as const);
    const isFused = chosen === "fused";
    this.#layers.push(isFused ? { ...layer, activation: "relu" } : layer);
    if (chosen === "relu") this.#layers.push(relu);
    if (chosen !== "other") return;
    const activation = random.pick(activations);
    this.#layers.push({ kind: "activation", activation });
  }

  #pool(): void {
    const random = this.#random;
    const isMax = random.chance(0.5);
    if (this.#isNormalized && isMax) {
      const isBehindRelu = this.#layers.at(-1)!.kind === "relu";
      if (!isBehindRelu || Math.min(...this.#sides) < 2) return;
      this.#shrink([2, 2], [2, 2], "valid");
      this.#layers.push({ kind: "maxPooling", poolSize: 2 });
      return;
    }
    const kind = isMax ? "anyMaxPooling" : "anyAveragePooling";
    const padding = random.pick(["valid", "same"] as const);
    const poolSize = this.#window(3);
    const strides = this.#window(3);
    this.#shrink(poolSize, strides, padding);
    this.#layers.push({ kind, poolSize, strides, padding });
  }

  /**
   * Draws a window with sides of up to `longest`, limited to the size of the maps; square in half
   * of the cases.
   */
  #window(longest: number): readonly [number, number] {
    const random = this.#random;
    const [height, width] = this.#sides;
    const first = 1 + random.integer(longest);
    const second = random.chance(0.5) ? first : 1 + random.integer(longest);
    return [Math.min(first, height), Math.min(second, width)];
  }

  #shrink(
    window: readonly [number, number],
    strides: readonly [number, number],
    padding: "valid" | "same",
  ): void {
    const after = (axis: 0 | 1) => {
      const side = this.#sides[axis];
      const places = padding === "same" ? side : side - window[axis] + 1;
      return Math.ceil(places / strides[axis]);
    };
    this.#sides = [after(0), after(1)];
  }
}
