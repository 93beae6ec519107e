/**
 * Checkpoints as a callback of `model.fit`.
 */
import { attachKeeper } from "../../engine/models/run-keeper";
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import type { CheckpointOptions } from "./checkpoint-options";
import { Checkpoints } from "./checkpoints";

/** Takes the place of checkpoints among the callbacks. The training loop does the work. */
export class CheckpointCallback extends tf.Callback {
  readonly #checkpoints: Checkpoints;

  constructor(checkpoints: Checkpoints) {
    super();
    this.#checkpoints = checkpoints;
    attachKeeper(this, checkpoints);
  }

  /** @throws Error `ERR_UNSUPPORTED` if the loop is tfjs's own. */
  override async onTrainBegin(): Promise<void> {
    if (this.#checkpoints.isOpen) return;
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        "Expected `model.fit` of TensorFlow.js's native backend with the engine on and `shuffle` true or false, received a training loop without checkpoints, such as `fitDataset` or the engine switched off",
      ),
    );
  }
}

/**
 * Returns a callback for `model.fit` that saves the state of training in a folder. If the folder
 * has a checkpoint of the same run, `model.fit` continues there, and ends with the same weights and
 * history as without the interruption, bit for bit.
 *
 *     await model.fit(x, y, { epochs: 10, verbose: 0, callbacks: checkpoints("runs/first") });
 *
 * Takes the folder, or all options. A finished run returns its history at once. Further callbacks
 * beside it must be callback objects, such as `new tf.CustomCallback({ onEpochEnd })`. There is no
 * progress bar, whatever `verbose` is.
 *
 * Throws a RangeError or TypeError (`ERR_INVALID_VALUE`) if an option breaks its rule. `model.fit`
 * then throws a RangeError (`ERR_INVALID_VALUE`) if the folder has checkpoints of another run, and
 * an Error if another process uses it (`ERR_LOCKED`) or the engine is off (`ERR_UNSUPPORTED`).
 */
export function checkpoints(options: string | CheckpointOptions): tf.Callback {
  return new CheckpointCallback(new Checkpoints(options));
}
