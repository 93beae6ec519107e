/**
 * Every row of docs/tfjs-and-keras.md against Keras: TensorFlow.js's form differs from it, ours does not. And what the page says is the
 * same in both.
 *
 * One Python process computes what Keras gives for all rows. On two cores with little else to do this file takes 20 s, most of them
 * TensorFlow's start in Python, and the other files of this folder 3 to 7 s each; all together 27 s of processor time.
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

/** The ids of the table's rows: what stands in the first column, as code. */
function documentedIds(): string[] {
  const file = path.join(__dirname, "..", "..", "docs", "tfjs-and-keras.md");
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => /^\| `([\w-]+)` +\|/.exec(line)?.[1] ?? []);
}

let answers: Promise<Record<string, number[]> | undefined> | undefined;

/** What Keras gives, computed once for all rows. */
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
  // tfjs itself is compared: the engine has a dropout and a normalization of its own.
  before(() => setEngine("off"));
  after(() => setEngine(engine));

  test("each row of the table has a check, and each check a row", () => {
    assert.deepEqual(documentedIds().sort(), Object.keys(rows).sort());
  });

  for (const [id, row] of Object.entries(rows)) {
    test(id, async (context) => {
      const reference = (await keras(context))?.[id];
      if (reference === undefined) {
        context.skip("needs the Python environment .venv, which is not there");
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
        context.skip("needs the Python environment .venv, which is not there");
        return;
      }
      const error = measure(await tfjs(), reference);
      context.diagnostic(`tfjs: ${error.toExponential(1)}`);
      assert.ok(error <= bound, `TensorFlow.js is ${error} from Keras`);
    });
  }
});
