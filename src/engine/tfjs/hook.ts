/**
 * Wraps methods of tfjs, and takes the wrappers off again.
 */

type Method = (...parameters: never[]) => unknown;

/** A wrapper in place of a method. */
export interface Hook<Wrapper = unknown> {
  /** The function that is the method now. */
  readonly wrapper: Wrapper;
  /**
   * Takes the wrapper off. If other code has replaced the method since, that replacement stays; if
   * it calls the wrapper, the wrapper calls the original method from now on. A second call does
   * nothing.
   */
  remove(): void;
}

/**
 * Wraps a method of an object or of a prototype.
 *
 * @param owner The object that has or inherits the method.
 * @param name The method's name.
 * @param wrap Creates the wrapper from the original method. Both are called with the `this` and the
 *   parameters of the call; without a `this`, with the owner.
 */
export function hookMethod<
  Name extends PropertyKey,
  Owner extends Record<Name, Method>,
>(
  owner: Owner,
  name: Name,
  wrap: (original: Owner[Name]) => Owner[Name],
): Hook<Owner[Name]> {
  const found = Object.getOwnPropertyDescriptor(owner, name);
  const original = owner[name];
  let current = wrap(original);
  const wrapper = function (this: unknown, ...parameters: never[]): unknown {
    // Code that has taken a method off its object calls it without `this`.
    return current.apply(this ?? owner, parameters);
  } as Owner[Name];
  owner[name] = wrapper;
  return {
    wrapper,
    remove() {
      current = original;
      if (owner[name] !== wrapper) return;
      if (found === undefined) delete (owner as Partial<Owner>)[name];
      else Object.defineProperty(owner, name, found);
    },
  };
}
