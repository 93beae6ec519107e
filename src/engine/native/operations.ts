/**
 * Codes of the operations and functions of native programs. They must match `cpp/operations.h`.
 */

/** Codes of the operations. */
export const operation = {
  gather: 1,
  convolution: 2,
  convolutionBackData: 3,
  convolutionBackWeights: 4,
  pool: 5,
  poolBack: 6,
  dense: 7,
  denseBackWeights: 9,
  unary: 10,
  binary: 11,
  select: 12,
  oneHot: 13,
  rowReduce: 14,
  softmax: 15,
  columnSums: 16,
  randomMask: 17,
  moments: 18,
  normalize: 19,
  normalizeBackSums: 20,
  normalizeBack: 21,
  poolMean: 23,
  poolMeanBack: 24,
  depthwise: 25,
  depthwiseBackData: 26,
  depthwiseBackWeights: 27,
  concatenate: 31,
  box: 32,
  denseWhole: 40,
  denseWholeBack: 41,
  packConvolution: 60,
  packConvolutionBack: 61,
  finishConvolution: 62,
  addSlots: 63,
  sharedUnary: 64,
  sharedBinary: 65,
  sharedSum: 66,
  finishMoments: 67,
  copy: 68,
  transpose: 69,
  widen: 70,
  sharedSelect: 71,
  foldNormalization: 72,
  updateAdam: 80,
  updateGradientDescent: 81,
  updateMomentum: 82,
  updateRmsProp: 83,
  updateAdagrad: 84,
  updateAdamax: 85,
  formula: 86,
} as const;

/** The name of an operation. */
export type OperationName = keyof typeof operation;

/** Codes of unary functions by TensorFlow's names. */
export const unaryFunction: Readonly<Record<string, number>> = {
  Neg: 0,
  Exp: 1,
  Log: 2,
  Floor: 3,
  Square: 4,
  Sqrt: 5,
  Rsqrt: 6,
  Relu: 7,
  Sigmoid: 8,
  Tanh: 9,
  Abs: 10,
  Reciprocal: 11,
  Truncate: 13,
  LogicalNot: 14,
  Sign: 17,
  Relu6: 18,
  IsNan: 19,
  Softplus: 20,
  Erf: 21,
  Log1p: 22,
  Expm1: 23,
  Elu: 24,
  Selu: 25,
  LeakyRelu: 26,
  Cos: 28,
  Sin: 29,
};

/** Code of x³. */
export const cube = 27;

/** Codes of binary functions by TensorFlow's names. */
export const binaryFunction: Readonly<Record<string, number>> = {
  Add: 0,
  AddV2: 0,
  BiasAdd: 0,
  Sub: 1,
  Mul: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  Equal: 6,
  NotEqual: 7,
  Greater: 8,
  GreaterEqual: 9,
  Less: 10,
  LessEqual: 11,
  LogicalAnd: 12,
  LogicalOr: 13,
  ReluGrad: 14,
  SquaredDifference: 16,
  DivNoNan: 17,
  TanhGrad: 18,
  SigmoidGrad: 19,
  EluGrad: 20,
  Pow: 21,
};

/** Codes of reductions by TensorFlow's names. */
export const reduction: Readonly<Record<string, number>> = {
  Sum: 0,
  Mean: 1,
  Max: 2,
  ArgMax: 3,
  Min: 4,
};

/** Codes of the ways in which an operand is broadcast to the result. */
export const mode = {
  full: 0,
  perSample: 1,
  periodic: 2,
  periodicPerSample: 3,
  number: 4,
  scalar: 5,
  repeated: 6,
} as const;

/** Codes of the kinds of memory that buffers use. */
export const place = {
  shared: 0,
  batch: 1,
  group: 2,
  slot: 3,
  bound: 4,
  data: 5,
  thread: 6,
} as const;
