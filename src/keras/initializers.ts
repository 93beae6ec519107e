/**
 * Initial weights drawn as Keras draws them: the same distributions, not the same numbers.
 */
import { tf } from "../engine/tensorflow";
import { checkRange } from "./check";
import { registeredClass, registerPart } from "./registered-class";

/** An initializer, to be given to a layer of tfjs or of the Keras form. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** What tfjs's initializers have in common, as a class to be extended. */
type InitializerClass = new (options: object) => Initializer;

/** Setting of every initializer that draws. */
export interface SeedOptions {
  /** Whole number by which the numbers are drawn, the same ones each time. Without it they follow `setSeed`. */
  readonly seed?: number;
}

/** Settings of {@link truncatedNormal} and {@link randomNormal}. */
export interface NormalOptions extends SeedOptions {
  /** 0 by default. */
  readonly mean?: number;
  /** Standard deviation before numbers are cut off; 0.05 by default. */
  readonly stddev?: number;
}

/** Settings of {@link randomUniform}. */
export interface UniformOptions extends SeedOptions {
  /** Lower bound; −0.05 by default. */
  readonly minval?: number;
  /** Upper bound; 0.05 by default. */
  readonly maxval?: number;
}

/** Settings of {@link varianceScaling}. */
export interface VarianceScalingOptions extends SeedOptions {
  /** Variance times the fan; 1 by default. */
  readonly scale?: number;
  /** Inputs of a unit, its outputs, or the mean of both; "fanIn" by default. */
  readonly mode?: "fanIn" | "fanOut" | "fanAvg";
  /** "truncatedNormal" by default. */
  readonly distribution?: "truncatedNormal" | "untruncatedNormal" | "uniform";
}

/** Standard deviation of a standard normal distribution that is cut off at −2 and 2. */
const truncatedDeviation = 0.87962566103423978;

/** A seed as tfjs's functions take it: they read 0 as none. */
function seedOf(seed: number | undefined): number | undefined {
  return seed === 0 ? Number.MIN_VALUE : seed;
}

class KerasTruncatedNormal extends registeredClass<InitializerClass>(
  "TruncatedNormal",
) {
  static readonly className: string = "KerasTruncatedNormal";
  protected readonly settings: Required<Omit<NormalOptions, "seed">>;
  protected readonly drawnBy: number | undefined;

  constructor({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}) {
    super({});
    checkRange("stddev", stddev, 0);
    this.settings = { mean, stddev };
    this.drawnBy = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { mean, stddev } = this.settings;
    const sizes = shape as number[];
    return tf.truncatedNormal(
      sizes,
      mean,
      stddev,
      "float32",
      seedOf(this.drawnBy),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.settings, seed: this.drawnBy ?? null };
  }
}

class KerasRandomNormal extends KerasTruncatedNormal {
  static override readonly className = "KerasRandomNormal";

  override apply(shape: tf.Shape): tf.Tensor {
    const { mean, stddev } = this.settings;
    const sizes = shape as number[];
    return tf.randomNormal(
      sizes,
      mean,
      stddev,
      "float32",
      seedOf(this.drawnBy),
    );
  }
}

class KerasRandomUniform extends registeredClass<InitializerClass>(
  "RandomUniform",
) {
  static readonly className = "KerasRandomUniform";
  private readonly settings: Required<Omit<UniformOptions, "seed">>;
  private readonly drawnBy: number | undefined;

  constructor({ minval = -0.05, maxval = 0.05, seed }: UniformOptions = {}) {
    super({});
    checkRange("minval", minval, -Infinity);
    checkRange("maxval", maxval, minval);
    this.settings = { minval, maxval };
    this.drawnBy = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { minval, maxval } = this.settings;
    const sizes = shape as number[];
    return tf.randomUniform(
      sizes,
      minval,
      maxval,
      "float32",
      seedOf(this.drawnBy),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.settings, seed: this.drawnBy ?? null };
  }
}

