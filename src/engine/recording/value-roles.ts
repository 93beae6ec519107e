/**
 * Determines what the values passed to an operation affect: only its output's values, or also its
 * shape.
 *
 * A traced step is not computed, so its tensors have the recorded shapes. This is correct as long
 * as values that may differ from step to step affect only values.
 */

/** Operations whose output's shape depends on the values of their inputs. */
const shapedByValues = new Set([
  "Where",
  "Unique",
  "UniqueV2",
  "NonMaxSuppressionV2",
  "NonMaxSuppressionV3",
  "NonMaxSuppressionV4",
  "NonMaxSuppressionV5",
  "SparseFillEmptyRows",
  "SparseReshape",
  "SparseSegmentMean",
  "SparseSegmentSum",
  "RaggedTensorToTensor",
  "RaggedGather",
  "RaggedRange",
  "StringNGrams",
  "StringSplit",
  "DecodeJpeg",
  "DecodePng",
  "DecodeBmp",
  "DecodeGif",
  "ListDiff",
]);

/** Operations that draw from TensorFlow's own random stream, which a loaded graph would restart. */
const statefulGenerators = new Set([
  "Multinomial",
  "RandomStandardNormal",
  "RandomUniform",
  "RandomUniformInt",
  "TruncatedNormal",
  "RandomGamma",
  "RandomShuffle",
]);

/** Operations on integers, with the indices of the inputs that affect only values. */
const valueInputs: Readonly<Record<string, readonly number[]>> = {
  GatherV2: [1],
  GatherNd: [1],
  OneHot: [0],
  ScatterNd: [0, 1],
  TensorScatterUpdate: [1, 2],
  Slice: [1],
  Cast: [0],
  Roll: [1],
  Add: [0, 1],
  AddV2: [0, 1],
  Sub: [0, 1],
  Mul: [0, 1],
  FloorDiv: [0, 1],
  Mod: [0, 1],
  FloorMod: [0, 1],
  Maximum: [0, 1],
  Minimum: [0, 1],
  Equal: [0, 1],
  NotEqual: [0, 1],
  Less: [0, 1],
  LessEqual: [0, 1],
  Greater: [0, 1],
  GreaterEqual: [0, 1],
  StatelessRandomNormal: [1],
  StatelessRandomUniform: [1],
  StatelessRandomUniformFullInt: [1],
  Select: [1, 2],
  SelectV2: [1, 2],
};

/** Returns why an operation cannot be part of a graph; undefined if it can. */
export function obstacleOf(operation: string): string | undefined {
  if (shapedByValues.has(operation)) {
    return `the shape of the output of ${operation} depends on the values of its inputs`;
  }
  if (statefulGenerators.has(operation)) {
    return `${operation} draws from a random stream of TensorFlow's own`;
  }
  return undefined;
}

/** Whether an input of this type affects only values, so other values may be fed for it. */
export function isValueInput(
  operation: string,
  input: number,
  dtype: string,
): boolean {
  if (operation === "Range" || operation === "LinSpace") return false;
  if (dtype !== "int32") return true;
  return valueInputs[operation]?.includes(input) ?? false;
}
