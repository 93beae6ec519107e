// Codes of the operations and functions of programs. They must match ../operations.ts.
#pragma once

namespace convnotes {

enum Operation : int {
  // On groups of samples.
  GATHER = 1,
  CONVOLUTION = 2,
  CONVOLUTION_BACK_DATA = 3,
  CONVOLUTION_BACK_WEIGHTS = 4,
  POOL = 5,
  POOL_BACK = 6,
  DENSE = 7,
  DENSE_BACK_WEIGHTS = 9,
  UNARY = 10,
  BINARY = 11,
  SELECT = 12,
  ONE_HOT = 13,
  ROW_REDUCE = 14,
  SOFTMAX = 15,
  COLUMN_SUMS = 16,
  RANDOM_MASK = 17,
  MOMENTS = 18,
  NORMALIZE = 19,
  NORMALIZE_BACK_SUMS = 20,
  NORMALIZE_BACK = 21,
  POOL_MEAN = 23,
  POOL_MEAN_BACK = 24,
  DEPTHWISE = 25,
  DEPTHWISE_BACK_DATA = 26,
  DEPTHWISE_BACK_WEIGHTS = 27,
  CONCATENATE = 31,
  BOX = 32,
  // On the whole batch; threads divide the weights.
  DENSE_WHOLE = 40,
  DENSE_WHOLE_BACK = 41,
  // On shared values.
  PACK_CONVOLUTION = 60,
  PACK_CONVOLUTION_BACK = 61,
  FINISH_CONVOLUTION = 62,
  ADD_SLOTS = 63,
  SHARED_UNARY = 64,
  SHARED_BINARY = 65,
  SHARED_SUM = 66,
  FINISH_MOMENTS = 67,
  COPY = 68,
  UPDATE_ADAM = 80,
  UPDATE_SGD = 81,
  UPDATE_MOMENTUM = 82,
  UPDATE_RMSPROP = 83,
  UPDATE_ADAGRAD = 84,
  UPDATE_ADAMAX = 85,
  FORMULA = 86,
  TRANSPOSE = 69,
  WIDEN = 70,
  SHARED_SELECT = 71,
  FOLD_NORMALIZATION = 72,
};

/** Unary functions. */
enum Unary : int { NEGATE = 0, EXP, LOG, FLOOR, SQUARE, SQRT, RSQRT, RELU, SIGMOID, TANH, ABS, RECIPROCAL, IDENTITY, TRUNCATE, NOT, SIGN = 17, RELU6 = 18, IS_NAN, SOFTPLUS, ERF, LOG1P, EXPM1, ELU, SELU, LEAKY_RELU, CUBE, COS, SIN };

/** Binary functions. Comparisons return 1 or 0. */
enum Binary : int { ADD = 0, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, AND, OR, RELU_GRADIENT, SQUARED_DIFFERENCE = 16, DIVIDE_NO_NAN, TANH_GRADIENT, SIGMOID_GRADIENT, ELU_GRADIENT, POWER };

/** How an operand of a function is broadcast to the result, whose rows have `size` elements. */
enum Mode : int {
  /** One element for each element of the result. */
  FULL = 0,
  /** One element for each sample. */
  PER_SAMPLE = 1,
  /** Shared by all samples; repeats after `period` elements. */
  PERIODIC = 2,
  /** `period` elements for each sample, which repeat. */
  PERIODIC_PER_SAMPLE = 3,
  /** A float operand of the instruction. */
  NUMBER = 4,
  /** One element shared by all samples. */
  SCALAR = 5,
  /** Each element of a sample repeats `period` times in place. */
  REPEATED = 6,
};

/** Reductions of rows. The name ARG_MAX is a macro of the C library musl. */
enum Reduction : int { SUM = 0, MEAN, MAX, PLACE_OF_MAX, MIN };

}  // namespace convnotes
