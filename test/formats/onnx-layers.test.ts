/**
 * Every layer that can be saved as ONNX predicts the same in onnxruntime.
 */
import { describe, test } from "node:test";
import { layerGroups, modelOf } from "./onnx-layers";
import { drawWeights, judge } from "./onnx-trial";

describe("layers predict the same as ONNX", () => {
  for (const { dtype, inputShape, name, variants } of layerGroups) {
    test(`on ${name}`, async (context) => {
      const trials = Object.entries(variants()).map(
        ([variant, chain], seed) => {
          const model = modelOf(inputShape, chain, dtype);
          drawWeights(model, 100 * seed);
          return { name: variant, model };
        },
      );
      await judge(context, trials);
    });
  }
});
