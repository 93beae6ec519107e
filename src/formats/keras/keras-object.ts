/**
 * The objects of a Keras configuration: a class with its settings, as JSON.
 *
 * Source: Keras 3, `saving/serialization_lib.py`, `serialize_keras_object`.
 */
import { inspect } from "node:util";
import { coded } from "../../notebook/coded-error";

/** Settings by Keras's names, such as `kernel_size`. */
export type KerasConfig = Readonly<Record<string, unknown>>;

/** A class of Keras with its settings. */
export interface KerasObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: KerasConfig;
  readonly registered_name: string | null;
  /** Marks objects that are one and the same. */
  readonly shared_object_id?: number;
}

/** Creates the object of one of Keras's own classes. */
export function kerasObject(
  module: string,
  className: string,
  config: KerasConfig = {},
): KerasObject {
  return { module, class_name: className, config, registered_name: null };
}

/** Whether a value of a configuration is an object of JSON, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns a value of a configuration as a class with its settings.
 *
 * `owner` names in errors what the value belongs to. Throws an Error (`ERR_FILE_FORMAT`) if it is
 * something else, and an Error (`ERR_UNSUPPORTED`) if the class is not one of Keras's own.
 */
export function asKerasObject(value: unknown, owner: string): KerasObject {
  if (!isRecord(value) || typeof value["class_name"] !== "string") {
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(
        `Expected a class with its settings in ${owner}, received ${shortText(value)}`,
      ),
    );
  }
  const { module, class_name, config, registered_name } = value;
  const { shared_object_id: id } = value;
  const isOwn =
    typeof module === "string" &&
    (module === "keras" || module.startsWith("keras."));
  if (!isOwn) {
    throw refusal(
      `a class of Keras in ${owner}`,
      `${typeof registered_name === "string" ? registered_name : class_name}, a custom class`,
    );
  }
  return {
    module,
    class_name,
    config: isRecord(config) ? config : {},
    registered_name: null,
    ...(typeof id === "number" ? { shared_object_id: id } : {}),
  };
}

/**
 * Returns a value of a configuration as a layer or a model. Throws as {@link asKerasObject} does,
 * and an Error (`ERR_UNSUPPORTED`) if it is a function of Keras.
 */
export function asLayerObject(value: unknown): KerasObject {
  const object = asKerasObject(value, "the model");
  const { module, class_name: className } = object;
  if (/^keras(?:$|\.(?:src\.)?(?:layers|models)\b)/.test(module)) return object;
  const { name } = object.config;
  throw refusal(
    `only layers in the model, for ${String(name)} as well`,
    `${className} of ${module}, a function`,
  );
}

/** Creates the error for something that a format or this library does not have. */
export function refusal(expected: string, received: string): Error {
  return coded(
    "ERR_UNSUPPORTED",
    new Error(`Expected ${expected}, received ${received}`),
  );
}

/**
 * Returns what a function creates. An error of TensorFlow.js becomes one (`ERR_UNSUPPORTED`) that
 * names `owner`.
 */
export function refusing<Created>(
  owner: string,
  create: () => Created,
): Created {
  try {
    return create();
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected ${owner} to be one that TensorFlow.js can create, received its error: ${short}`,
        { cause: error },
      ),
    );
  }
}

/** Names of tensors in TensorFlow.js, which begin with the names of their layers. */
const validName = /^[A-Za-z0-9][-A-Za-z0-9_./]*$/;

/** Throws an Error (`ERR_UNSUPPORTED`) if TensorFlow.js cannot name a layer so. */
export function checkLayerName(name: string): void {
  if (validName.test(name)) return;
  throw refusal(
    "names of layers that TensorFlow.js accepts, of the letters a to z, digits, -, _ and ., with a letter or digit first",
    shortText(name),
  );
}

/** Throws an Error (`ERR_UNSUPPORTED`) if TensorFlow.js does not have such an input. */
export function checkInput(
  name: string,
  shape: readonly unknown[],
  owner: string,
): void {
  checkLayerName(name);
  if (shape.length > 1) return;
  throw refusal(`an axis in addition to the batch's in ${owner}`, "none");
}

/** Returns a value of a configuration for a message. */
export function shortText(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 6 });
}

/** Converts a name of TensorFlow.js to one of Keras: `kernelSize` becomes `kernel_size`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Converts a name of Keras to one of TensorFlow.js: `kernel_size` becomes `kernelSize`. */
export function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
