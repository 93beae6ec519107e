/**
 * The public API of the library `convnotes`, for notebooks, including TensorFlow.js as `tf`.
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
export { take } from "./data/take";

export * as keras from "./keras";

export { featureMaps } from "./models/feature-maps";
export { layerCosts, type LayerCost } from "./models/layer-costs";
export {
  alexNet,
  googLeNet,
  leNet5,
  resNet34,
  resNet50,
  smallInception,
  smallResNet,
  type NetworkOptions,
  type ResNetOptions,
} from "./models/networks";
export { randomFlip } from "./models/random-flip";
export { randomShift, type RandomShiftOptions } from "./models/random-shift";
export {
  receptiveFields,
  type ReceptiveField,
} from "./models/receptive-fields";
export { summary, type ModelSummary, type SummaryRow } from "./models/summary";

export { display, type DisplayHandle } from "./notebook/display";
export type { Displayable, MimeBundle } from "./notebook/mime";
export {
  check,
  notWritten,
  step,
  type CheckName,
  type Verdict,
} from "./course/lab";
export {
  lessonSettings,
  type LessonDefaults,
  type LessonParameters,
  type LessonSettings,
} from "./course/lesson-settings";
export { lessonMode, type LessonMode } from "./course/mode";
export { reportResult, type ResultRow } from "./course/result-row";
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

export { activationPlot, activations } from "./plots/activation-plot";
export { confusionPlot } from "./plots/confusion-plot";
export { convolutionPlot } from "./plots/convolution-plot";
export { convolve } from "./plots/convolve";
export { featureMapGrid } from "./plots/feature-map-grid";
export { featureSizePlot } from "./plots/feature-size-plot";
export { figure, type Figure, type FigureOptions } from "./plots/figure";
export { historyPlot } from "./plots/history-plot";
export { classGrid, imageGrid } from "./plots/image-grid";
export { mapRow, type MapRowOptions } from "./plots/map-row";
export { modelGraph } from "./plots/model-graph";
export { misclassified, misclassifiedGrid } from "./plots/misclassified";
export { pool, poolingPlot, type PoolingKind } from "./plots/pooling-plot";
export {
  saveFigure,
  type FigureFormat,
  type SaveFigureOptions,
} from "./plots/save-figure";

export { accuracy } from "./training/accuracy";
export { classReport, type ClassReport } from "./training/class-report";
export { confusionMatrix, ConfusionMatrix } from "./training/confusion-matrix";
export { evaluate, type Evaluation } from "./training/evaluate";
export { fit, historyOf, type FitOptions } from "./training/fit";
export type { History } from "./training/history";
export { historyTable } from "./training/history-table";
export { compileOnLogits, crossEntropyOnLogits } from "./training/logits";
export { penalty } from "./training/penalty";
export { predictedClasses } from "./training/predicted-classes";
export { setSeed } from "./training/seed";
export {
  getWeights,
  setWeights,
  WeightArray,
  type WeightValues,
} from "./training/weights";
