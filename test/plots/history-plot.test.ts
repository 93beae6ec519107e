/**
 * Plots of training curves: epochs from 1, both splits, axis titles, distinguishable colors.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { historyPlot } from "../../src/plots/history-plot";
import { palette } from "../../src/plots/theme";
import { History } from "../../src/training/history";
import { errorWith } from "../error-with";

const dataset = { title: "CIFAR-10", provenance: "original" } as const;
const plan = {
  epochs: 3,
  batchSize: 32,
  samples: 100,
  validationSamples: 10,
};
const curves = {
  loss: [1.5, 1.2, 0.9],
  accuracy: [0.4, 0.55, 0.65],
  val_loss: [1.4, 1.3, 1.35],
  val_accuracy: [0.45, 0.5, 0.49],
};
const history = new History(plan, curves, [1, 1, 1]);

interface Curve {
  name: string;
  x: number[];
  y: number[];
  line: { dash: string };
  marker: { symbol: string };
}

describe("historyPlot", () => {
  test("draws accuracy and val_accuracy over epochs from 1, with titles on both axes", () => {
    const figure = historyPlot(history, { dataset });
    const [training, validation, ...others] = figure.data as unknown as Curve[];
    assert.equal(others.length, 0);
    assert.deepEqual(training!.x, [1, 2, 3]);
    assert.deepEqual(training!.y, curves.accuracy);
    assert.deepEqual(validation!.y, curves.val_accuracy);
    assert.equal(training!.name, "accuracy (training)");
    assert.equal(validation!.name, "val_accuracy (validation)");
    assert.notEqual(training!.line.dash, validation!.line.dash);
    assert.notEqual(training!.marker.symbol, validation!.marker.symbol);
    const { xaxis, yaxis, legend } = figure.layout;
    assert.equal(xaxis!.title!.text, "Epoch");
    assert.equal(yaxis!.title!.text, "Accuracy");
    assert.equal(xaxis!.tick0, 1);
    assert.equal(xaxis!.dtick, 1);
    assert.ok(legend !== undefined);
    assert.equal(figure.caption, "Data: CIFAR-10, the publisher's files");
  });

  test("states the first and last values as text", () => {
    assert.equal(
      historyPlot(history, { dataset }).toString(),
      [
        "Accuracy over 3 epochs",
        "training: 0.4000 in the first epoch, 0.6500 in the last",
        "validation: 0.4500 in the first epoch, 0.4900 in the last",
        "Data: CIFAR-10, the publisher's files",
      ].join("\n"),
    );
  });

  test("draws any curve of the history, and a single one without validation", () => {
    const loss = historyPlot(history, { dataset, metric: "loss" });
    assert.equal(loss.layout.yaxis!.title!.text, "Loss");
    assert.deepEqual((loss.data as unknown as Curve[])[1]!.y, curves.val_loss);
    const alone = new History(
      { ...plan, validationSamples: 0 },
      { accuracy: [0.5] },
      [1],
    );
    assert.equal(historyPlot(alone, { dataset }).data.length, 1);
  });

  test("omits ticks for many epochs", () => {
    const values = Array.from({ length: 150 }, (_, epoch) => epoch / 150);
    const long = new History(plan, { accuracy: values }, values);
    assert.equal(historyPlot(long, { dataset }).layout.xaxis!.dtick, undefined);
  });

  test("draws many epochs without markers, which would cover each other", () => {
    const modeOf = (epochs: number) => {
      const values = Array.from({ length: epochs }, () => 0.5);
      const run = new History(plan, { accuracy: values }, values);
      return (historyPlot(run, { dataset }).data[0] as { mode: string }).mode;
    };
    assert.equal(modeOf(60), "lines+markers");
    assert.equal(modeOf(61), "lines");
  });

  test("has space for a title above the legend, with the same plotting area", () => {
    const [plain, titled] = [undefined, "A title"].map(
      (title) =>
        historyPlot(history, { dataset, ...(title && { title }) }).layout,
    );
    const added = titled!.margin!.t! - plain!.margin!.t!;
    assert.ok(added > 20);
    assert.equal(titled!.height! - plain!.height!, added);
  });

  test("rejects an unknown curve, and a run without epochs", () => {
    assert.throws(
      () => historyPlot(history, { dataset, metric: "precision" }),
      /received "precision"$/,
    );
    const empty = new History(plan, { accuracy: [] }, []);
    assert.throws(
      () => historyPlot(empty, { dataset }),
      errorWith("ERR_INVALID_VALUE", "at least one epoch"),
    );
  });
});

/**
 * Simulates a color as seen by a dichromat: Viénot, Brettel and Mollon, "Digital video
 * colormaps", 1999.
 */