class KerasVarianceScaling extends registeredClass<InitializerClass>(
  "VarianceScaling",
) {
  static readonly className = "KerasVarianceScaling";
  private readonly settings: Required<Omit<VarianceScalingOptions, "seed">>;
  private readonly drawnBy: number | undefined;

  constructor(options: VarianceScalingOptions = {}) {
    const { scale = 1, mode = "fanIn", seed } = options;
    const { distribution = "truncatedNormal" } = options;
    super({});
    if (!(scale > 0)) {
      throw new RangeError(
        `Expected \`scale\` to be a number above 0, received ${scale}`,
      );
    }
    checkOneOf("mode", mode, ["fanIn", "fanOut", "fanAvg"]);
    checkOneOf("distribution", distribution, [
      "truncatedNormal",
      "untruncatedNormal",
      "uniform",
    ]);
    this.settings = { scale, mode, distribution };
    this.drawnBy = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { scale, mode, distribution } = this.settings;
    const sizes = shape as number[];
    const { fanIn, fanOut } = fansOf(sizes);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    const deviation = Math.sqrt(variance);
    const seed = seedOf(this.drawnBy);
    switch (distribution) {
      case "truncatedNormal": {
        // What is cut off takes a fifth of the variance, which tfjs does not make up for.
        const wider = deviation / truncatedDeviation;
        return tf.truncatedNormal(sizes, 0, wider, "float32", seed);
      }
      case "untruncatedNormal":
        return tf.randomNormal(sizes, 0, deviation, "float32", seed);
      case "uniform": {
        const limit = Math.sqrt(3 * variance);
        return tf.randomUniform(sizes, -limit, limit, "float32", seed);
      }
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.settings, seed: this.drawnBy ?? null };
  }
}

function checkOneOf(name: string, value: string, allowed: string[]): void {
  if (allowed.includes(value)) return;
  throw new RangeError(
    `Expected \`${name}\` to be one of ${allowed.join(", ")}, received ${value}`,
  );
}

/** Inputs and outputs of a unit: of a dense kernel (in, out), of a convolution's (…, in, out), or of a vector. */
function fansOf(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    const size = shape[0] ?? 1;
    return { fanIn: size, fanOut: size };
  }
  const field = tf.util.sizeFromShape(shape.slice(0, -2));
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  return { fanIn: inputs * field, fanOut: outputs * field };
}

registerPart(KerasTruncatedNormal);
registerPart(KerasRandomNormal);
registerPart(KerasRandomUniform);
registerPart(KerasVarianceScaling);

/**
 * Numbers from a normal distribution; those more than two standard deviations off the mean are drawn again.
 *
 * `options` {@link NormalOptions}: `mean` 0, `stddev` 0.05, `seed` none. Their variance is 0.774 of `stddev` squared. Throws a
 * RangeError if `stddev` is below 0. Source: Keras 3, `TruncatedNormal`. Differs from `tf.initializers.truncatedNormal` in taking 0
 * for `stddev` and `seed` as 0, and in being callable without options.
 */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  return new KerasTruncatedNormal(options);
}

/**
 * Numbers from a normal distribution.
 *
 * `options` {@link NormalOptions}: `mean` 0, `stddev` 0.05, `seed` none. Throws a RangeError if `stddev` is below 0. Source: Keras 3,
 * `RandomNormal`. `tf.initializers.randomNormal` reads a `stddev` of 0 as 0.05 and a `seed` of 0 as none.
 */
export function randomNormal(options: NormalOptions = {}): Initializer {
  return new KerasRandomNormal(options);
}

/**
 * Numbers evenly from an interval.
 *
 * `options` {@link UniformOptions}: `minval` −0.05, `maxval` 0.05, `seed` none. Throws a RangeError if `maxval` is below `minval`.
 * Source: Keras 3, `RandomUniform`. `tf.initializers.randomUniform` reads a bound of 0 as its default, −0.05 or 0.05.
 */
export function randomUniform(options: UniformOptions = {}): Initializer {
  return new KerasRandomUniform(options);
}

/**
 * Numbers whose variance is `scale` over the number of a unit's inputs, of its outputs, or the mean of both.
 *
 * `options` {@link VarianceScalingOptions}: `scale` 1, `mode` "fanIn", `distribution` "truncatedNormal", `seed` none. Throws a
 * RangeError if `scale` is not above 0 or a name is unknown. Source: Keras 3, `VarianceScaling`. tfjs's distribution "normal" has
 * 0.774 of this variance, and its "truncatedNormal" is uniform.
 */
export function varianceScaling(
  options: VarianceScalingOptions = {},
): Initializer {
  return new KerasVarianceScaling(options);
}

/**
 * He's initial weights: truncated normal with variance 2 over the number of inputs.
 *
 * `options` {@link SeedOptions}: `seed` none. Source: Keras 3, `HeNormal`; He et al. 2015, "Delving deep into rectifiers".
 */
export function heNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 2, mode: "fanIn", seed });
}

/**
 * Glorot's initial weights: truncated normal with variance 1 over the mean of inputs and outputs.
 *
 * `options` {@link SeedOptions}: `seed` none. Source: Keras 3, `GlorotNormal`; Glorot and Bengio 2010.
 */
export function glorotNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 1, mode: "fanAvg", seed });
}

/**
 * LeCun's initial weights: truncated normal with variance 1 over the number of inputs.
 *
 * `options` {@link SeedOptions}: `seed` none. Source: Keras 3, `LecunNormal`; LeCun et al. 1998, "Efficient backprop".
 */
export function leCunNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 1, mode: "fanIn", seed });
}
