/**
 * Functions and classes of this library that may be part of a compiled step without being looked at in each step.
 *
 * TensorFlow.js's own layers, losses, metrics and optimizers are known by their source. A part of this library is declared here
 * instead. The declaration is a promise: what the part does depends on its arguments, on its own fields and on `tf.Variable`s, and
 * on nothing else.
 */

const declared = new WeakSet<object>();

/** Declares a loss, a metric or another function, or a class with the methods that it has now, and gives it back. */
export function declarePart<Declared extends object>(part: Declared): Declared {
  declared.add(part);
  const { prototype } = part as { readonly prototype?: object };
  if (prototype === undefined) return part;
  for (const { value, get, set } of Object.values(
    Object.getOwnPropertyDescriptors(prototype),
  ) as PropertyDescriptor[]) {
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
