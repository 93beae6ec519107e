/**
 * Creates the `exports` object of cells that are CommonJS modules, which holds the variables of all
 * cells.
 *
 * tslab compiles each cell to a CommonJS module, so `const x = 1` in one cell is `exports.x` in the
 * next.
 */

/**
 * Returns a proxy of a notebook's variables for use as `exports`.
 *
 * TypeScript defines imported names as getters on `exports`. Definitions are stored as plain
 * values, so that a later cell can declare such a name again.
 */
export function createScope(
  values: Record<string, unknown> = {},
): Record<string, unknown> {
  return new Proxy(values, {
    // Without this trap, assignments would pass through `defineProperty`, at twenty times the cost.
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
