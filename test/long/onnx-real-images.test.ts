/**
 * The network of lesson 1, trained on real images of CIFAR-10, predicts the same classes of test
 * images in onnxruntime.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf } from "../../src/data/catalog/catalog";
import { findFiles } from "../../src/data/find-files";
import { judgeTrainedNetwork } from "../formats/trained-network";

test("real images have the same classes in onnxruntime", async (context) => {
  if ((await findFiles(entryOf("cifar-10"))) === undefined) {
    context.skip("needs CIFAR-10 in the folder that CONVNOTES_DATA names");
    return;
  }
  const share = await judgeTrainedNetwork(context, "files", 2000, 1000);
  context.diagnostic(`${share} of the test images are right`);
  assert.ok(share === undefined || share > 0.25, `${share} are right`);
});
