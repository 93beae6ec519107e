/**
 * Losses in files of Keras.
 */
import * as keras from "../../keras";
import {
  checkSettings,
  functionName,
  nameIn,
  partOf,
  refuseToWrite,
  type Part,
} from "./function-names";
import { kerasObject, refusal } from "./keras-object";

type Loss = string | keras.Loss;

/** Losses of TensorFlow.js by Keras's names of the functions. */
const losses: Readonly<Record<string, Loss>> = {
  binary_crossentropy: "binaryCrossentropy",
  categorical_crossentropy: "categoricalCrossentropy",
  categorical_hinge: "categoricalHinge",
  cosine_similarity: "cosineProximity",
  hinge: keras.hinge,
  kl_divergence: "kullbackLeiblerDivergence",
  log_cosh: "logcosh",
  mean_absolute_error: "meanAbsoluteError",
  mean_absolute_percentage_error: "meanAbsolutePercentageError",
  mean_squared_error: "meanSquaredError",
  mean_squared_logarithmic_error: "meanSquaredLogarithmicError",
  poisson: "poisson",
  sparse_categorical_crossentropy: "sparseCategoricalCrossentropy",
  squared_hinge: keras.squaredHinge,
};

/** Returns a loss as Keras stores it. Throws an Error (`ERR_UNSUPPORTED`) if Keras has no such. */
export function writeLoss(loss: unknown): unknown {
  if (isConfigured(loss)) {
    const { fromLogits, labelSmoothing } = loss.settings;
    return kerasObject("keras.losses", loss.className, {
      from_logits: fromLogits,
      label_smoothing: labelSmoothing,
    });
  }
  return nameIn(losses, loss) ?? refuseToWrite("loss", loss);
}

function isConfigured(loss: unknown): loss is keras.losses.ConfiguredLoss {
  return typeof loss === "function" && "settings" in loss;
}

/** Returns a cross-entropy with settings; undefined for another loss, or one without any. */
function readCrossentropy({ name, config }: Part): Loss | undefined {
  const {
    from_logits: fromLogits = false,
    label_smoothing: labelSmoothing = 0,
    ...rest
  } = config as { from_logits?: boolean; label_smoothing?: number };
  const create = {
    binary_crossentropy: keras.losses.binaryCrossentropy,
    categorical_crossentropy: keras.losses.categoricalCrossentropy,
  }[functionName(name)];
  if (!create || (!fromLogits && labelSmoothing === 0)) return undefined;
  checkSettings(name, rest);
  return create({ fromLogits, labelSmoothing });
}

/** Returns a loss that Keras has stored. Throws an Error (`ERR_UNSUPPORTED`) for unknown ones. */
export function readLoss(value: unknown): Loss {
  const part = partOf(value);
  const { name, config } = part;
  const crossentropy = readCrossentropy(part);
  if (crossentropy) return crossentropy;
  const found = losses[functionName(name)];
  if (found === undefined) {
    throw refusal(
      "a loss that this library has",
      `${name}; \`compile: false\` loads the model without it`,
    );
  }
  checkSettings(name, config);
  return found;
}
