/**
 * Declares functions and classes of this library as parts of compiled steps that need not be
 * checked in each step.
 *
 * TensorFlow.js's own layers, losses, metrics and optimizers are recognized by their source. Parts
 * of this library are declared here instead. The declaration is a promise: what the part does
 * depends only on its arguments, its own fields and `tf.Variable`s.
 */

const declared = new WeakSet<object>();

/**
 * Declares a loss, a metric or another function, or a class with its current methods, and returns
 * it.
 */
export function declarePart<Declared extends object>(part: Declared): Declared {
  declared.add(part);
  const { prototype } = part as { readonly prototype?: object };
  if (prototype === undefined) return part;
  for (const { value, get, set } of Object.values<PropertyDescriptor>(
    Object.getOwnPropertyDescriptors(prototype),
  )) {
    for (const method of [value as unknown, get, set]) {
      if (typeof method === "function") declared.add(method);
    }
  }
  return part;
}

/** Whether a function or class was declared. */
export function isDeclaredPart(part: object): boolean {
  return declared.has(part);
}
