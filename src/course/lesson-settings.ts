/**
 * Settings of a lesson or lab, from its parameters and its defaults for each mode.
 */
import type { DataSource } from "../data/load-options";
import { coded } from "../notebook/coded-error";
import { escapeHtml } from "../notebook/html";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { lessonMode, type LessonMode } from "./mode";

/**
 * Parameters of a notebook, which papermill may replace. `null` stands for the default of the mode.
 */
export interface LessonParameters {
  readonly mode: string;
  /** Seed of initial weights, order of images and dropout. */
  readonly seed: number;
  /** Number of passes over the training images. */
  readonly epochs: number | null;
  readonly batchSize: number | null;
  /** Number of training images to load, the first ones. */
  readonly trainSamples: number | null;
  /** Number of test images to load, the first ones. */
  readonly testSamples: number | null;
}

/** Defaults of one mode. Without a number of samples, all are loaded. */
export interface LessonDefaults {
  readonly epochs: number;
  /** 32 by default, as in Keras. */
  readonly batchSize?: number;
  readonly trainSamples?: number;
  readonly testSamples?: number;
}

/**
 * Complete settings. As the last value of a cell they are a banner, which says what kind of run a
 * page shows.
 */
export class LessonSettings implements Displayable {
  readonly mode: LessonMode;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Options of `load`: the numbers of samples that are limited. */
  readonly samples: {
    readonly trainSamples?: number;
    readonly testSamples?: number;
  };
  /** Option of `load`: full mode downloads what is missing, quick mode draws images instead. */
  readonly from: DataSource;

  constructor(
    settings: Omit<LessonSettings, "toString" | typeof jupyterDisplay>,
  ) {
    this.mode = settings.mode;
    this.seed = settings.seed;
    this.epochs = settings.epochs;
    this.batchSize = settings.batchSize;
    this.samples = settings.samples;
    this.from = settings.from;
  }

  toString(): string {
    const { trainSamples, testSamples } = this.samples;
    const number = (count: number | undefined) =>
      count === undefined ? "all" : count.toLocaleString("en-US");
    return (
      `${this.mode} mode: ${this.epochs} ${this.epochs === 1 ? "epoch" : "epochs"}, batch size ${this.batchSize}, seed ${this.seed}; ` +
      `${number(trainSamples)} training images, ${number(testSamples)} test images`
    );
  }

  [jupyterDisplay](): MimeBundle {
    const note =
      this.mode === "quick"
        ? "A quick run on a part of the images: tables and figures below are those of this run, numbers in the text are those of the full run."
        : "A full run: tables, figures and text belong together.";
    return {
      "text/plain": `${this.toString()}\n${note}`,
      "text/html": `<div role="note" class="convnotes-run" style="border: 1px solid #8a8a8a; padding: 4px 10px">${escapeHtml(this.toString())}<br>${note}</div>`,
    };
  }
}

/**
 * Returns the settings of a notebook: its parameters where they are not `null`, else the defaults
 * of its mode.
 *
 *     const run = lessonSettings(
 *       { mode, seed, epochs, batchSize, trainSamples, testSamples },
 *       { quick: { epochs: 20, trainSamples: 1500 }, full: { epochs: 10 } },
 *     );
 *     const cifar = await load("cifar-10", { from: run.from, ...run.samples });
 *
 * @throws RangeError `ERR_INVALID_VALUE` if a parameter breaks its rule; Error if the mode is
 *   unknown.
 */
export function lessonSettings(
  parameters: LessonParameters,
  defaults: Readonly<Record<LessonMode, LessonDefaults>>,
): LessonSettings {
  const mode = lessonMode(parameters.mode);
  const { seed } = parameters;
  if (!Number.isSafeInteger(seed)) {
    throw invalid("seed", "an integer", seed);
  }
  for (const name of [
    "epochs",
    "batchSize",
    "trainSamples",
    "testSamples",
  ] as const) {
    const value = parameters[name];
    if (value !== null && !(Number.isInteger(value) && value > 0)) {
      throw invalid(
        name,
        "a positive integer, or null for the mode's default",
        value,
      );
    }
  }
  const chosen = defaults[mode];
  const trainSamples = parameters.trainSamples ?? chosen.trainSamples;
  const testSamples = parameters.testSamples ?? chosen.testSamples;
  return new LessonSettings({
    mode,
    seed,
    epochs: parameters.epochs ?? chosen.epochs,
    batchSize: parameters.batchSize ?? chosen.batchSize ?? 32,
    samples: {
      ...(trainSamples === undefined ? {} : { trainSamples }),
      ...(testSamples === undefined ? {} : { testSamples }),
    },
    from: mode === "full" ? "files or download" : "files or synthetic",
  });
}

function invalid(name: string, rule: string, value: unknown): RangeError {
  return coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`${name}\` to be ${rule}, received ${String(value)}.`,
    ),
  );
}
