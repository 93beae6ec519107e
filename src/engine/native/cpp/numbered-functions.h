// Selects unary and binary functions by their codes in programs, and applies them to arrays.
#pragma once
#include "functions.h"
#include "operations.h"

namespace VECTOR_NAMESPACE {

using namespace convnotes;

/** Calls f with a unary function of vectors. `parameter` is the slope of a leaky ReLU. */
template <class F>
void withUnary(int function, float parameter, F f) {
  switch (function) {
    case NEGATE: return f([](Vector x) ALWAYS_LAMBDA { return -x; });
    case EXP: return f([](Vector x) ALWAYS_LAMBDA { return exponential(x); });
    case LOG: return f([](Vector x) ALWAYS_LAMBDA { return logarithm(x); });
    case FLOOR: return f([](Vector x) ALWAYS_LAMBDA {
      // Beyond 2²³ every float is whole.
      const Vector whole = toFloats(toIntegers(x)), lower = choose(whole > x, whole - 1.f, whole);
      const Integers isSmall = (x < splat(8388608.f)) & (x > splat(-8388608.f));
      return choose(isSmall, lower, x);
    });
    case TRUNCATE: return f([](Vector x) ALWAYS_LAMBDA {
      const Integers isSmall = (x < splat(8388608.f)) & (x > splat(-8388608.f));
      return choose(isSmall, toFloats(toIntegers(x)), x);
    });
    case SQUARE: return f([](Vector x) ALWAYS_LAMBDA { return x * x; });
    case SQRT: return f([](Vector x) ALWAYS_LAMBDA { return squareRoot(x); });
    case RSQRT: return f([](Vector x) ALWAYS_LAMBDA { return 1.f / squareRoot(x); });
    case RELU: return f([](Vector x) ALWAYS_LAMBDA { return choose(x < splat(0.f), Vector{}, x); });
    case RELU6: return f([](Vector x) ALWAYS_LAMBDA { return choose(x < splat(0.f), Vector{}, choose(x > splat(6.f), splat(6.f), x)); });
    case SIGMOID: return f([](Vector x) ALWAYS_LAMBDA { return sigmoid(x); });
    case TANH: return f([](Vector x) ALWAYS_LAMBDA { return hyperbolicTangent(x); });
    case ABS: return f([](Vector x) ALWAYS_LAMBDA { return choose(x < splat(0.f), -x, x); });
    case RECIPROCAL: return f([](Vector x) ALWAYS_LAMBDA { return 1.f / x; });
    case NOT: return f([](Vector x) ALWAYS_LAMBDA { return choose(x == splat(0.f), splat(1.f), Vector{}); });
    case IS_NAN: return f([](Vector x) ALWAYS_LAMBDA { return choose(x != x, splat(1.f), Vector{}); });
    case SOFTPLUS: return f([](Vector x) ALWAYS_LAMBDA { return softplus(x); });
    case ERF: return f([](Vector x) ALWAYS_LAMBDA { return errorFunction(x); });
    case LOG1P: return f([](Vector x) ALWAYS_LAMBDA { return logarithmOfOnePlus(x); });
    case EXPM1: return f([](Vector x) ALWAYS_LAMBDA { return exponentialMinusOne(x); });
    case ELU: return f([](Vector x) ALWAYS_LAMBDA { return choose(x < Vector{}, exponentialMinusOne(x), x); });
    // Klambauer et al. 2017, "Self-normalizing neural networks".
    case SELU: return f([](Vector x) ALWAYS_LAMBDA { return 1.05070098f * choose(x < Vector{}, 1.67326324f * exponentialMinusOne(x), x); });
    case LEAKY_RELU: return f([parameter](Vector x) ALWAYS_LAMBDA { return choose(x > Vector{}, x, x * parameter); });
    case CUBE: return f([](Vector x) ALWAYS_LAMBDA { return x * x * x; });
    // Computed by the library for each element: they are rare, such as those of a learning rate
    // schedule.
    case COS: return f([](Vector x) ALWAYS_LAMBDA {
      for (int lane = 0; lane < WIDTH; lane++) x[lane] = (float)std::cos((double)x[lane]);
      return x;
    });
    case SIN: return f([](Vector x) ALWAYS_LAMBDA {
      for (int lane = 0; lane < WIDTH; lane++) x[lane] = (float)std::sin((double)x[lane]);
      return x;
    });
    case SIGN: return f([](Vector x) ALWAYS_LAMBDA { return choose(x > splat(0.f), splat(1.f), choose(x < splat(0.f), splat(-1.f), x)); });
    default: return f([](Vector x) ALWAYS_LAMBDA { return x; });
  }
}

ALWAYS_INLINE Vector truth(Integers mask) { return choose(mask, splat(1.f), Vector{}); }

/** Calls f with a binary function of vectors. */
template <class F>
void withBinary(int function, F f) {
  switch (function) {
    case ADD: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return a + b; });
    case SUBTRACT: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return a - b; });
    case MULTIPLY: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return a * b; });
    case DIVIDE: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return a / b; });
    case MAXIMUM: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return choose((a > b) | (a != a), a, b); });
    case MINIMUM: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return choose((a < b) | (a != a), a, b); });
    case EQUAL: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a == b); });
    case NOT_EQUAL: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a != b); });
    case GREATER: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a > b); });
    case GREATER_EQUAL: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a >= b); });
    case LESS: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a < b); });
    case LESS_EQUAL: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth(a <= b); });
    case AND: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth((a != Vector{}) & (b != Vector{})); });
    case OR: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return truth((a != Vector{}) | (b != Vector{})); });
    // a is the gradient of the output, b the output or the input.
    case RELU_GRADIENT: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return masked(b > Vector{}, a); });
    case SQUARED_DIFFERENCE: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return (a - b) * (a - b); });
    case DIVIDE_NO_NAN: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return choose(b == Vector{}, Vector{}, a / b); });
    // a is the output, b its gradient.
    case TANH_GRADIENT: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return b * (1.f - a * a); });
    case SIGMOID_GRADIENT: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return b * a * (1.f - a); });
    // a is the gradient of the output, b the output.
    case ELU_GRADIENT: return f([](Vector a, Vector b) ALWAYS_LAMBDA { return choose(b < Vector{}, (b + 1.f) * a, a); });
    case POWER: return f([](Vector a, Vector b) ALWAYS_LAMBDA {
      // Computed by the library for each element: powers are rare, such as those of an optimizer's
      // decays.
      for (int lane = 0; lane < WIDTH; lane++) a[lane] = (float)std::pow((double)a[lane], (double)b[lane]);
      return a;
    });
    default: return;
  }
}

template <class F>
void unaryRun(float* out, const float* a, long length, F f) {
  long i = 0;
  for (; i + WIDTH <= length; i += WIDTH) store(out + i, f(load(a + i)));
  if (i < length) storePart(out + i, f(loadPart(a + i, length - i)), length - i);
}

template <bool A_IS_NUMBER, bool B_IS_NUMBER, class F>
void binaryRun(float* out, const float* a, const float* b, long length, F f) {
  long i = 0;
  for (; i + WIDTH <= length; i += WIDTH) store(out + i, f(A_IS_NUMBER ? splat(*a) : load(a + i), B_IS_NUMBER ? splat(*b) : load(b + i)));
  if (i < length) {
    const int left = length - i;
    storePart(out + i, f(A_IS_NUMBER ? splat(*a) : loadPart(a + i, left), B_IS_NUMBER ? splat(*b) : loadPart(b + i, left)), left);
  }
}

}  // namespace VECTOR_NAMESPACE
