/**
 * Nothing that a cell prints, shows or throws can damage a notebook: 8,000 random cells.
 */
import { test } from "node:test";
import { judgeRandomNotebook, skipReason } from "../kernel/output-fuzz";

for (let seed = 101; seed <= 120; seed += 1) {
  test(
    `a notebook of 400 odd cells can be written, converted in place and saved (seed ${seed})`,
    { skip: skipReason ?? false },
    () => judgeRandomNotebook(seed, 400),
  );
}
