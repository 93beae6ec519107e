/**
 * The cells of the soak test: one round of everything that a notebook does.
 */
import assert from "node:assert/strict";
import type { KernelClient } from "../kernel/kernel-client";

const PRINTED_LINES = 1000;

/** A cell and its expected status. */
interface SoakCell {
  /** Returns the cell's source; `index` is its position in the whole run. */
  readonly code: (index: number) => string;
  readonly ends?: "ok" | "error";
  /** Sends further requests to the kernel after the cell. */
  readonly ask?: (kernel: KernelClient) => Promise<void>;
}

const ok = (...lines: string[]): SoakCell => ({
  code: (index) => lines.join("\n").replaceAll("INDEX", String(index)),
});

const fails = (...lines: string[]): SoakCell => ({
  ...ok(...lines),
  ends: "error",
});

/** One round. Each cell declares again what it declared in the previous round. */
export const soakRound: readonly SoakCell[] = [
  ok(
    'import * as tf from "@tensorflow/tfjs-node";',
    'import { Shelf, type Book } from "./shelf";',
    "const shelf = new Shelf([{ title: 'INDEX', pages: INDEX }]);",
    "shelf.pages",
  ),
  ok(
    "class Account {",
    "  readonly #owner: string;",
    "  constructor(owner: string, public balance = INDEX) { this.#owner = owner; }",
    "  get label(): string { return `${this.#owner}: ${this.balance}`; }",
    "}",
    "interface Entry { account: Account; amount: number }",
    "const entries: Entry[] = [{ account: new Account('INDEX'), amount: 1 }];",
    "entries[0].account.label",
  ),
  ok(
    "const images = tf.randomUniform([16, 32, 32, 3]);",
    "const means = tf.tidy(() => images.mean([1, 2]).arraySync());",
    "images.dispose();",
    "tf.tidy(() => tf.tensor2d(means as number[][]).mul(INDEX))",
  ),
  {
    ...ok(
      `for (let line = 0; line < ${PRINTED_LINES}; line += 1) console.log(\`line \${line} of cell INDEX\`);`,
    ),
    ask: async (kernel) => {
      const code = "shelf.";
      const { content } = await kernel.request("complete_request", {
        code,
        cursor_pos: code.length,
      });
      assert.ok((content.matches as string[]).includes("pages"));
    },
  },
  fails("const wrong: string = INDEX;\nentries.nothing"),
  {
    ...ok(
      'import { display } from "tslab";',
      "display.html(`<b>${INDEX}</b><p>${'x'.repeat(2000)}</p>`);",
      "let total = 0;",
      "for (const { amount } of entries) total += amount;",
      "total",
    ),
    ask: async (kernel) => {
      const { content } = await kernel.request("inspect_request", {
        code: "entries",
        cursor_pos: 3,
        detail_level: 0,
      });
      assert.equal(content.found, true);
    },
  },
  fails(
    "function deep(n: number): never { if (n > 0) deep(n - 1); throw new Error('INDEX'); }\ndeep(20)",
  ),
  ok(
    "const later = async (value: number) => { await new Promise((go) => setTimeout(go, 1)); return value; };",
    "const [first, second] = await Promise.all([later(INDEX), later(2)]);",
    "({ first, second })",
  ),
  ok(
    "type Pair<A, B = A> = readonly [A, B];",
    "const swap = <A, B>([a, b]: Pair<A, B>): Pair<B, A> => [b, a];",
    "const pairs = Array.from({ length: 100 }, (_, place): Pair<number, string> => [place, String(place * INDEX)]);",
    "pairs.map(swap).slice(0, 3)",
  ),
  ok(
    "var model: tf.Sequential | undefined;",
    "if (INDEX % 50 === 9) {",
    "  model?.dispose();",
    "  model = tf.sequential({ layers: [",
    "    tf.layers.dense({ units: 4, inputShape: [8], activation: 'relu' }), tf.layers.dense({ units: 1 })] });",
    "  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });",
    "  const [x, y] = [tf.ones([32, 8]), tf.ones([32, 1])];",
    "  await model.fit(x, y, { epochs: 2, verbose: 0 });",
    "  tf.dispose([x, y]);",
    "}",
    "tf.memory().numTensors < 200",
  ),
];

/** The file `shelf.ts`, which the cells import. */
export const shelfFile = `export interface Book { readonly title: string; readonly pages: number }

class Shelf {
  constructor(private readonly books: readonly Book[]) {}

  get pages(): number {
    return this.books.reduce((sum, { pages }) => sum + pages, 0);
  }
}
`;
