/**
 * Compares the long-lived checker with new ones on 6,000 random cells.
 */
import { test } from "node:test";
import { checkRandomNotebook } from "../kernel/random-notebook";

for (let seed = 101; seed <= 130; seed += 1) {
  test(`200 random cells give the same results in a new checker (seed ${seed})`, () => {
    checkRandomNotebook(seed, 200);
  });
}
