// Kernels of elementwise functions on rows of samples or on shared values. Each is one pass with
// about 0.1 floating-point operations per byte, so it is bound by the cache that holds the
// operands.
#include <algorithm>

#include "kernels.h"
#include "numbered-functions.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/** An operand of an elementwise function. */
struct Operand {
  const float* p;
  int mode;
  long period;

  bool isNumber() const { return mode == PER_SAMPLE || mode == NUMBER || mode == SCALAR || mode == REPEATED; }
  /** Whether the operand repeats, or moves to its next element, after `period` elements. */
  bool isPeriodic() const { return mode == PERIODIC || mode == PERIODIC_PER_SAMPLE || mode == REPEATED; }
  /** Returns the values for element `from` on of sample n, counted from the group's first. */
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

/** Returns how many elements can be processed at once: up to the next repetition of an operand. */
long runLength(const Operand& a, const Operand& b, long size) {
  long length = size;
  for (const Operand* each : {&a, &b})
    if (each->isPeriodic() && each->period < length) length = each->period;
  return length;
}

void binaryRows(int function, float* out, const Operand& a, const Operand& b, long rows, long size) {
  const auto isFlat = [](const Operand& each) { return each.mode == FULL || each.mode == NUMBER || each.mode == SCALAR; };
  // Contiguous rows are processed as one long row.
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

/**
 * buffers: out, a, b. integers: function, size, mode and period of a, mode and period of b.
 * numbers: that of a, that of b.
 */
void binary(const Instruction& in, const Work& work) {
  const auto& i = in.integers;
  const Operand a = operand(in, work, 1, i[2], i[3], &in.numbers[0]), b = operand(in, work, 2, i[4], i[5], &in.numbers[1]);
  binaryRows(i[0], work.at(in, 0), a, b, work.last - work.first, i[1]);
}

/** Computes elements [from, to) of each row. */
void selectRows(const Instruction& in, const Work& work, long rows, long from, long to) {
  const auto& i = in.integers;
  const long size = i[0];
  const Operand c = operand(in, work, 1, i[1], i[2], nullptr), a = operand(in, work, 2, i[3], i[4], &in.numbers[0]),
                b = operand(in, work, 3, i[5], i[6], &in.numbers[1]);
  float* out = work.at(in, 0);
  const auto number = [&](const Operand& each, long n, long k) { return *each.run(n, k, size); };
  const auto vector = [&](const Operand& each, long n, long k, int lanes) { return each.isNumber() ? splat(*each.run(n, k, size)) : loadPart(each.run(n, k, size), lanes); };
  // Operands whose elements are consecutive as the result's, or which have one element for the row.
  const auto goesOn = [&](const Operand& each) { return each.mode == FULL || each.mode == NUMBER || each.mode == SCALAR || each.mode == PER_SAMPLE; };
  if (goesOn(c) && goesOn(a) && goesOn(b)) {
    for (long n = 0; n < rows; n++)
      for (long k = from; k < to; k += WIDTH) {
        const int lanes = (int)std::min<long>(WIDTH, to - k);
        storePart(out + n * size + k, choose(vector(c, n, k, lanes) != Vector{}, vector(a, n, k, lanes), vector(b, n, k, lanes)), lanes);
      }
    return;
  }
  for (long n = 0; n < rows; n++)
    for (long k = from; k < to; k++) out[n * size + k] = number(c, n, k) != 0 ? number(a, n, k) : number(b, n, k);
}

/**
 * buffers: out, condition, a, b. integers: size, then mode and period of each. numbers: those of a
 * and of b.
 */
void select(const Instruction& in, const Work& work) { selectRows(in, work, work.last - work.first, 0, in.integers[0]); }

/** As `select`, for shared values. */
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

/** Gathers rows of the data. buffers: out, data. integers: size. */
void gather(const Instruction& in, const Work& work) {
  const size_t bytes = in.integers[0] * sizeof(float);
  for (int n = work.first; n < work.last; n++) std::memcpy(work.at(in, 0) + (long)(n - work.first) * in.integers[0], work.at(in, 1, n), bytes);
}

/** As `unary`, for shared values. */
void sharedUnary(const Instruction& in, const Work& work) {
  long from, to;
  work.part(in.integers[1], 64, from, to);
  withUnary(in.integers[0], in.numbers[0], [&](auto f) { unaryRun(work.at(in, 0) + from, work.at(in, 1) + from, to - from, f); });
}

/** As `binary`, for shared values. */
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
