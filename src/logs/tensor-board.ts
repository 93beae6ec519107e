/**
 * TensorBoard: a callback that writes the curves of a run, and its weights, images and layers.
 */
import path from "node:path";
import { checkCount, checkOneOf } from "../check";
import { markPassive } from "../engine/models/watches-batches";
import { learningRateOf } from "../engine/tfjs/optimizer-internals";
import { tf } from "../engine/tensorflow";
import { getWeights } from "../training/weights";
import type { ImageSource } from "./encoded-images";
import { EventWriter } from "./event-writer";
import {
  curvesOf,
  RunCallback,
  type RunObserver,
  type RunParameters,
} from "../training/run-callback";
import { weightImages } from "./weight-images";

/** Options of {@link tensorBoard}, named as in Keras's `TensorBoard`. */
export interface TensorBoardOptions {
  /** Number of epochs between two histograms of all weights; 0 by default, for none. */
  readonly histogramFreq?: number;
  /** Whether to write the layers as a graph; true by default. */
  readonly writeGraph?: boolean;
  /** Writes the weights also as images, at the epochs of `histogramFreq`; off by default. */
  readonly writeImages?: boolean;
  /**
   * `"epoch"` (default) writes losses and metrics after each epoch; `"batch"` also writes them
   * after each batch, and a number n after every n batches.
   */
  readonly updateFreq?: "epoch" | "batch" | number;
  /**
   * Images to write under their names: once, before the first epoch, or after each epoch if a
   * function returns them. It receives the epoch, from 0.
   */
  readonly images?: Readonly<
    Record<string, ImageSource | ((epoch: number) => ImageSource)>
  >;
  /** Number of images in a row of one large image; by default, each image stays on its own. */
  readonly imageColumns?: number;
}

/**
 * Returns a callback for `fit` and `model.fit` that writes a run for TensorBoard, as Keras's
 * callback of this name.
 *
 *     await model.fit(x, y, { callbacks: [tensorBoard("logs/first")] });
 *
 * The run `train` in `logDir` has `epoch_loss`, `epoch_…` for each metric, and
 * `epoch_learning_rate`; with `updateFreq`, `batch_loss` and so on, which are values of single
 * batches, counted from 1. The run `validation` has the same names for the values after each epoch,
 * and `evaluation_…_vs_iterations`. Epochs are counted from 0. Histograms have the names of the
 * weights. Files are written after each epoch and can be read at any time. A callback may be used
 * for several runs, one after the other.
 *
 * tfjs accepts plain objects of functions only in a list without other callbacks: wrap them in
 * `tf.CustomCallback`.
 *
 * Throws a RangeError (`ERR_INVALID_VALUE`) if an option is invalid. In a run, throws an Error
 * (`ERR_DISK`) if a file cannot be written, and a RangeError (`ERR_SHAPE`) if a
 * value of `images` is not an image.
 */
export function tensorBoard(
  logDir: string,
  options: TensorBoardOptions = {},
): tf.CustomCallback {
  return new RunCallback(new TensorBoardLog(logDir, options));
}

/** Writes the files of one run after the other. */
class TensorBoardLog implements RunObserver {
  readonly #folder: string;
  readonly #options: TensorBoardOptions;
  /** Number of batches between two values; 0 for none. */
  readonly #batchesPerValue: number;
  readonly #writers = new Map<string, EventWriter>();
  readonly onBatchEnd: RunObserver["onBatchEnd"];
  /** Given by tfjs before each run. */
  #model!: tf.LayersModel;
  #parameters: RunParameters = {};
  /** Number of batches trained, including those before `initialEpoch`. */
  #batches = 0;

