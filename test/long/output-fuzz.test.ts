/**
 * Tests that no output or error of a cell can corrupt a notebook: 8,000 random cells.
 */
import { test } from "node:test";
import { validateRandomNotebook, skipReason } from "../kernel/output-fuzz";

for (let seed = 101; seed <= 120; seed += 1) {
  test(
    `a notebook of 400 random cells can be written, converted in place and saved (seed ${seed})`,
    { skip: skipReason ?? false },
    () => validateRandomNotebook(seed, 400),
  );
}
