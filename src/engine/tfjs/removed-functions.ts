/**
 * Restores functions of Node that TensorFlow.js 4.22.0 still calls.
 */
import util from "node:util";

// Node 23 removed util.isNullOrUndefined (tensorflow/tfjs#8609).
const older = util as unknown as {
  isNullOrUndefined?: (value: unknown) => boolean;
};
older.isNullOrUndefined ??= (value) => value === null || value === undefined;
