/**
 * Weight initializers with Keras's distributions. The random values themselves differ from Keras's.
 */
import { tf } from "../engine/tensorflow";
import { checkFinite, checkOneOf, checkPositive, checkRange } from "../check";
import { registeredClass, registerPart } from "./registered-class";

/** An initializer, for layers of tfjs and of this module. */
export type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** The base type of tfjs's initializer classes. */
type InitializerClass = new (options: object) => Initializer;

/** The option that all random initializers share. */
export interface SeedOptions {
  /** Integer seed, for the same values on each call. By default the values depend on `setSeed`. */
  readonly seed?: number | undefined;
}

/** Options of {@link truncatedNormal} and {@link randomNormal}. */
export interface NormalOptions extends SeedOptions {
  /** Mean of the distribution; 0 by default. */
  readonly mean?: number;
  /** Standard deviation before truncation; 0.05 by default. */
  readonly stddev?: number;
}

/** Options of {@link randomUniform}. */
export interface UniformOptions extends SeedOptions {
  /** Lower bound; −0.05 by default. */
  readonly minval?: number;
  /** Upper bound; 0.05 by default. */
  readonly maxval?: number;
}

/** Options of {@link varianceScaling}. */
export interface VarianceScalingOptions extends SeedOptions {
  /** Variance times the fan; 1 by default. */
  readonly scale?: number;
  /**
   * Whether the fan is a unit's number of inputs, of outputs, or their mean; "fanIn" by default.
   */
  readonly mode?: "fanIn" | "fanOut" | "fanAvg";
  /** Distribution of the values; "truncatedNormal" by default. */
  readonly distribution?: "truncatedNormal" | "untruncatedNormal" | "uniform";
}

/** Standard deviation of a standard normal distribution truncated at −2 and 2. */
const truncatedDeviation = 0.87962566103423978;

/** Converts a seed for tfjs's random functions, which treat 0 as no seed. */
function seedOf(seed: number | undefined): number | undefined {
  return seed === 0 ? Number.MIN_VALUE : seed;
}

class KerasTruncatedNormal extends registeredClass<InitializerClass>(
  "TruncatedNormal",
) {
  static readonly className: string = "KerasTruncatedNormal";
  protected readonly settings: Required<Omit<NormalOptions, "seed">>;
  protected readonly givenSeed: number | undefined;

  constructor({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}) {
    super({});
    checkFinite("mean", mean);
    checkRange("stddev", stddev, 0);
    this.settings = { mean, stddev };
    this.givenSeed = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { mean, stddev } = this.settings;
    const sizes = shape as number[];
    return tf.truncatedNormal(
      sizes,
      mean,
      stddev,
      "float32",
      seedOf(this.givenSeed),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.settings, seed: this.givenSeed ?? null };
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
      seedOf(this.givenSeed),
    );
  }
}

class KerasRandomUniform extends registeredClass<InitializerClass>(
  "RandomUniform",
) {
  static readonly className = "KerasRandomUniform";
  private readonly settings: Required<Omit<UniformOptions, "seed">>;
  private readonly givenSeed: number | undefined;

  constructor({ minval = -0.05, maxval = 0.05, seed }: UniformOptions = {}) {
    super({});
    checkFinite("minval", minval);
    checkRange("maxval", maxval, minval);
    this.settings = { minval, maxval };
    this.givenSeed = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { minval, maxval } = this.settings;
    const sizes = shape as number[];
    return tf.randomUniform(
      sizes,
      minval,
      maxval,
      "float32",
      seedOf(this.givenSeed),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.settings, seed: this.givenSeed ?? null };
  }
}

