/**
 * The public API of the library `convnotes`, for notebooks, including TensorFlow.js as `tf`.
 */
export { tf } from "./engine/tensorflow";

export {
  catalog,
  catalogue,
  type FormerDatasetEntry,
} from "./data/catalog/catalog";
export type {
  DataFile,
  DatasetEntry,
  DatasetName,
  FilePrefix,
  IdxLayout,
  RecordLayout,
  RemoteFile,
} from "./data/catalog/dataset-entry";
export { withChannelAxis } from "./data/channel-axis";
export type { Dataset } from "./data/dataset";
export { DatasetError, type DatasetErrorDetails } from "./data/dataset-error";
export { load } from "./data/load";
export type { DataSource, LoadOptions } from "./data/load-options";
export { NdArray } from "./data/nd-array";
export { oneHot } from "./data/one-hot";
export type { Provenance } from "./data/provenance";
export { scale } from "./data/scale";
export { type Split, splitAt } from "./data/split";
export { take } from "./data/take";

export { saveOnnx, type SaveOnnxOptions } from "./formats/onnx/save-onnx";
export {
  loadSafetensors,
  saveSafetensors,
} from "./formats/safetensors/model-weights";
export type {
  NamedTensor,
  TensorType,
} from "./formats/safetensors/named-tensor";
export {
  readSafetensors,
  writeSafetensors,
  type SafetensorsOptions,
  type TensorFile,
} from "./formats/safetensors/tensor-file";
export {
  loadModel,
  loadWeights,
  saveModel,
  saveWeights,
  type LoadModelOptions,
  type SaveModelOptions,
} from "./formats/saved-model";

export * as keras from "./keras";

export { csvLogger, type CsvLoggerOptions } from "./logs/csv-logger";
export type { ImageLayout, ImageSource } from "./logs/encoded-images";
export { EventWriter, type HistogramOptions } from "./logs/event-writer";
export { tensorBoard, type TensorBoardOptions } from "./logs/tensor-board";

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
  type KernelInitializer,
  type NetworkOptions,
  type ResNetOptions,
} from "./models/networks";
export { randomFlip } from "./models/random-flip";
export { randomShift, type RandomShiftOptions } from "./models/random-shift";
export {
  receptiveFields,
  type ReceptiveField,
  type RowsAndColumns,
} from "./models/receptive-fields";
export {
  summary,
  type ModelSummary,
  type OutputShape,
  type SummaryRow,
} from "./models/summary";

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

export {
  activationPlot,
  activations,
  type Activation,
} from "./plots/activation-plot";
export type { FigureSource } from "./plots/caption";
export {
  confusionPlot,
  type ConfusionPlotOptions,
} from "./plots/confusion-plot";
export { convolutionPlot } from "./plots/convolution-plot";
export { convolve, type ConvolveOptions } from "./plots/convolve";
export {
  featureMapGrid,
  type FeatureMapGridOptions,
} from "./plots/feature-map-grid";
export {
  featureSizePlot,
  type FeatureSizePlotOptions,
} from "./plots/feature-size-plot";
export { figure, type Figure, type FigureOptions } from "./plots/figure";
export { historyPlot, type HistoryPlotOptions } from "./plots/history-plot";
export {
  classGrid,
  imageGrid,
  type ClassGridOptions,
  type ImageGridOptions,
} from "./plots/image-grid";
export { mapRow, type MapRowOptions } from "./plots/map-row";
export { modelGraph, type ModelGraphOptions } from "./plots/model-graph";
export {
  misclassified,
  misclassifiedGrid,
  type Misclassification,
  type MisclassifiedGridOptions,
} from "./plots/misclassified";
export type { Matrix } from "./plots/number-grid";
export { pool, poolingPlot, type PoolingKind } from "./plots/pooling-plot";
export {
  saveFigure,
  type FigureFormat,
  type SaveFigureOptions,
} from "./plots/save-figure";
export { addFigureImages, type AddedImages } from "./plots/notebook-images";

export { accuracy } from "./training/accuracy";
export { checkpoints } from "./training/checkpoints/checkpoint-callback";
export type { CheckpointOptions } from "./training/checkpoints/checkpoint-options";
export type { StatefulCallback } from "./training/checkpoints/saved-part";
export {
  classReport,
  type ClassReport,
  type ClassRow,
  type ClassScores,
} from "./training/class-report";
export {
  confusionMatrix,
  ConfusionMatrix,
  type ClassNumbers,
} from "./training/confusion-matrix";
export type { EarlyStoppingOptions } from "./training/early-stopping";
export type { CallbackObject, FitCallback } from "./training/callbacks";
export {
  evaluate,
  type EvaluateOptions,
  type Evaluation,
} from "./training/evaluate";
export { fit, historyOf, type FitOptions } from "./training/fit";
export type {
  History,
  InterruptedEpoch,
  TrainingConfig,
} from "./training/history";
export {
  historyTable,
  type HistoryTableOptions,
} from "./training/history-table";
export {
  compileFromLogits,
  compileOnLogits,
  crossEntropyFromLogits,
  crossEntropyOnLogits,
  type CompileFromLogitsOptions,
} from "./training/logits";
export { penalty } from "./training/penalty";
export { predictedClasses } from "./training/predicted-classes";
export { setSeed } from "./training/seed";
export { terminateOnNaN } from "./training/terminate-on-nan";
export {
  getWeights,
  setWeights,
  WeightArray,
  type WeightValues,
} from "./training/weights";
