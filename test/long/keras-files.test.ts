/**
 * Compares saved models with Keras in both directions, with every layer, graph and optimizer. Takes
 * about two minutes.
 */
import { test } from "node:test";
import { graphCases, optimizerCases } from "../formats/graph-cases";
import { checkTrials } from "../formats/keras-trial";
import { layerCases } from "../formats/layer-cases";

test("Keras opens and saves", async (context) => {
  await checkTrials(context, {
    ...layerCases,
    ...graphCases,
    ...optimizerCases,
  });
});
