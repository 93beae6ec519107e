/**
 * Callbacks of `model.fit` that know the model and the run.
 */
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import type { StatefulCallback } from "./checkpoints/saved-part";
import { curveName } from "./curve-name";

/** Facts about a run, as tfjs gives them to callbacks; unknown ones are null or absent. */
export interface RunParameters {
  readonly initialEpoch?: number | null;
  readonly samples?: number | null;
  readonly batchSize?: number | null;
  readonly steps?: number | null;
}

/** The functions of a callback, and what it needs to know of the run. */
export interface RunObserver extends Omit<tf.CustomCallbackArgs, "onBatchEnd"> {
  /** Absent if the callback does not need single batches, which is faster. */
  readonly onBatchEnd?: tf.CustomCallbackArgs["onBatchEnd"] | undefined;
  /** Called before the run with the model that runs the steps. */
  readonly setModel?: (model: tf.LayersModel) => void;
  /** Called before the run. */
  readonly setParameters?: (parameters: RunParameters) => void;
  /** What checkpoints contain of the callback. */
  readonly checkpoint?: StatefulCallback & { readonly checkpointName: string };
}

/**
 * A callback made of functions, as tfjs makes them, which is also told the model. tfjs gives the
 * functions numbers instead of tensors.
 */
export class RunCallback extends tf.CustomCallback {
  readonly #observer: RunObserver;

  constructor(observer: RunObserver) {
    super(observer as tf.CustomCallbackArgs);
    this.#observer = observer;
    Object.assign(this, observer.checkpoint);
  }

  /**
   * Begins the run.
   *
   * @throws Error `ERR_INVALID_STATE` if tfjs has wrapped this callback: if the first of a list is
   *   an object of functions, tfjs takes all others for such objects, and a wrapped callback would
   *   call itself for ever.
   */
  override async onTrainBegin(logs?: tf.Logs): Promise<void> {
    if (!(this instanceof RunCallback)) {
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          "Expected a list of callbacks of one kind, received objects of functions together with callbacks such as csvLogger(…): use new tf.CustomCallback({ … }) in place of each object",
        ),
      );
    }
    await super.onTrainBegin(logs);
  }

  override setModel(model: unknown): void {
    super.setModel(model as never);
    this.#observer.setModel?.(model as tf.LayersModel);
  }

  override setParams(parameters: never): void {
    super.setParams(parameters);
    this.#observer.setParameters?.(parameters);
  }
}

/**
 * Returns the losses and metrics of a batch or an epoch under Keras's names, without the counts
 * that tfjs adds.
 */
export function curvesOf(logs: tf.Logs = {}): [name: string, value: number][] {
  return Object.entries(logs)
    .filter(([name]) => name !== "batch" && name !== "size")
    .map(([name, value]) => [curveName(name), value]);
}
