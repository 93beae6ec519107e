/**
 * Tests on a sample that nothing that a cell prints, displays or throws can damage a notebook.
 * `test/long` has more cells.
 */
import { test } from "node:test";
import { validate, validateRandomNotebook, skipReason } from "./output-fuzz";

const skip = skipReason ?? false;

for (const seed of [1, 2]) {
  test(
    `a notebook of odd values can be written, converted in place and saved (seed ${seed})`,
    { skip },
    () => validateRandomNotebook(seed, 132),
  );
}

test(
  "values that are too large for a message result in a valid notebook",
  { skip },
  () =>
    validate(
      [
        "const near = 'x'.repeat(2 ** 29 - 25);",
        "near",
        "({ near })",
        "host.display({ 'text/plain': near });",
        "host.openComm('x', { near });",
        "throw new Error(near);",
        "throw near;",
        "throw { near };",
        "throw Object.assign(new Error('x'), { near, [near.slice(1)]: 1 });",
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': near }) })",
        "process.stdout.write('\\u{1F680}'.repeat(2 ** 20).slice(1));",
        "console.log('y'.repeat(5_000_000));",
        "const keys: any = {}; for (let n = 0; n < 200_000; n += 1) keys['k' + n] = n; keys",
        "new Set(Object.keys(keys))",
        "host.display({ 'application/json': deep });",
        "new Array(2 ** 32 - 1)",
        "new Float64Array(5_000_000)",
        "'\\ud83d'.repeat(100_000)",
      ].map((code) => ({ code })),
    ),
);
