// The operations of a program. Numbers are those of ../operations.ts.
#pragma once

namespace convnotes {

enum Operation : int {
  // Of samples.
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
  // Of all samples at once, divided by weights.
  DENSE_WHOLE = 40,
  DENSE_WHOLE_BACK = 41,
  // Of what is shared.
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
};

/** Functions of one number. */
enum Unary : int { NEGATE = 0, EXP, LOG, FLOOR, SQUARE, SQRT, RSQRT, RELU, SIGMOID, TANH, ABS, RECIPROCAL, IDENTITY, TRUNCATE, NOT, SIGN = 17, RELU6 = 18, IS_NAN, SOFTPLUS, ERF, LOG1P, EXPM1, ELU, SELU, LEAKY_RELU, CUBE };

/** Functions of two numbers; those that compare give 1 or 0. */
enum Binary : int { ADD = 0, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, AND, OR, RELU_GRADIENT, SQUARED_DIFFERENCE = 16, DIVIDE_NO_NAN, TANH_GRADIENT, SIGMOID_GRADIENT, ELU_GRADIENT, POWER };

/** How an operand of a function is laid out beside the result, whose rows have `size` numbers. */
enum Mode : int {
  /** A number for a number. */
  FULL = 0,
  /** One number for the whole sample. */
  PER_SAMPLE = 1,
  /** Shared, again after `period` numbers. */
  PERIODIC = 2,
  /** Of each sample `period` numbers, again and again. */
  PERIODIC_PER_SAMPLE = 3,
  /** The instruction's own number. */
  NUMBER = 4,
  /** One shared number. */
  SCALAR = 5,
  /** Each of a sample's numbers `period` times. */
  REPEATED = 6,
};

/** What a row is reduced to. ARG_MAX is a macro of the C library musl. */
enum Reduction : int { SUM = 0, MEAN, MAX, PLACE_OF_MAX, MIN };

}  // namespace convnotes
