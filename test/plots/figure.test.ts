/**
 * Figures as bundles: plain JSON, the caption, the words.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { jupyterDisplay } from "../../src/notebook/mime";
import { dataCaption } from "../../src/plots/caption";
import { figure, plotlyMimeType } from "../../src/plots/figure";
import { plainJson } from "../../src/plots/plain-json";
import { palette } from "../../src/plots/theme";

const unverified = { title: "CIFAR-10", provenance: "unverified" } as const;

/** What a notebook file keeps of a figure. */
interface Kept {
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

function keptOf(shown: ReturnType<typeof figure>): Kept {
  const bundle = shown[jupyterDisplay]();
  return JSON.parse(JSON.stringify(bundle[plotlyMimeType])) as Kept;
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

  test("survives JSON unchanged, typed arrays having become arrays", () => {
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
    const kept = keptOf(shown);
    assert.deepEqual(kept, bundle[plotlyMimeType]);
    assert.deepEqual(kept.data[0]!.x, [1, 2, 3]);
    assert.deepEqual(kept.data[0]!.y, [1.5, 0.5, 0.25]);
    assert.equal(kept.layout.width, 300);
    assert.deepEqual(kept.layout.colorway, [...palette]);
    assert.equal(kept.config.displaylogo, false);
    assert.equal(
      bundle["text/plain"],
      "Loss\nloss: 3 points, from 1.5000 to 0.2500\nData: CIFAR-10, unverified copy",
    );
  });

  test("does not hold on to the caller's arrays", () => {
    const y = [1, 2];
    const shown = figure([{ y }], {}, { dataset: null });
    y[0] = 9;
    assert.deepEqual(keptOf(shown).data[0]!.y, [1, 2]);
  });

  test("carries the data set on its caption, and takes room for it", () => {
    const without = keptOf(figure([], { height: 200 }, { dataset: null }));
    const shown = figure(
      [],
      { height: 200, annotations: [{ text: "own" }] },
      { dataset: unverified, caption: "Ten epochs" },
    );
    const kept = keptOf(shown);
    assert.equal(without.layout.annotations, undefined);
    assert.equal(without.layout.height, 200);
    assert.deepEqual(
      kept.layout.annotations!.map(({ text }) => text),
      ["own", "Ten epochs. Data: CIFAR-10, unverified copy"],
    );
    assert.equal(shown.caption, "Ten epochs. Data: CIFAR-10, unverified copy");
    // The plotting area is as high as without a caption.
    const area = ({ layout: { height, margin } }: Kept) =>
      height - margin["t"]! - margin["b"]!;
    assert.equal(area(kept), area(without));
    assert.match(
      shown[jupyterDisplay]()["text/plain"] as string,
      /Data: CIFAR-10, unverified copy$/,
    );
  });

  test("a margin of one's own is completed, not replaced", () => {
    const { margin } = keptOf(
      figure([], { margin: { l: 5 } }, { dataset: null }),
    ).layout;
    assert.equal(margin["l"], 5);
    assert.ok(margin["r"]! > 0 && margin["t"]! > 0 && margin["b"]! > 0);
  });

  test("a caption's angle brackets are text to Plotly", () => {
    const kept = keptOf(
      figure([], {}, { dataset: null, caption: "<b>a & b</b>" }),
    );
    assert.equal(
      kept.layout.annotations![0]!.text,
      "&lt;b&gt;a &amp; b&lt;/b&gt;",
    );
  });
});

describe("data caption", () => {
  test("never passes stand-ins or copies off as the real set", () => {
    const caption = (provenance: "original" | "unverified" | "synthetic") =>
      dataCaption({ title: "CIFAR-10", provenance });
    assert.equal(caption("original"), "Data: CIFAR-10, the publisher's files");
    assert.equal(caption("unverified"), "Data: CIFAR-10, unverified copy");
    assert.equal(
      caption("synthetic"),
      "Data: synthetic stand-in pictures, not CIFAR-10",
    );
  });
});

describe("plain JSON", () => {
  test("keeps what JSON has, and turns the rest into it", () => {
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

  test("takes objects of another realm, as a cell's may be", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign: unknown = runInNewContext("({ a: [1, { b: 2 }] })");
    assert.deepEqual(
      JSON.stringify(plainJson(foreign, "data")),
      '{"a":[1,{"b":2}]}',
    );
  });

  test("names the place of what has no JSON form", () => {
    const tensor = tf.scalar(1);
    const refused: [unknown, string][] = [
      [{ x: [1, () => 1] }, "data.x[1]"],
      [{ x: { y: 1n } }, "data.x.y"],
      [[{ z: Symbol("s") }], "data[0].z"],
      [{ y: tensor }, "data.y"],
      [new Map(), "data"],
    ];
    for (const [value, place] of refused) {
      assert.throws(
        () => plainJson(value, "data"),
        ({ name, message }: Error) =>
          name === "TypeError" &&
          message.startsWith(
            `Expected ${place} to be made of numbers, texts, lists and plain objects, received a `,
          ),
      );
    }
    tensor.dispose();
  });
});

describe("a caption longer than its figure is wide", () => {
  const caption =
    "Ten pictures of a class, the first of the split, one after the other";
  const options = { dataset: null, caption };
  const trace = [{ type: "scatter" as const, x: [1], y: [1] }];

  test("gets room at the right, and the plotting area keeps its size", () => {
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

  test("a figure that is wide enough, or as wide as its page, stays as it is", () => {
    assert.equal(figure(trace, { width: 900 }, options).layout.width, 900);
    assert.equal(
      figure(trace, {}, options).layout.width,
      figure(trace, {}, { dataset: null }).layout.width,
    );
  });
});
