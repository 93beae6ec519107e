/**
 * The long-lived checker against fresh ones, 6,000 random cells.
 */
import { test } from "node:test";
import { checkRandomNotebook } from "../kernel/random-notebook";

for (let seed = 101; seed <= 130; seed += 1) {
  test(`200 random cells say the same to a fresh checker (seed ${seed})`, () => {
    checkRandomNotebook(seed, 200);
  });
}
