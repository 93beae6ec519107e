/**
 * Figures: plain JSON, captions and text form.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay } from "../../src/notebook/mime";
import { dataCaption } from "../../src/plots/caption";
import { figure, plotlyMimeType } from "../../src/plots/figure";
import { plainJson } from "../../src/plots/plain-json";
import { palette } from "../../src/plots/theme";
import { errorWith } from "../error-with";

const unverified = { title: "CIFAR-10", provenance: "unverified" } as const;

/** A figure as stored in a notebook file. */
interface StoredFigure {
  data: { y?: unknown[]; x?: unknown[] }[];
  layout: {
    width: number;
    height: number;
    margin: Record<string, number>;
    annotations?: { text: string }[];
    colorway: string[];
    title?: { text: string };
  };
  config: { displaylogo: boolean };
}

function storedFigure(shown: ReturnType<typeof figure>): StoredFigure {
  const bundle = shown[jupyterDisplay]();
  return JSON.parse(JSON.stringify(bundle[plotlyMimeType])) as StoredFigure;
}

describe("figure", () => {
  test("has Plotly's MIME type and text, and no HTML", () => {
    const bundle = figure([{ y: [1, 2] }], {}, { dataset: null })[
      jupyterDisplay
    ]();
    assert.deepEqual(Object.keys(bundle), [
      "application/vnd.plotly.v1+json",
      "text/plain",
    ]);
  });

  test("is unchanged by JSON serialization, with typed arrays converted to arrays", () => {
    const shown = figure(
      [
        {
          type: "scatter",
          name: "loss",
          x: Int32Array.of(1, 2, 3),
          y: Float32Array.of(1.5, 0.5, 0.25),
        },
      ],
      { title: { text: "Loss" }, width: 300 },
      { dataset: unverified },
    );
    const bundle = shown[jupyterDisplay]();
    const stored = storedFigure(shown);
    assert.deepEqual(stored, bundle[plotlyMimeType]);
    assert.deepEqual(stored.data[0]!.x, [1, 2, 3]);
    assert.deepEqual(stored.data[0]!.y, [1.5, 0.5, 0.25]);
    assert.equal(stored.layout.width, 300);
    assert.deepEqual(stored.layout.colorway, [...palette]);
    assert.equal(stored.config.displaylogo, false);
    assert.equal(
      bundle["text/plain"],
      "Loss\nloss: 3 points, from 1.5000 to 0.2500\nData: CIFAR-10, unverified copy",
    );
  });

  test("copies the caller's arrays", () => {
    const y = [1, 2];
    const shown = figure([{ y }], {}, { dataset: null });
    y[0] = 9;
    assert.deepEqual(storedFigure(shown).data[0]!.y, [1, 2]);
  });

  test("states the data set in its caption, and adds space for it", () => {
    const without = storedFigure(
      figure([], { height: 200 }, { dataset: null }),
    );
    const shown = figure(
      [],
      { height: 200, annotations: [{ text: "own" }] },
      { dataset: unverified, caption: "Ten epochs" },
    );
    const stored = storedFigure(shown);
    assert.equal(without.layout.annotations, undefined);
    assert.equal(without.layout.height, 200);
    assert.deepEqual(
      stored.layout.annotations!.map(({ text }) => text),
      ["own", "Ten epochs. Data: CIFAR-10, unverified copy"],
    );
    assert.equal(shown.caption, "Ten epochs. Data: CIFAR-10, unverified copy");
    // The plotting area keeps its height.
    const area = ({ layout: { height, margin } }: StoredFigure) =>
      height - margin["t"]! - margin["b"]!;
    assert.equal(area(stored), area(without));
    assert.match(
      shown[jupyterDisplay]()["text/plain"] as string,
      /Data: CIFAR-10, unverified copy$/,
    );
  });

  test("merges custom margins with the theme's", () => {
    const { margin } = storedFigure(
      figure([], { margin: { l: 5 } }, { dataset: null }),
    ).layout;
    assert.equal(margin["l"], 5);
    assert.ok(margin["r"]! > 0 && margin["t"]! > 0 && margin["b"]! > 0);
  });

  test("escapes captions for Plotly", () => {
    const stored = storedFigure(
      figure([], {}, { dataset: null, caption: "<b>a & b</b>" }),
    );
    assert.equal(
      stored.layout.annotations![0]!.text,
      "&lt;b&gt;a &amp; b&lt;/b&gt;",
    );
  });
});

describe("data caption", () => {
  test("distinguishes original, unverified and synthetic data", () => {
    const caption = (provenance: "original" | "unverified" | "synthetic") =>
      dataCaption({ title: "CIFAR-10", provenance });
    assert.equal(caption("original"), "Data: CIFAR-10, the publisher's files");
    assert.equal(caption("unverified"), "Data: CIFAR-10, unverified copy");
    assert.equal(caption("synthetic"), "Data: synthetic images, not CIFAR-10");
  });
});

describe("plain JSON", () => {
  test("keeps JSON values and converts others", () => {
    assert.deepEqual(
      plainJson(
        {
          a: [1, "two", null, true, NaN, -Infinity, undefined],
          b: undefined,
          c: Float64Array.of(1, NaN),
          d: { e: Uint8Array.of(255) },
        },
        "data",
      ),
      {
        a: [1, "two", null, true, null, null, null],
        c: [1, null],
        d: { e: [255] },
      },
    );
  });

  test("accepts objects of another realm, such as a cell's", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign: unknown = runInNewContext("({ a: [1, { b: 2 }] })");
    assert.deepEqual(
      JSON.stringify(plainJson(foreign, "data")),
      '{"a":[1,{"b":2}]}',
    );
  });

  test("names the path of a value without a JSON form", () => {
    const tensor = tf.scalar(1);
    const invalidValues: [unknown, string][] = [
      [{ x: [1, () => 1] }, "data.x[1]"],
      [{ x: { y: 1n } }, "data.x.y"],
      [[{ z: Symbol("s") }], "data[0].z"],
      [{ y: tensor }, "data.y"],
      [new Map(), "data"],
    ];
    for (const [value, path] of invalidValues) {
      assert.throws(
        () => plainJson(value, "data"),
        errorWith("ERR_INVALID_TYPE", `Expected ${path} `, "received a "),
      );
    }
    tensor.dispose();
  });
});

describe("a caption longer than its figure is wide", () => {
  const caption =
    "Ten images of a class, the first of the split, one after the other";
  const options = { dataset: null, caption };
  const trace = [{ type: "scatter" as const, x: [1], y: [1] }];

  test("widens the figure on the right, and the plotting area keeps its size", () => {
    const layout = {
      width: 120,
      height: 100,
      margin: { l: 10, r: 12, t: 0, b: 0 },
    };
    const drawn = figure(trace, layout, options).layout;
    assert.ok(drawn.width! >= 10 + caption.length * 5.5, `${drawn.width}`);
    const plotting = drawn.width! - drawn.margin!.l! - drawn.margin!.r!;
    assert.equal(plotting, 120 - 10 - 12);
  });

  test("does not widen a figure that is wide enough, or has no fixed width", () => {
    assert.equal(figure(trace, { width: 900 }, options).layout.width, 900);
    assert.equal(
      figure(trace, {}, options).layout.width,
      figure(trace, {}, { dataset: null }).layout.width,
    );
  });
});
