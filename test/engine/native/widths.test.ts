/**
 * Tests that native steps have the graph's losses on every vector width of this processor, and that
 * an unknown width is an error.
 *
 * Takes about ten seconds.
 */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { setEngine } from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import { errorWith } from "../../error-with";
import { train } from "./lessons";

const { addon, reason } = nativeAddon();
const widths = addon?.widths() ?? [];
const before = process.env["CONVNOTES_VECTORS"];

const restore = () => {
  if (before === undefined) delete process.env["CONVNOTES_VECTORS"];
  else process.env["CONVNOTES_VECTORS"] = before;
};

describe("native steps", { skip: reason ?? false }, () => {
  afterEach(restore);
  after(() => setEngine("on"));

  for (const name of ["1", "3c"]) {
    test(`of model ${name} have the graph's losses on ${widths.join(", ")}`, async () => {
      setEngine("graph");
      const graph = await train(name, 10);
      setEngine("native");
      const bits = new Set<string>();
      for (const width of widths) {
        process.env["CONVNOTES_VECTORS"] = width;
        const native = await train(name, 10);
        assert.equal(native.native, 6);
        for (const [epoch, loss] of graph.losses.entries()) {
          const error = Math.abs(native.losses[epoch]! - loss) / loss;
          const where = `${width}, epoch ${epoch + 1}`;
          assert.ok(error < 1e-4, `${where}: off by ${error} of ${loss}`);
        }
        bits.add(native.weights.map((each) => each.join()).join());
      }
      // Widths sum in different orders, so equal bits would mean that the same width ran each time.
      assert.equal(bits.size, widths.length);
    });
  }

  test("on an unknown width throw one error", async () => {
    process.env["CONVNOTES_VECTORS"] = "avx1024";
    for (const engine of ["native", "on"] as const) {
      setEngine(engine);
      await assert.rejects(
        train("1", 10),
        errorWith(
          "ERR_INVALID_VALUE",
          "CONVNOTES_VECTORS",
          widths.join(", "),
          "avx1024",
        ),
      );
    }
    // Graphs ignore the width.
    setEngine("graph");
    await train("1", 10);
  });
});
