/**
 * TensorFlow.js's class registry, which resolves the layers, optimizers and activations of a saved
 * model.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";

/**
 * Returns the class that TensorFlow.js registered under a name, for extending: most of them are not
 * exported. `Class` declares the members that the caller uses.
 *
 * Throws an Error (`ERR_UNKNOWN_NAME`) if there is no such class, for example in a version that
 * renamed it.
 */
export function registeredClass<Class>(name: string): Class {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const entry = classNameMap[name];
  if (entry === undefined) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new Error(
        `Expected TensorFlow.js to register a class ${name}, received none`,
      ),
    );
  }
  return entry[0] as unknown as Class;
}

/** Names of the registered Keras-compatible classes. */
const names = new Set<string>();

/**
 * Registers a Keras-compatible class and declares it as a part of compiled steps. Its `className`
 * is Keras's name with the prefix "Keras".
 */
export function registerPart(part: { readonly className: string }): void {
  declarePart(part);
  names.add(part.className);
  tf.serialization.registerClass(
    part as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
  );
}

/**
 * Returns Keras's name of a Keras-compatible class, such as `Conv2D` for `KerasConv2D`. Returns
 * other names unchanged.
 */
export function nameInKeras(className: string): string {
  return names.has(className) ? className.slice("Keras".length) : className;
}
