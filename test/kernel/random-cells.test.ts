/**
 * The long-lived checker against fresh ones; `test/long/random-cells.test.ts` does more of it.
 */
import { test } from "node:test";
import { checkRandomNotebook } from "./random-notebook";

for (const seed of [1, 2]) {
  test(`60 random cells say the same to a fresh checker (seed ${seed})`, () => {
    checkRandomNotebook(seed, 60);
  });
}