class KerasVarianceScaling extends registeredClass<InitializerClass>(
  "VarianceScaling",
) {
  static readonly className = "KerasVarianceScaling";
  private readonly settings: Required<Omit<VarianceScalingOptions, "seed">>;
  private readonly givenSeed: number | undefined;

  constructor(options: VarianceScalingOptions = {}) {
    const { scale = 1, mode = "fanIn", seed } = options;
    const { distribution = "truncatedNormal" } = options;
    super({});
    checkPositive("scale", scale);
    checkOneOf("mode", mode, ["fanIn", "fanOut", "fanAvg"]);
    checkOneOf("distribution", distribution, [
      "truncatedNormal",
      "untruncatedNormal",
      "uniform",
    ]);
    this.settings = { scale, mode, distribution };
    this.givenSeed = seed ?? undefined;
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const { scale, mode, distribution } = this.settings;
    const sizes = shape as number[];
    const { fanIn, fanOut } = fansOf(sizes);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    const deviation = Math.sqrt(variance);
    const seed = seedOf(this.givenSeed);
    switch (distribution) {
      case "truncatedNormal": {
        // Truncation removes about a fifth of the variance, and tfjs does not compensate for it.
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
    return { ...this.settings, seed: this.givenSeed ?? null };
  }
}

/**
 * Returns the numbers of inputs and outputs of a unit, for a dense kernel (in, out), a convolution
 * kernel (…, in, out), or a vector.
 */
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
 * Creates an initializer with a normal distribution truncated at two standard deviations from the
 * mean. Values beyond that are redrawn.
 *
 * `options` {@link NormalOptions}: `mean` 0, `stddev` 0.05, no `seed`. The variance of the values
 * is 0.774 of `stddev` squared. Throws a RangeError (`ERR_INVALID_VALUE`) if `stddev` is below 0.
 * Unlike `tf.initializers.truncatedNormal`, it accepts 0 for `stddev` and `seed`, and can be called
 * without options.
 *
 * Source: Keras 3, `TruncatedNormal`.
 */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  return new KerasTruncatedNormal(options);
}

/**
 * Creates an initializer with a normal distribution.
 *
 * `options` {@link NormalOptions}: `mean` 0, `stddev` 0.05, no `seed`. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if `stddev` is below 0. `tf.initializers.randomNormal` treats a `stddev` of
 * 0 as 0.05 and a `seed` of 0 as no seed.
 *
 * Source: Keras 3, `RandomNormal`.
 */
export function randomNormal(options: NormalOptions = {}): Initializer {
  return new KerasRandomNormal(options);
}

/**
 * Creates an initializer with a uniform distribution.
 *
 * `options` {@link UniformOptions}: `minval` −0.05, `maxval` 0.05, no `seed`. Throws a RangeError
 * (`ERR_INVALID_VALUE`) if `maxval` is below `minval`. `tf.initializers.randomUniform` replaces a
 * bound of 0 by its default, −0.05 or 0.05.
 *
 * Source: Keras 3, `RandomUniform`.
 */
export function randomUniform(options: UniformOptions = {}): Initializer {
  return new KerasRandomUniform(options);
}

/**
 * Creates an initializer whose values have the variance `scale` divided by the fan of a unit.
 *
 * `options` {@link VarianceScalingOptions}: `scale` 1, `mode` "fanIn", `distribution`
 * "truncatedNormal", no `seed`. Throws a RangeError (`ERR_INVALID_VALUE`) if `scale` is not above
 * 0, or if `mode` or `distribution` is unknown. tfjs's distribution "normal" has 0.774 of this
 * variance, and its "truncatedNormal" is uniform.
 *
 * Source: Keras 3, `VarianceScaling`.
 */
export function varianceScaling(
  options: VarianceScalingOptions = {},
): Initializer {
  return new KerasVarianceScaling(options);
}

/**
 * Creates He's initializer: truncated normal with variance 2 / (number of inputs).
 *
 * `options` {@link SeedOptions}: no `seed`. Source: Keras 3, `HeNormal`; He et al. 2015, "Delving
 * deep into rectifiers".
 */
export function heNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 2, mode: "fanIn", seed });
}

/**
 * Creates Glorot's initializer: truncated normal with variance 1 / (mean of the numbers of inputs
 * and outputs).
 *
 * `options` {@link SeedOptions}: no `seed`. Source: Keras 3, `GlorotNormal`; Glorot and Bengio
 * 2010.
 */
export function glorotNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 1, mode: "fanAvg", seed });
}

/**
 * Creates LeCun's initializer: truncated normal with variance 1 / (number of inputs).
 *
 * `options` {@link SeedOptions}: no `seed`. Source: Keras 3, `LecunNormal`; LeCun et al. 1998,
 * "Efficient backprop".
 */
export function leCunNormal({ seed }: SeedOptions = {}): Initializer {
  return varianceScaling({ scale: 1, mode: "fanIn", seed });
}
