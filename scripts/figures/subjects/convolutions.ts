/**
 * Convolutions and poolings of the gallery.
 */
import { convolutionPlot } from "../../../src/plots/convolution-plot";
import { poolingPlot } from "../../../src/plots/pooling-plot";
import type { Subject } from "../exhibit";

const edge = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];
const half = Array.from({ length: 6 }, () => [0, 0, 0, 9, 9, 9]);
const counted = Array.from({ length: 5 }, (_, row) =>
  Array.from({ length: 5 }, (_, column) => 5 * row + column + 1),
);
const blur = Array.from({ length: 3 }, () => [0.0625, 0.125, 0.0625]);
const waves = Array.from({ length: 6 }, (_, row) =>
  Array.from({ length: 6 }, (_, column) => ((row * 7 + column * 5) % 19) - 9),
);

/** Figures of single operations. */
export const convolutions: Subject = {
  title: "Convolutions and poolings",
  tolerance: 0.03,
  exhibits: [
    {
      name: "convolution-edge",
      about: "convolutionPlot of an edge",
      make: () => convolutionPlot(half, edge),
    },
    {
      name: "convolution-padded",
      about: "convolutionPlot with padding and stride",
      make: () =>
        convolutionPlot(counted, edge, { padding: "same", stride: 2 }),
    },
    {
      name: "convolution-fractions",
      about: "convolutionPlot with fractions and large numbers",
      make: () =>
        convolutionPlot(
          counted.map((row) => row.map((value) => value * 101)),
          blur,
        ),
    },
    {
      name: "convolution-small",
      about: "convolutionPlot of a small padded image",
      make: () => convolutionPlot([[1]], edge, { padding: "same" }),
    },
    {
      name: "pooling-signed",
      about: "poolingPlot of positive and negative numbers",
      make: () => poolingPlot(waves),
    },
    {
      name: "pooling-small",
      about: "poolingPlot with one window",
      make: () =>
        poolingPlot([
          [1, 2],
          [3, 5],
        ]),
    },
  ],
};
