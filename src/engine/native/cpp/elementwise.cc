// Functions of single numbers, over the rows of samples or over what is shared. One pass; some 0.1 floating-point operations a byte, so bound by
// the cache that holds the operands.
#include <algorithm>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/** Calls f with a function of one vector; `parameter` is the slope of a leaky ReLU. */
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
    case SIGN: return f([](Vector x) ALWAYS_LAMBDA { return choose(x > splat(0.f), splat(1.f), choose(x < splat(0.f), splat(-1.f), x)); });
    default: return f([](Vector x) ALWAYS_LAMBDA { return x; });
  }
}

ALWAYS_INLINE Vector truth(Integers mask) { return choose(mask, splat(1.f), Vector{}); }

/** Calls f with a function of two vectors. */
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
    default: return;
  }
}

/** Where an operand's numbers are for a run of the result's. */
struct Operand {
  const float* p;
  int mode;
  long period;

  bool isNumber() const { return mode == PER_SAMPLE || mode == NUMBER || mode == SCALAR || mode == REPEATED; }
  /** Whether it begins again, or goes on to its next number, after `period` numbers. */
  bool isPeriodic() const { return mode == PERIODIC || mode == PERIODIC_PER_SAMPLE || mode == REPEATED; }
  /** Of sample n (counted from the group's first), from number `from` of its row on. */
  const float* run(long n, long from, long size) const {
    switch (mode) {
      case FULL: return p + n * size + from;
      case PER_SAMPLE: return p + n;
      case PERIODIC: return p + from % period;
      case PERIODIC_PER_SAMPLE: return p + n * period + from % period;
      case REPEATED: return p + (n * size + from) / period;
      default: return p;
    }
  }
};

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

/** Numbers that can be done in one run: to the next place where an operand begins again. */
long runLength(const Operand& a, const Operand& b, long size) {
  long length = size;
  for (const Operand* each : {&a, &b})
    if (each->isPeriodic() && each->period < length) length = each->period;
  return length;
}

void binaryRows(int function, float* out, const Operand& a, const Operand& b, long rows, long size) {
  const auto isFlat = [](const Operand& each) { return each.mode == FULL || each.mode == NUMBER || each.mode == SCALAR; };
  // Rows that lie one behind the other are one long row.
  if (isFlat(a) && isFlat(b)) size *= rows, rows = 1;
  const long length = runLength(a, b, size);
  withBinary(function, [&](auto f) {
    for (long n = 0; n < rows; n++)
      for (long from = 0; from < size; from += length) {
        float* o = out + n * size + from;
        const float *pa = a.run(n, from, size), *pb = b.run(n, from, size);
        if (a.isNumber()) {
          if (b.isNumber()) binaryRun<true, true>(o, pa, pb, length, f);
          else binaryRun<true, false>(o, pa, pb, length, f);
        } else if (b.isNumber()) binaryRun<false, true>(o, pa, pb, length, f);
        else binaryRun<false, false>(o, pa, pb, length, f);
      }
  });
}

Operand operand(const Instruction& in, const Work& work, int place, int mode, long period, const float* number) {
  return {mode == NUMBER ? number : work.at(in, place), mode, period};
}

/** buffers: out, a. integers: function, size. numbers: parameter. */
void unary(const Instruction& in, const Work& work) {
  const long size = in.integers[1];
  withUnary(in.integers[0], in.numbers[0], [&](auto f) { unaryRun(work.at(in, 0), work.at(in, 1), size * (work.last - work.first), f); });
}

/** buffers: out, a, b. integers: function, size, mode and period of a, mode and period of b. numbers: that of a, that of b. */
void binary(const Instruction& in, const Work& work) {
  const auto& i = in.integers;
  const Operand a = operand(in, work, 1, i[2], i[3], &in.numbers[0]), b = operand(in, work, 2, i[4], i[5], &in.numbers[1]);
  binaryRows(i[0], work.at(in, 0), a, b, work.last - work.first, i[1]);
}

