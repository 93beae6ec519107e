/**
 * TensorFlow.js's register of classes, by which a saved model finds its layers, optimizers and activations.
 */
import { declarePart } from "../engine/parts/declared-parts";
import { tf } from "../engine/tensorflow";

/**
 * The class that TensorFlow.js registered under a name, to be extended: it does not export most of them. `Class` says what is used of it.
 *
 * Throws an Error if there is none, as with a version that has renamed it.
 */
export function registeredClass<Class>(name: string): Class {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const entry = classNameMap[name];
  if (entry === undefined) {
    throw new Error(
      `Expected TensorFlow.js to register a class ${name}, received none`,
    );
  }
  return entry[0] as unknown as Class;
}

/** Classes of the Keras form, by their names. */
const names = new Set<string>();

/**
 * Registers a class of the Keras form under its `className`, Keras's name with "Keras" before it, and declares it as a part of compiled
 * steps.
 */
export function registerPart(part: { readonly className: string }): void {
  declarePart(part);
  names.add(part.className);
  tf.serialization.registerClass(
    part as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
  );
}

/** Keras's own name of a class of the Keras form, such as `Conv2D` for `KerasConv2D`; another class's name as it is. */
export function nameInKeras(className: string): string {
  return names.has(className) ? className.slice("Keras".length) : className;
}
