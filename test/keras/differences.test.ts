/**
 * Checks docs/tfjs-and-keras.md against Keras: in every row of the table TensorFlow.js differs from
 * Keras and the `keras` module does not, and everything that the page lists as equal is equal.
 *
 * One Python process computes Keras's values for all rows. On two otherwise idle cores this file
 * takes 20 s, mostly TensorFlow's startup in Python, and the other files of this folder 3 to 7 s
 * each; all together use 27 s of processor time.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { isEngineOn, setEngine } from "../../src/engine/switch";
import { runKeras } from "../oracles/python";
import { initializerRows } from "./initializer-rows";
import { layerRows } from "./layer-rows";
import { metricRows } from "./metric-rows";
import { optimizerRows } from "./optimizer-rows";
import { distance, type Row } from "./row";
import { same } from "./same";

const rows: Readonly<Record<string, Row>> = {
  ...optimizerRows,
  ...initializerRows,
  ...metricRows,
  ...layerRows,
};

/** Returns the row ids of the table, in code formatting in the first column. */
function documentedIds(): string[] {
  const file = path.join(__dirname, "..", "..", "docs", "tfjs-and-keras.md");
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => /^\| `([\w-]+)` +\|/.exec(line)?.[1] ?? []);
}

let answers: Promise<Record<string, number[]> | undefined> | undefined;

/** Computes Keras's values, once for all rows. */
function keras(context: TestContext) {
  const given = Object.entries({ ...rows, ...same }).map(([id, row]) => [
    id,
    row.given,
  ]);
  answers ??= runKeras<Record<string, number[]>>(
    context,
    `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, given["scripts"])
from keras_oracle import answers
result = answers(given["rows"])`,
    { scripts: __dirname, rows: Object.fromEntries(given) },
  );
  return answers;
}

describe("where TensorFlow.js differs from Keras", () => {
  const engine = isEngineOn() ? "on" : "off";
  // Compares plain tfjs: the engine has its own implementations of dropout and normalization.
  before(() => setEngine("off"));
  after(() => setEngine(engine));

  test("the table and the checks have the same rows", () => {
    assert.deepEqual(documentedIds().sort(), Object.keys(rows).sort());
  });

  for (const [id, row] of Object.entries(rows)) {
    test(id, async (context) => {
      const reference = (await keras(context))?.[id];
      if (reference === undefined) {
        context.skip(
          "needs the Python environment .venv, which does not exist",
        );
        return;
      }
      const { measure = distance, bound, differs } = row;
      const ours = measure(await row.ours(), reference);
      context.diagnostic(`ours: ${ours.toExponential(1)}`);
      assert.ok(ours <= bound, `ours is ${ours} from Keras`);
      if (differs instanceof RegExp) {
        await assert.rejects(async () => row.tfjs(), differs);
        return;
      }
      const tfjs = measure(await row.tfjs(), reference);
      context.diagnostic(`tfjs: ${tfjs.toExponential(1)}`);
      assert.ok(tfjs >= differs, `TensorFlow.js is only ${tfjs} from Keras`);
    });
  }

  for (const [id, { tfjs, bound, measure = distance }] of Object.entries(
    same,
  )) {
    test(id, async (context) => {
      const reference = (await keras(context))?.[id];
      if (reference === undefined) {
        context.skip(
          "needs the Python environment .venv, which does not exist",
        );
        return;
      }
      const error = measure(await tfjs(), reference);
      context.diagnostic(`tfjs: ${error.toExponential(1)}`);
      assert.ok(error <= bound, `TensorFlow.js is ${error} from Keras`);
    });
  }
});
