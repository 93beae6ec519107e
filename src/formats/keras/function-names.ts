/**
 * Names and settings of losses and metrics: Keras has several names of each, and writes it as a
 * name, a function or an object.
 */
import {
  isRecord,
  refusal,
  shortText,
  snakeCase,
  type KerasConfig,
} from "./keras-object";

/** A loss or metric of this library: a function, or its name in TensorFlow.js. */
type Named = string | ((...parameters: never[]) => unknown);

/** Further names of losses and metrics, in Keras and in TensorFlow.js. */
const shortNames: Readonly<Record<string, string>> = {
  acc: "accuracy",
  bce: "binary_crossentropy",
  kld: "kl_divergence",
  kullback_leibler_divergence: "kl_divergence",
  logcosh: "log_cosh",
  mae: "mean_absolute_error",
  mape: "mean_absolute_percentage_error",
  mse: "mean_squared_error",
  msle: "mean_squared_logarithmic_error",
  cosine_proximity: "cosine_similarity",
};

/** Settings of losses and metrics that are read, with their only values. */
const fixed: KerasConfig = {
  reduction: "sum_over_batch_size",
  from_logits: false,
  label_smoothing: 0,
  ignore_class: null,
  axis: -1,
  threshold: 0.5,
  thresholds: null,
  top_k: null,
  class_id: null,
};

/** Returns Keras's name of a function of this library, or of one with a name in TensorFlow.js. */
export function nameIn(
  table: Readonly<Record<string, Named>>,
  value: unknown,
): string | undefined {
  const keys = Object.keys(table);
  if (typeof value !== "string") {
    return keys.find((key) => table[key] === value);
  }
  const lower = /^[A-Z]+$/.test(value) ? value.toLowerCase() : snakeCase(value);
  const name = shortNames[lower] ?? lower;
  // A function in the table computes something else than TensorFlow.js's of the same name.
  return keys.find(
    (key) =>
      typeof table[key] === "string" && [name, className(name)].includes(key),
  );
}

/** Returns the name of the class of a function: `mean_squared_error` becomes `MeanSquaredError`. */
export function className(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
}

/** Throws the error for a loss or metric that Keras does not have. */
export function refuseToWrite(what: string, value: unknown): never {
  const name = typeof value === "function" ? value.name : shortText(value);
  throw refusal(
    `a ${what} that Keras has, of TensorFlow.js or of keras`,
    `${name}; \`includeOptimizer: false\` saves the model without loss, metrics and optimizer`,
  );
}

/** The name and the settings of a loss or metric. */
export interface Part {
  readonly name: string;
  readonly config: KerasConfig;
}

/** Returns the name and the settings of a loss or metric: a name, a function or an object. */
export function partOf(value: unknown): Part {
  if (typeof value === "string") return { name: value, config: {} };
  if (!isRecord(value)) return { name: shortText(value), config: {} };
  const { class_name: name, config } = value;
  if (name === "function") return { name: String(config), config: {} };
  return { name: String(name), config: isRecord(config) ? config : {} };
}

/** Returns the full name of a function of Keras, even for the name of its class. */
export function functionName(name: string): string {
  const lower = /^[A-Z]/.test(name)
    ? snakeCase(name).slice(1).replace("k_l_", "kl_")
    : name;
  return shortNames[lower] ?? lower;
}

/** Throws an Error (`ERR_UNSUPPORTED`) if a loss or metric has settings that are not read. */
export function checkSettings(name: string, config: KerasConfig): void {
  for (const [key, only] of Object.entries(fixed)) {
    const given = config[key] ?? only;
    if (given === only) continue;
    throw refusal(`${key} of ${name} to be ${only}`, shortText(given));
  }
}
