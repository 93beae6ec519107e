/**
 * Curves of the gallery: activations, training runs, figures of the user's own traces.
 */
import { activationPlot } from "../../../src/plots/activation-plot";
import { figure } from "../../../src/plots/figure";
import { historyPlot } from "../../../src/plots/history-plot";
import { axis } from "../../../src/plots/theme";
import type { Subject } from "../exhibit";
import { run } from "./runs";

const cifar = { title: "CIFAR-10", provenance: "unverified" } as const;
const channels = [1, 2, 4, 8, 16, 32, 64];

/** Figures with axes. */
export const curves: Subject = {
  title: "Curves",
  tolerance: 0.12,
  exhibits: [
    {
      name: "activations",
      about: "activationPlot()",
      make: () => activationPlot(),
    },
    {
      name: "history-accuracy",
      about: "historyPlot, its defaults",
      make: () => historyPlot(run(10), { dataset: cifar }),
    },
    {
      name: "history-loss",
      about: "historyPlot with a title, names and the legend inside",
      make: () =>
        historyPlot(run(10), {
          dataset: cifar,
          metric: "loss",
          title: "Model loss",
          label: "Loss in nats",
          names: ["Train", "Val"],
          legend: "upper left",
          caption: "Ten epochs with batches of 128",
        }),
    },
    {
      name: "history-titled",
      about: "historyPlot with a title and the legend above the curves",
      make: () =>
        historyPlot(run(10), { dataset: cifar, title: "Third network" }),
    },
    {
      name: "history-long",
      about: "historyPlot of 150 epochs",
      make: () => historyPlot(run(150), { dataset: cifar, metric: "loss" }),
    },
    {
      name: "figure-lines",
      about: "figure: lines with a legend",
      make: () =>
        figure(
          [
            {
              name: "one 5 × 5: 25c² + c",
              x: channels,
              y: channels.map((c) => 25 * c ** 2 + c),
            },
            {
              name: "two 3 × 3: 18c² + 2c",
              x: channels,
              y: channels.map((c) => 18 * c ** 2 + 2 * c),
              line: { dash: "dash" },
            },
          ],
          {
            height: 340,
            xaxis: axis("channels c"),
            yaxis: axis("parameters"),
            legend: { x: 0.03, y: 0.97 },
          },
          { dataset: null },
        ),
    },
    {
      name: "figure-bars",
      about: "figure: bars with a title, long names and a caption",
      make: () =>
        figure(
          ["parameters", "products"].map((name, index) => ({
            type: "bar",
            name,
            x: ["conv2d", "conv2d_1", "conv2d_2", "dense", "dense_1"],
            y: index === 0 ? [1, 4, 6, 61, 28] : [12, 31, 44, 9, 4],
            marker: { pattern: { shape: index === 1 ? "/" : "" } },
          })),
          {
            title: { text: "Where parameters and work are" },
            height: 340,
            xaxis: axis("layer"),
            yaxis: axis("share, %"),
          },
          {
            dataset: { title: "Fashion-MNIST", provenance: "synthetic" },
            caption: "Parameters and work of the layers",
          },
        ),
    },
  ],
};
