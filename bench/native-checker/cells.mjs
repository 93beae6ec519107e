/**
 * The cells to check, and the completions in them.
 */

/**
 * A session of cells.
 *
 * @typedef {object} Session
 * @property {string} about Description of its cells.
 * @property {(index: number) => string} cell Returns the cell at an index, from 0.
 * @property {(index: number) => string} typed Returns the text to complete after that cell, with
 *   the cursor at its end.
 */

/**
 * Length of a block of the mixed cells, which name their declarations after the number of the
 * block.
 */
const BLOCK = 20;

/**
 * Returns a block of twenty cells, two of them with errors. Each block declares `shape`, `total`,
 * `counts` and `pick` again.
 *
 * @param {number} n
 */
function block(n) {
  return [
    n === 0
      ? 'import { join } from "node:path";'
      : `import { basename as base${n} } from "node:path"; base${n}("/a/b.txt")`,
    `interface Point${n} { readonly x: number; readonly y: number; label?: string }`,
    `const points${n}: Point${n}[] = [{ x: 1, y: 2 }, { x: 3, y: 4, label: "b" }];`,
    `function length${n}(p: Point${n}): number { return Math.hypot(p.x, p.y); }`,
    `points${n}.map(length${n})`,
    `class Shape${n} {
  constructor(readonly corners: readonly Point${n}[]) {}
  get size() { return this.corners.length; }
  scale(f: number) { return new Shape${n}(this.corners.map(({ x, y }) => ({ x: x * f, y: y * f }))); }
}`,
    `const shape = new Shape${n}(points${n}); shape.scale(2).size`,
    "let total = 0;",
    `for (const point of points${n}) total += length${n}(point);\ntotal`,
    'shape.scale("2")',
    `type Kinds${n} = { [K in keyof Point${n}]: Point${n}[K] extends number ? "number" : "other" };`,
    'const counts = new Map<string, number>();\nfor (const word of "a b a".split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);\n[...counts]',
    `const read${n} = async (name: string) => (await import("node:fs/promises")).readFile(name, "utf8");`,
    `const text${n} = await Promise.resolve("a"); text${n}.toUpperCase()`,
    `enum Level${n} { Low = 1, High = 10 }\nLevel${n}.High`,
    `const level${n} = Level${n}.Low as Level${n}; level${n} === Level${n}.High ? "high" : "low"`,
    `points${n}.lenght`,
    "function pick<T, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> {\n  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;\n}",
    `pick(points${n}[0]!, "x").x`,
    `join("a", shape.constructor.name, text${n})`,
  ];
}

/** @type {Readonly<Record<string, Session>>} */
export const sessions = {
  tensors: {
    about: "TensorFlow.js, then small tensors",
    cell: (index) =>
      index === 0
        ? 'import * as tf from "@tensorflow/tfjs-node";'
        : `const t${index} = tf.tensor([1, 2, 3]).mul(${index}); t${index}.shape`,
    typed: (index) => (index === 0 ? "tf." : `t${index}.`),
  },
  mixed: {
    about:
      "functions, classes, types, enums and redeclarations without packages, one of ten cells with an error",
    cell: (index) => block(Math.floor(index / BLOCK))[index % BLOCK],
    typed: (index) =>
      index % BLOCK < 6
        ? "Math."
        : index % (2 * BLOCK) < BLOCK
          ? "shape."
          : "counts.",
  },
};
