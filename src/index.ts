/**
 * The library that notebooks import as "convnotes": every word a lesson uses, and TensorFlow itself as `tf`.
 */
export { tf } from "./engine/tensorflow";

export { catalogue } from "./data/catalogue/catalogue";
export type { DatasetEntry, DatasetName } from "./data/catalogue/dataset-entry";
export { withChannelAxis } from "./data/channel-axis";
export type { Dataset } from "./data/dataset";
export { DatasetError } from "./data/dataset-error";
export { load } from "./data/load";
export type { DataSource, LoadOptions } from "./data/load-options";
export { NdArray } from "./data/nd-array";
export { oneHot } from "./data/one-hot";
export type { Provenance } from "./data/provenance";
export { scale } from "./data/scale";
export { type Split, splitAt } from "./data/split";

export { randomFlip } from "./models/random-flip";
export { randomShift, type RandomShiftOptions } from "./models/random-shift";
export { summary, type ModelSummary, type SummaryRow } from "./models/summary";

export { display, type DisplayHandle } from "./notebook/display";
export type { Displayable, MimeBundle } from "./notebook/mime";
export { lessonMode, type LessonMode } from "./notebook/mode";
export { reportResult, type ResultRow } from "./notebook/results";
export {
  slider,
  type SliderOptions,
  type SliderState,
} from "./notebook/slider";
export { table, type Table } from "./notebook/table";
export {
  Widget,
  type WidgetListener,
  type WidgetOptions,
  type WidgetState,
} from "./notebook/widget";

export { convolutionPlot } from "./plots/convolution-plot";
export { convolve } from "./plots/convolve";
export { figure, type Figure, type FigureOptions } from "./plots/figure";
export { historyPlot } from "./plots/history-plot";
export { classGrid, imageGrid } from "./plots/image-grid";

export { accuracy } from "./training/accuracy";
export { evaluate, type Evaluation } from "./training/evaluate";
export { fit, historyOf, type FitOptions } from "./training/fit";
export type { History } from "./training/history";
export { compileOnLogits, crossEntropyOnLogits } from "./training/logits";
export { setSeed } from "./training/seed";
