/**
 * Compares the long-lived checker with new ones; `test/long/random-cells.test.ts` runs more cells.
 */
import { test } from "node:test";
import { checkRandomNotebook } from "./random-notebook";

for (const seed of [1, 2]) {
  test(`60 random cells give the same diagnostics with a new checker (seed ${seed})`, () => {
    checkRandomNotebook(seed, 60);
  });
}
