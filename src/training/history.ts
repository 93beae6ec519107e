/**
 * The history of a training run.
 */
import { warnOfFormerName } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../notebook/mime";
import { count } from "../notebook/quantity";
import { Table } from "../notebook/table";

/** The configuration of a run. */
export interface TrainingConfig {
  /** Number of epochs requested. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Number of training samples. */
  readonly samples: number;
  /** Number of validation samples; 0 without validation. */
  readonly validationSamples: number;
}

/** An incomplete epoch. */
export interface InterruptedEpoch {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of steps done in it. */
  readonly steps: number;
}

/**
 * The curves of a training run, one value per epoch, under Keras's names.
 *
 * Only complete epochs are counted, so all curves have the same length even after an interrupt.
 */
export class History implements Displayable {
  readonly config: TrainingConfig;
  /** Numbers of the completed epochs, from 1. */
  readonly epochs: readonly number[];
  /** All curves by name: `loss`, `val_loss`, and each metric with and without `val_`. Frozen. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** Wall-clock time of each epoch, validation included, in seconds. */
  readonly seconds: readonly number[];
  /** The incomplete epoch in which the run was stopped, if any. */
  readonly interruptedEpoch: InterruptedEpoch | undefined;
  /** The epoch, from 1, whose weights early stopping has put back, if any. */
  readonly restoredEpoch: number | undefined;

  constructor(
    config: TrainingConfig,
    curves: Readonly<Record<string, readonly number[]>>,
    seconds: readonly number[],
    interruptedEpoch?: InterruptedEpoch,
    restoredEpoch?: number,
  ) {
    for (const [name, values] of Object.entries(curves)) {
      if (values.length !== seconds.length) {
        throw coded(
          "ERR_SHAPE",
          new RangeError(
            `Expected the curve "${name}" to have ${seconds.length} values, one per epoch, received ${values.length}`,
          ),
        );
      }
    }
    this.config = config;
    // Frozen, because sorting a curve in place would silently reorder its epochs.
    this.curves = Object.freeze(
      Object.fromEntries(
        Object.entries(curves).map(([name, values]) => [
          name,
          Object.freeze([...values]),
        ]),
      ),
    );
    this.seconds = seconds;
    this.epochs = seconds.map((_, index) => index + 1);
    this.interruptedEpoch = interruptedEpoch;
    this.restoredEpoch = restoredEpoch;
  }

  /** @deprecated Use `config`. */
  get plan(): TrainingConfig {
    warnOfFormerName("History.plan", "config");
    return this.config;
  }

  /** @deprecated Use `interruptedEpoch`. */
  get cut(): InterruptedEpoch | undefined {
    warnOfFormerName("History.cut", "interruptedEpoch");
    return this.interruptedEpoch;
  }

  /** Mean training loss of each epoch in nats, including penalties. */
  get loss(): readonly number[] {
    return this.curve("loss");
  }

  /** Training accuracy of each epoch, measured while the weights changed. */
  get accuracy(): readonly number[] {
    return this.curve("accuracy");
  }

  /** Validation loss after each epoch, in nats. */
  get val_loss(): readonly number[] {
    return this.curve("val_loss");
  }

  /** Validation accuracy after each epoch. */
  get val_accuracy(): readonly number[] {
    return this.curve("val_accuracy");
  }

  /** Mean time of an epoch in seconds, including validation; 0 if no epoch was completed. */
  get secondsPerEpoch(): number {
    const total = this.seconds.reduce((sum, value) => sum + value, 0);
    return this.seconds.length === 0 ? 0 : total / this.seconds.length;
  }

  /**
   * Returns the curve with a name. Throws a RangeError (`ERR_UNKNOWN_NAME`) that lists the existing
   * names if there is none.
   */
  curve(name: string): readonly number[] {
    const values = this.curves[name];
    if (values === undefined) {
      const names = Object.keys(this.curves).map((existing) => `"${existing}"`);
      throw coded(
        "ERR_UNKNOWN_NAME",
        new RangeError(
          `Expected the name of a curve of this history (${names.join(", ") || "it has none"}), received "${name}"`,
        ),
      );
    }
    return values;
  }

  /** Returns the epochs as a table. */
  toTable(): Table {
    const names = Object.keys(this.curves);
    const rows = this.epochs.map((epoch, index) => [
      epoch,
      `${this.seconds[index]!.toFixed(1)} s`,
      ...names.map((name) => this.curves[name]![index]!),
    ]);
    return new Table(["epoch", "time", ...names], rows, {
      notes: this.#notes(),
    });
  }

  /** Returns the table of epochs as text. */
  toString(): string {
    return this.toTable().toString();
  }

  [jupyterDisplay](): MimeBundle {
    return this.toTable()[jupyterDisplay]();
  }

  #notes(): string[] {
    const { samples, validationSamples, batchSize, epochs } = this.config;
    const training = `${count(samples)} training samples in ${count(Math.ceil(samples / batchSize))} steps of ${batchSize}`;
    const validation =
      validationSamples === 0
        ? "no validation"
        : `${count(validationSamples)} validation samples in ${count(Math.ceil(validationSamples / batchSize))} steps`;
    const done = `${this.epochs.length} of ${epochs} epochs`;
    const stopped =
      this.interruptedEpoch === undefined
        ? `Stopped after ${done}`
        : `Stopped in epoch ${this.interruptedEpoch.epoch} after ${count(this.interruptedEpoch.steps)} steps, ${done} done`;
    return [
      `${training}; ${validation}; ${this.secondsPerEpoch.toFixed(1)} s an epoch`,
      ...(this.epochs.length < epochs ? [stopped] : []),
      ...(this.restoredEpoch === undefined
        ? []
        : [`The weights are those of epoch ${this.restoredEpoch}`]),
    ];
  }
}
