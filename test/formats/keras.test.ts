/**
 * Compares saved models with Keras in both directions: Keras opens what the library saved,
 * predicts, saves it again and trains, and the library opens what Keras saved and trains as well.
 *
 * One Python process opens all models. A third of the cases is run here;
 * `test/long/keras-files.test.ts` runs all of them.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { layerKinds } from "../../src/formats/keras/layer-kinds";
import { graphCases, optimizerCases } from "./graph-cases";
import { checkTrials } from "./keras-trial";
import { layerCases } from "./layer-cases";

describe("Keras", () => {
  test("opens and saves", async (context) => {
    const all = { ...layerCases, ...graphCases, ...optimizerCases };
    const third = Object.entries(all).filter((_, index) => index % 3 === 0);
    await checkTrials(context, Object.fromEntries(third));
  });

  test("each class of layers has a case", () => {
    const used = new Set<string>();
    const visit = (layer: unknown): void => {
      if (typeof layer !== "object" || layer === null) return;
      const { className } = layer as { className?: unknown };
      if (typeof className === "string") used.add(className);
      Object.values(layer).forEach(visit);
    };
    for (const each of Object.values(layerCases)) {
      const model = each.model();
      visit(model.getConfig());
    }
    const shared = layerKinds.filter(
      ({ tfjs }) => !tfjs.some((name) => used.has(name)),
    );
    assert.deepEqual(
      shared.map(({ keras }) => keras),
      [],
    );
  });
});
