/**
 * Initializers in Keras and in TensorFlow.js.
 *
 * A saved model has its weights, so initializers only matter to who builds it again.
 */
import { tf } from "../../engine/tensorflow";
import * as keras from "../../keras";
import { nameInKeras } from "../../keras/registered-class";
import {
  asKerasObject,
  camelCase,
  kerasObject,
  refusal,
  shortText,
  type KerasConfig,
  type KerasObject,
} from "./keras-object";

type Initializer = ReturnType<typeof keras.varianceScaling>;

/** What TensorFlow.js's `getConfig` returns for an initializer, a regularizer or a constraint. */
export interface TfjsObject {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Variance of a standard normal distribution truncated at −2 and 2. TensorFlow.js's "normal" does
 * not correct for it, Keras's "truncated_normal" does.
 */
const truncatedVariance = 0.87962566103423978 ** 2;

/** Settings of Keras's classes with fixed settings of `VarianceScaling`. */
const scaled: Readonly<
  Record<
    string,
    readonly [scale: number, mode: "fanIn" | "fanAvg", isUniform: boolean]
  >
> = {
  GlorotNormal: [1, "fanAvg", false],
  GlorotUniform: [1, "fanAvg", true],
  HeNormal: [2, "fanIn", false],
  HeUniform: [2, "fanIn", true],
  LecunNormal: [1, "fanIn", false],
  LecunUniform: [1, "fanIn", true],
};

/**
 * Creates the initializer of a Keras configuration. `owner` names its layer in errors. Throws an
 * Error (`ERR_UNSUPPORTED`) for a class that TensorFlow.js does not have.
 */
export function readInitializer(value: unknown, owner: string): Initializer {
  const { class_name: name, config } = asKerasObject(value, owner);
  const seed = typeof config["seed"] === "number" ? config["seed"] : undefined;
  const number = (key: string) => config[key] as number;
  const short = Object.hasOwn(scaled, name) ? scaled[name] : undefined;
  if (short !== undefined) {
    const [scale, mode, isUniform] = short;
    return varianceScaling(
      scale,
      mode,
      isUniform ? "uniform" : "truncatedNormal",
      seed,
    );
  }
  switch (name) {
    case "Zeros":
      return tf.initializers.zeros();
    case "Ones":
      return tf.initializers.ones();
    case "Constant":
      return tf.initializers.constant({ value: number("value") });
    case "Identity":
    case "IdentityInitializer":
      return tf.initializers.identity({ gain: number("gain") ?? 1 });
    case "Orthogonal":
    case "OrthogonalInitializer":
      return tf.initializers.orthogonal({
        gain: number("gain"),
        ...(seed === undefined ? {} : { seed }),
      });
    case "RandomUniform":
      return keras.randomUniform({
        minval: number("minval"),
        maxval: number("maxval"),
        seed,
      });
    case "RandomNormal":
    case "TruncatedNormal": {
      const options = { mean: number("mean"), stddev: number("stddev"), seed };
      return name === "RandomNormal"
        ? keras.randomNormal(options)
        : keras.truncatedNormal(options);
    }
    case "VarianceScaling":
      return varianceScaling(
        number("scale"),
        camelCase(String(config["mode"])) as "fanIn",
        camelCase(String(config["distribution"])) as "uniform",
        seed,
      );
    default:
      throw refusal(`an initializer of ${owner} that TensorFlow.js has`, name);
  }
}

/** Creates TensorFlow.js's own class where it computes what Keras computes. */
function varianceScaling(
  scale: number,
  mode: "fanIn" | "fanOut" | "fanAvg",
  distribution: "truncatedNormal" | "untruncatedNormal" | "uniform",
  seed: number | undefined,
): Initializer {
  if (distribution !== "uniform") {
    return keras.varianceScaling({ scale, mode, distribution, seed });
  }
  return tf.initializers.varianceScaling({
    scale,
    mode,
    distribution,
    ...(seed === undefined ? {} : { seed }),
  });
}

/**
 * Returns the Keras configuration of an initializer of TensorFlow.js or `keras`, with the same
 * distribution. Throws an Error (`ERR_UNSUPPORTED`) for a custom class.
 */
export function writeInitializer(value: unknown, owner: string): KerasObject {
  const { className, config } = value as TfjsObject;
  const seed = config["seed"] ?? null;
  const write = (name: string, settings: KerasConfig = {}) =>
    kerasObject("keras.initializers", name, settings);
  switch (className) {
    case "Zeros":
    case "Ones":
      return write(className);
    case "Constant":
      return write(className, { value: config["value"] });
    case "Identity":
    case "Orthogonal":
      return className === "Identity"
        ? write(className, { gain: config["gain"] })
        : write(className, { gain: config["gain"], seed });
    case "RandomUniform":
    case "KerasRandomUniform":
      return write("RandomUniform", {
        minval: config["minval"],
        maxval: config["maxval"],
        seed,
      });
    case "RandomNormal":
    case "TruncatedNormal":
    case "KerasRandomNormal":
    case "KerasTruncatedNormal":
      return write(nameInKeras(className), {
        mean: config["mean"],
        stddev: config["stddev"],
        seed,
      });
    case "VarianceScaling":
    case "KerasVarianceScaling":
      return write("VarianceScaling", {
        ...scaling(className, config),
        mode: { fanIn: "fan_in", fanOut: "fan_out", fanAvg: "fan_avg" }[
          config["mode"] as "fanIn"
        ],
        seed,
      });
    default:
      throw refusal(
        `an initializer of ${owner} that Keras has`,
        shortText(className),
      );
  }
}

/** Returns scale and distribution in Keras. TensorFlow.js's "truncatedNormal" is uniform. */
function scaling(className: string, config: TfjsObject["config"]): KerasConfig {
  const scale = config["scale"] as number;
  const distribution = config["distribution"] as string;
  if (className === "VarianceScaling") {
    return distribution === "normal"
      ? { scale: scale * truncatedVariance, distribution: "truncated_normal" }
      : { scale, distribution: "uniform" };
  }
  const names: Readonly<Record<string, string>> = {
    truncatedNormal: "truncated_normal",
    untruncatedNormal: "untruncated_normal",
  };
  return { scale, distribution: names[distribution] ?? distribution };
}