  constructor(folder: string, options: TensorBoardOptions) {
    const { histogramFreq = 0, updateFreq = "epoch", imageColumns } = options;
    checkCount("histogramFreq", histogramFreq, 0);
    if (typeof updateFreq === "number") checkCount("updateFreq", updateFreq);
    else checkOneOf("updateFreq", updateFreq, ["epoch", "batch"]);
    if (imageColumns !== undefined) checkCount("imageColumns", imageColumns);
    this.#folder = folder;
    this.#options = options;
    this.#batchesPerValue =
      updateFreq === "epoch" ? 0 : updateFreq === "batch" ? 1 : updateFreq;
    // It only writes the logs it receives, so several short steps may run at once.
    this.onBatchEnd =
      this.#batchesPerValue === 0
        ? undefined
        : markPassive((_batch: number, logs?: tf.Logs) => this.#endBatch(logs));
  }

  readonly checkpoint = {
    checkpointName: "tensorBoard",
    checkpointState: () => this.#batches,
    restoreCheckpointState: (batches: number) => {
      this.#batches = batches;
    },
  };

  readonly setModel = (model: tf.LayersModel): void => {
    this.#model = model;
  };

  readonly setParameters = (parameters: RunParameters): void => {
    this.#parameters = parameters;
  };

  readonly onTrainBegin = (): void => {
    // A run that ended with an error has left them open.
    this.#close();
    const { samples, batchSize, steps } = this.#parameters;
    const { initialEpoch } = this.#parameters;
    const perEpoch = steps ?? Math.ceil((samples ?? 0) / (batchSize ?? 1));
    this.#batches = (initialEpoch ?? 0) * perEpoch;
    const { writeGraph = true, images = {}, imageColumns } = this.#options;
    const writer = this.#writer("train");
    if (writeGraph) writer.graph(this.#model);
    for (const [name, source] of Object.entries(images)) {
      if (typeof source === "function") continue;
      writer.image(name, source, initialEpoch ?? 0, layoutOf(imageColumns));
    }
    writer.flush();
  };

  readonly onEpochEnd = (epoch: number, logs?: tf.Logs): void => {
    this.#writeCurves(epoch, logs);
    const { histogramFreq = 0, images = {}, imageColumns } = this.#options;
    if (histogramFreq > 0 && epoch % histogramFreq === 0) {
      this.#writeWeights(epoch);
    }
    for (const [name, source] of Object.entries(images)) {
      if (typeof source !== "function") continue;
      tf.tidy(() =>
        this.#writer("train").image(
          name,
          source(epoch),
          epoch,
          layoutOf(imageColumns),
        ),
      );
    }
    for (const writer of this.#writers.values()) writer.flush();
  };

  readonly onTrainEnd = (): void => this.#close();

  #endBatch(logs: tf.Logs | undefined): void {
    this.#batches += 1;
    const curves = curvesOf(logs);
    const isFinite = curves.every(([, value]) => Number.isFinite(value));
    // The values after which a run often ends are always written.
    if (isFinite && this.#batches % this.#batchesPerValue !== 0) return;
    const writer = this.#writer("train");
    for (const [name, value] of curves) {
      writer.scalar(`batch_${name}`, value, this.#batches);
    }
    if (!isFinite) writer.flush();
  }

  #writeCurves(epoch: number, logs: tf.Logs | undefined): void {
    const { optimizer } = this.#model;
    for (const [name, value] of curvesOf(logs)) {
      const measured = name.replace(/^val_/, "");
      const writer = this.#writer(name === measured ? "train" : "validation");
      writer.scalar(`epoch_${measured}`, value, epoch);
      if (name === measured) continue;
      writer.scalar(
        `evaluation_${measured}_vs_iterations`,
        value,
        optimizer.iterations,
      );
    }
    const rate = learningRateOf(optimizer);
    if (rate === undefined) return;
    this.#writer("train").scalar("epoch_learning_rate", rate, epoch);
  }

  #writeWeights(epoch: number): void {
    const writer = this.#writer("train");
    const seen = new Map<string, number>();
    for (const array of getWeights(this.#model)) {
      const uses = seen.get(array.name) ?? 0;
      seen.set(array.name, uses + 1);
      // Layers of models within the model may have the same names.
      const name = uses === 0 ? array.name : `${array.name}_${uses}`;
      writer.histogram(`${name}/histogram`, array.data, epoch);
      if (this.#options.writeImages !== true) continue;
      const images = weightImages(array);
      if (images === undefined) continue;
      const columns = Math.ceil(Math.sqrt(images.shape[0]!));
      writer.image(`${name}/image`, images, epoch, { columns });
    }
  }

  #writer(run: string): EventWriter {
    const known = this.#writers.get(run);
    if (known !== undefined) return known;
    const writer = new EventWriter(path.join(this.#folder, run));
    this.#writers.set(run, writer);
    return writer;
  }

  #close(): void {
    for (const writer of this.#writers.values()) writer.close();
    this.#writers.clear();
  }
}

function layoutOf(columns: number | undefined) {
  return columns === undefined ? {} : { columns };
}
