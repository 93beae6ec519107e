/**
 * Options of checkpoints.
 */
import { checkCount, checkPositive } from "../../check";
import { coded } from "../../notebook/coded-error";

/** Options of checkpoints during training. */
export interface CheckpointOptions {
  /** The folder, which is created. It belongs to one run. */
  readonly folder: string;
  /** Number of checkpoints that are kept; 3 by default. */
  readonly keep?: number;
  /** Saves at the end of every so many epochs, and of the last one; 1 by default. */
  readonly everyEpochs?: number;
  /** Saves within an epoch when so many minutes have passed since the last time; 5 by default. */
  readonly everyMinutes?: number;
  /**
   * Saves within an epoch after every so many steps; off by default. Short steps run in groups: the
   * state is saved after the group.
   */
  readonly everySteps?: number;
}

/**
 * Returns the options with their defaults; a string is the folder.
 *
 * @throws TypeError `ERR_INVALID_VALUE` if there is no folder, RangeError `ERR_INVALID_VALUE` if a
 *   number breaks its rule.
 */
export function checkpointOptions(
  given: string | CheckpointOptions,
): Required<CheckpointOptions> {
  const options = typeof given === "string" ? { folder: given } : given;
  const { folder, keep = 3, everyEpochs = 1, everyMinutes = 5 } = options;
  const { everySteps = Infinity } = options;
  if (typeof folder !== "string" || folder === "") {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected \`checkpoints\` to be the name of a folder, received ${JSON.stringify(folder)}`,
      ),
    );
  }
  checkCount("checkpoints.keep", keep);
  checkCount("checkpoints.everyEpochs", everyEpochs);
  checkPositive("checkpoints.everyMinutes", everyMinutes);
  if (everySteps !== Infinity) checkCount("checkpoints.everySteps", everySteps);
  return { folder, keep, everyEpochs, everyMinutes, everySteps };
}
