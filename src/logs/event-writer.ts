/**
 * Event files: the values of a run, as TensorBoard reads them.
 */
import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { checkCount } from "../check";
import { fieldWriter } from "../engine/tfjs/graph-messages";
import type { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import {
  encodeImages,
  type ImageLayout,
  type ImageSource,
} from "./encoded-images";
import { histogramOf } from "./histogram";
import { encodeLayerGraph } from "./layer-graph";
import { onDisk } from "./on-disk";
import { RecordFile } from "./record-file";
import {
  histogramSummary,
  imageSummary,
  scalarSummary,
} from "./summary-values";

/** Options of a histogram. */
export interface HistogramOptions {
  /** Number of intervals of equal width; 30 by default. */
  readonly buckets?: number;
}

/** Waiting values are written at the next value after this time. */
const MILLISECONDS_UNTIL_FLUSH = 10_000;

/** Number of writers of this process, which keeps the names of their files apart. */
let writers = 0;

/** Fields of an event (event.proto in TensorFlow's sources). */
const FIELD = {
  wallTime: 1,
  step: 2,
  fileVersion: 3,
  graph: 4,
  summary: 5,
} as const;

/**
 * Writes an event file for TensorBoard.
 *
 *     const writer = new EventWriter("logs/first/train");
 *     writer.scalar("loss", 0.5, step);
 *     writer.close();
 *
 * Each writer creates a new file; TensorBoard shows the files of a folder as one run, so a resumed
 * run continues the curves. Values are written by {@link flush} and {@link close}, and about every
 * ten seconds. If the process ends before, the file can still be read, without the values that
 * waited.
 *
 * Each method throws an Error (`ERR_INVALID_STATE`) after `close`, and a RangeError
 * (`ERR_INVALID_VALUE`) if a tag is empty or a step is not a non-negative integer.
 */
export class EventWriter {
  readonly #records: RecordFile;
  #isClosed = false;
  #flushedAt = performance.now();

  /**
   * Creates `folder` and in it an event file.
   *
   * @throws Error `ERR_DISK` if that is not possible.
   */
  constructor(folder: string) {
    writers += 1;
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${writers}.v2`;
    this.#records = onDisk(folder, () => {
      mkdirSync(folder, { recursive: true });
      return new RecordFile(path.join(folder, name));
    });
    const version = event();
    version.writeString(FIELD.fileVersion, "brain.Event:2");
    this.#records.add(version.getResultBuffer());
    this.flush();
  }

  /** The path of the event file. */
  get file(): string {
    return this.#records.path;
  }

  /** Writes a number, which TensorBoard keeps as float32. NaN and infinities are shown as such. */
  scalar(tag: string, value: number, step: number): void {
    this.#summary(tag, step, () => scalarSummary(tag, value));
  }

  /**
   * Writes one or more images of one size.
   *
   * @throws RangeError `ERR_SHAPE` if `images` has another shape than {@link ImageSource} allows,
   *   `ERR_INVALID_VALUE` if `columns` is not a positive integer.
   */
  image(
    tag: string,
    images: ImageSource,
    step: number,
    layout: ImageLayout = {},
  ): void {
    this.#summary(tag, step, () =>
      imageSummary(tag, encodeImages(images, layout)),
    );
  }

  /**
   * Writes how often values occur in intervals of equal width. Values that are not finite are left
   * out.
   *
   * @throws RangeError `ERR_INVALID_VALUE` if `buckets` is not a positive integer.
   */
  histogram(
    tag: string,
    values: tf.Tensor | Iterable<number>,
    step: number,
    { buckets = 30 }: HistogramOptions = {},
  ): void {
    checkCount("buckets", buckets);
    const numbers =
      Symbol.iterator in values
        ? values
        : values.dataSync<"float32" | "int32">();
    this.#summary(tag, step, () =>
      histogramSummary(tag, histogramOf(numbers, buckets)),
    );
  }

  /** Writes the layers of a model as a graph. A file has one graph: readers take the last. */
  graph(model: tf.LayersModel): void {
    const message = event();
    message.writeBytes(FIELD.graph, encodeLayerGraph(model));
    this.#add(message.getResultBuffer());
  }

  /**
   * Writes buffered values to the file.
   *
   * @throws Error `ERR_DISK` if the disk is full.
   */
  flush(): void {
    this.#checkOpen();
    onDisk(this.file, () => this.#records.flush());
    this.#flushedAt = performance.now();
  }

  /** Writes buffered values and closes the file. Does nothing if it is closed. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    onDisk(this.file, () => this.#records.close());
  }

  #summary(tag: string, step: number, encode: () => Uint8Array): void {
    checkCount("step", step, 0);
    if (tag === "") {
      throw coded(
        "ERR_INVALID_VALUE",
        new RangeError("Expected `tag` to be a name, received an empty string"),
      );
    }
    const message = event();
    message.writeInt64(FIELD.step, step);
    message.writeBytes(FIELD.summary, encode());
    this.#add(message.getResultBuffer());
  }

  #add(record: Uint8Array): void {
    this.#checkOpen();
    onDisk(this.file, () => this.#records.add(record));
    const waited = performance.now() - this.#flushedAt;
    if (waited > MILLISECONDS_UNTIL_FLUSH) this.flush();
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw coded(
      "ERR_INVALID_STATE",
      new Error(
        `Expected an open event writer, received one that was closed (${this.file})`,
      ),
    );
  }
}

/** Returns an event with the current time. */
function event() {
  const message = fieldWriter();
  message.writeDouble(FIELD.wallTime, Date.now() / 1000);
  return message;
}
