/**
 * The object that holds the variables of all cells, in the part of `exports`.
 *
 * tslab makes a CommonJS module of each cell, so `const x = 1` in one cell is `exports.x` in the next.
 */

/**
 * The variables of a notebook, by name, as `exports`.
 *
 * TypeScript exports imported names as getters on `exports`; a later cell must be able to declare such
 * a name again, so a definition is stored as a plain value.
 */
export function createScope(
  values: Record<string, unknown> = {},
): Record<string, unknown> {
  return new Proxy(values, {
    // Without this an assignment passes through the next trap too, at twenty times the cost.
    set(_target, name, value) {
      values[name as string] = value;
      return true;
    },
    defineProperty(_target, name, attributes) {
      if (name === "__esModule") return true;
      values[name as string] = attributes.get
        ? (attributes.get.call(undefined) as unknown)
        : attributes.value;
      return true;
    },
  });
}