function asSeen(color: string, kind: "protan" | "deutan"): number[] {
  const [r, g, b] = [1, 3, 5].map(
    (at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2,
  ) as [number, number, number];
  const [first, second] =
    kind === "protan" ? [0.11238, 0.88762] : [0.29275, 0.70725];
  const tail = kind === "protan" ? 0.00401 : -0.02234;
  const mixed = first * r + second * g;
  const blue = tail * r - tail * g + b;
  return [mixed, mixed, blue].map((value) => Math.max(value, 0) ** (1 / 2.2));
}

describe("historyPlot with options", () => {
  const plot = historyPlot(history, {
    dataset,
    metric: "loss",
    title: "Model loss",
    label: "Loss in nats",
    names: ["Train", "Val"],
    legend: "upper left",
  });

  test("uses title, names and legend position", () => {
    const { title, yaxis, legend } = plot.layout;
    assert.equal(title!.text, "Model loss");
    assert.equal(yaxis!.title!.text, "Loss in nats");
    assert.deepEqual(
      (plot.data as unknown as Curve[]).map(({ name }) => name),
      ["Train", "Val"],
    );
    assert.ok(Number(legend!.x) < 0.1 && Number(legend!.y) > 0.9);
  });

  test("keeps the first points below a legend in the corner", () => {
    const falling = new History(
      { epochs: 10, batchSize: 1, samples: 1, validationSamples: 0 },
      { loss: [9, 5, 3, 2, 1.5, 1.2, 1.1, 1, 1, 1] },
      Array<number>(10).fill(1),
    );
    const inCorner = { dataset, metric: "loss", legend: "upper left" } as const;
    const [bottom, top] = historyPlot(falling, inCorner).layout.yaxis!
      .range as [number, number];
    assert.ok(bottom < 1);
    const share = (9 - bottom) / (top - bottom);
    assert.ok(share > 0.6 && share < 0.8, String(share));
    const flat = new History(falling.config, { loss: [1] }, [1]);
    assert.equal(historyPlot(flat, inCorner).layout.yaxis!.range, undefined);
    const above = historyPlot(falling, { dataset, metric: "loss" });
    assert.equal(above.layout.yaxis!.range, undefined);
  });

  test("uses the label in the text form", () => {
    assert.match(String(plot), /^Loss in nats over 3 epochs$/m);
  });

  test("uses the legend's names in the text form", () => {
    assert.deepEqual(String(plot).split("\n").slice(1, 3), [
      "Train: 1.5000 in the first epoch, 0.9000 in the last",
      "Val: 1.4000 in the first epoch, 1.3500 in the last",
    ]);
  });

  test("rejects an unknown legend position", () => {
    assert.throws(
      () => historyPlot(history, { dataset, legend: "below" as "above" }),
      errorWith(
        "ERR_INVALID_VALUE",
        "`legend`",
        '"above" or "upper left"',
        'received "below"',
      ),
    );
  });
});

describe("palette", () => {
  test("has distinguishable colors for both kinds of red-green color blindness", () => {
    for (const kind of ["protan", "deutan"] as const) {
      palette.forEach((one, index) =>
        palette.slice(index + 1).forEach((other) => {
          const [first, second] = [asSeen(one, kind), asSeen(other, kind)];
          const distance = Math.hypot(
            ...first.map((value, channel) => value - second[channel]!),
          );
          assert.ok(distance > 0.1, `${kind}: ${one} and ${other}`);
        }),
      );
    }
  });
});
