/**
 * What the numbers given to an operation decide: its values only, or the shape of what comes out.
 *
 * A step that is traced is not computed, so the shapes of its tensors are those that were recorded. That holds as long as numbers that may
 * differ from step to step decide values only.
 */

/** Operations whose output's shape depends on the numbers that they are given. */
const shapedByNumbers = new Set([
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

/** Operations that draw from a stream of TensorFlow's own, which a loaded graph would begin again. */
const streams = new Set([
  "Multinomial",
  "RandomStandardNormal",
  "RandomUniform",
  "RandomUniformInt",
  "TruncatedNormal",
  "RandomGamma",
  "RandomShuffle",
]);

/** Operations of whole numbers that decide values only, and which of their inputs do. */
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

/** Why an operation cannot be part of a graph; undefined if it can. */
export function obstacleOf(operation: string): string | undefined {
  if (shapedByNumbers.has(operation)) {
    return `the shape of what ${operation} gives depends on the numbers that it is given`;
  }
  if (streams.has(operation)) {
    return `${operation} draws from a random stream of TensorFlow's own`;
  }
  return undefined;
}

/** Whether an input of this type decides nothing but values, so that other numbers may be fed in its place. */
export function isValueInput(
  operation: string,
  input: number,
  dtype: string,
): boolean {
  if (operation === "Range" || operation === "LinSpace") return false;
  if (dtype !== "int32") return true;
  return valueInputs[operation]?.includes(input) ?? false;
}
