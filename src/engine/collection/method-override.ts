/**
 * Temporary replacement of another object's method.
 */

type Method = (...parameters: never[]) => unknown;

/**
 * Replaces a method of one object (not of its class).
 *
 * @param owner The object.
 * @param name The method's name.
 * @param replace Creates the replacement from the original method, which is bound to the object.
 * @returns A function that restores the original method, unless other code has replaced it since.
 */
export function overrideMethod<
  Name extends string,
  Owner extends Record<Name, Method>,
>(
  owner: Owner,
  name: Name,
  replace: (original: Owner[Name]) => Owner[Name],
): () => void {
  const found = Object.getOwnPropertyDescriptor(owner, name);
  const replacement = replace(owner[name].bind(owner) as Owner[Name]);
  owner[name] = replacement;
  return () => {
    if (owner[name] !== replacement) {
      return;
    }
    if (found === undefined) {
      delete (owner as Partial<Owner>)[name];
    } else {
      Object.defineProperty(owner, name, found);
    }
  };
}
