/**
 * Models of the gallery: their sizes and their graphs.
 */
import { featureSizePlot } from "../../../src/plots/feature-size-plot";
import { modelGraph } from "../../../src/plots/model-graph";
import type { Subject } from "../exhibit";
import { inception, leNet, longChain, residual } from "./networks";

/** Figures of models. */
export const models: Subject = {
  title: "Models",
  tolerance: 0.12,
  exhibits: [
    {
      name: "feature-sizes",
      about: "featureSizePlot of LeNet-5",
      make: () => featureSizePlot(leNet(), { caption: "LeNet-5" }),
    },
    {
      name: "feature-sizes-long",
      about: "featureSizePlot of a chain with many layers",
      make: () => featureSizePlot(longChain()),
    },
    {
      name: "model-graph",
      about: "modelGraph of an inception module",
      make: () => modelGraph(inception(), { caption: "An inception module" }),
    },
    {
      name: "model-graph-shortcut",
      about: "modelGraph of a residual unit",
      make: () => modelGraph(residual(), { caption: "A residual unit" }),
    },
  ],
};