/** Numbers [from, to) of each of some rows. */
void selectRows(const Instruction& in, const Work& work, long rows, long from, long to) {
  const auto& i = in.integers;
  const long size = i[0];
  const Operand c = operand(in, work, 1, i[1], i[2], nullptr), a = operand(in, work, 2, i[3], i[4], &in.numbers[0]),
                b = operand(in, work, 3, i[5], i[6], &in.numbers[1]);
  float* out = work.at(in, 0);
  const auto number = [&](const Operand& each, long n, long k) { return *each.run(n, k, size); };
  for (long n = 0; n < rows; n++)
    for (long k = from; k < to; k++) out[n * size + k] = number(c, n, k) != 0 ? number(a, n, k) : number(b, n, k);
}

/** buffers: out, condition, a, b. integers: size, then mode and period of each. numbers: those of a and of b. */
void select(const Instruction& in, const Work& work) { selectRows(in, work, work.last - work.first, 0, in.integers[0]); }

/** As `select`, of what is shared. */
void sharedSelect(const Instruction& in, const Work& work) {
  long from, to;
  work.part(in.integers[0], 64, from, to);
  selectRows(in, work, 1, from, to);
}

/** buffers: out, labels. integers: classes. numbers: on, off. */
void oneHot(const Instruction& in, const Work& work) {
  const int classes = in.integers[0];
  float* out = work.at(in, 0);
  for (int n = work.first; n < work.last; n++, out += classes) {
    const float label = *work.at(in, 1, n);
    for (int k = 0; k < classes; k++) out[k] = label == (float)k ? in.numbers[0] : in.numbers[1];
  }
}

/** Rows picked out of the data. buffers: out, data. integers: size. */
void gather(const Instruction& in, const Work& work) {
  const size_t bytes = in.integers[0] * sizeof(float);
  for (int n = work.first; n < work.last; n++) std::memcpy(work.at(in, 0) + (long)(n - work.first) * in.integers[0], work.at(in, 1, n), bytes);
}

/** As `unary`, of what is shared. */
void sharedUnary(const Instruction& in, const Work& work) {
  long from, to;
  work.part(in.integers[1], 64, from, to);
  withUnary(in.integers[0], in.numbers[0], [&](auto f) { unaryRun(work.at(in, 0) + from, work.at(in, 1) + from, to - from, f); });
}

/** As `binary`, of what is shared; integers as there. */
void sharedBinary(const Instruction& in, const Work& work) {
  const auto& i = in.integers;
  long from, to;
  work.part(i[1], 64, from, to);
  Operand a = operand(in, work, 1, i[2], i[3], &in.numbers[0]), b = operand(in, work, 2, i[4], i[5], &in.numbers[1]);
  float* out = work.at(in, 0);
  withBinary(i[0], [&](auto f) {
    const long length = runLength(a, b, i[1]);
    for (long at = from; at < to;) {
      const long end = std::min(to, (at / length + 1) * length);
      const float *pa = a.run(0, at, 0), *pb = b.run(0, at, 0);
      if (a.isNumber()) {
        if (b.isNumber()) binaryRun<true, true>(out + at, pa, pb, end - at, f);
        else binaryRun<true, false>(out + at, pa, pb, end - at, f);
      } else if (b.isNumber()) binaryRun<false, true>(out + at, pa, pb, end - at, f);
      else binaryRun<false, false>(out + at, pa, pb, end - at, f);
      at = end;
    }
  });
}

/** buffers: out, a. integers: size. */
void copy(const Instruction& in, const Work& work) {
  long from, to;
  work.part(in.integers[0], 1024, from, to);
  if (to > from) std::memcpy(work.at(in, 0) + from, work.at(in, 1) + from, (to - from) * sizeof(float));
}

}  // namespace

Kernel elementwiseKernel(int operation) {
  switch (operation) {
    case GATHER: return gather;
    case UNARY: return unary;
    case BINARY: return binary;
    case SELECT: return select;
    case ONE_HOT: return oneHot;
    case SHARED_UNARY: return sharedUnary;
    case SHARED_BINARY: return sharedBinary;
    case COPY: return copy;
    case SHARED_SELECT: return sharedSelect;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
