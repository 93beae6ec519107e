// Kernels of sums, means, maxima and minima along rows of each sample, of softmax, and of sums over
// samples.
#include <algorithm>
#include <cmath>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/** Reduces a row of `length` elements with stride `step`. */
float reduceRow(int reduction, const float* p, long length, long step) {
  if (reduction == SUM || reduction == MEAN) {
    float sum = 0;
    if (step == 1 && length >= WIDTH) {
      Vector sums[2] = {};
      long k = 0;
      for (; k + WIDTH <= length; k += WIDTH) sums[k / WIDTH & 1] += load(p + k);
      const Vector both = sums[0] + sums[1];
      for (int lane = 0; lane < WIDTH; lane++) sum += both[lane];
      for (; k < length; k++) sum += p[k];
    } else
      for (long k = 0; k < length; k++) sum += p[k * step];
    return reduction == MEAN ? sum / (float)length : sum;
  }
  long best = 0;
  float most = p[0];
  for (long k = 1; k < length; k++) {
    const float x = p[k * step];
    // A NaN among the elements is the result, as in TensorFlow.
    if (reduction == MIN ? x < most || x != x : x > most || (x != x && most == most)) most = x, best = k;
  }
  return reduction == PLACE_OF_MAX ? (float)best : most;
}

/**
 * buffers: out, a. integers: reduction, outer, length, inner: a sample is outer × length × inner,
 * its result outer × inner.
 */
void rowReduce(const Instruction& in, const Work& work) {
  const long outer = in.integers[1], length = in.integers[2], inner = in.integers[3];
  const int reduction = in.integers[0];
  float* out = work.at(in, 0);
  const float* a = work.at(in, 1);
  const long rows = outer * (work.last - work.first);
  for (long row = 0; row < rows; row++, a += length * inner, out += inner) {
    if (inner == 1) {
      out[0] = reduceRow(reduction, a, length, 1);
    } else if (reduction == SUM || reduction == MEAN) {
      const float factor = reduction == MEAN ? 1.f / (float)length : 1.f;
      for (long c = 0; c < inner; c += WIDTH) {
        const int lanes = std::min<long>(WIDTH, inner - c);
        Vector sum{};
        for (long k = 0; k < length; k++) sum += lanes == WIDTH ? load(a + k * inner + c) : loadPart(a + k * inner + c, lanes);
        storePart(out + c, sum * factor, lanes);
      }
    } else
      for (long c = 0; c < inner; c++) out[c] = reduceRow(reduction, a + c, length, inner);
  }
}

/** buffers: out, a. integers: length of a row, rows of a sample. */
void softmax(const Instruction& in, const Work& work) {
  const long length = in.integers[0], rows = (long)in.integers[1] * (work.last - work.first);
  float* out = work.at(in, 0);
  const float* a = work.at(in, 1);
  for (long row = 0; row < rows; row++, a += length, out += length) {
    const float most = reduceRow(MAX, a, length, 1);
    float sum = 0;
    for (long k = 0; k < length; k += WIDTH) {
      const int lanes = std::min<long>(WIDTH, length - k);
      const Vector e = exponential(loadPart(a + k, lanes) - most);
      storePart(out + k, e, lanes);
      for (int lane = 0; lane < lanes; lane++) sum += e[lane];
    }
    const float factor = 1.f / sum;
    for (long k = 0; k < length; k++) out[k] *= factor;
  }
}

/**
 * buffers: sums (of a slot), a. integers: rows of a sample, columns. Adds the sums of the columns.
 * Each group is summed separately, so that the rounding error grows with the size of a group and with
 * the number of groups, not with the product of both.
 */
void columnSums(const Instruction& in, const Work& work) {
  const long rows = (long)in.integers[0] * (work.last - work.first), columns = in.integers[1];
  float* sums = work.at(in, 0);
  const float* a = work.at(in, 1);
  if (columns == 1) {
    sums[0] += reduceRow(SUM, a, rows, 1);
    return;
  }
  for (long c = 0; c < columns; c += WIDTH) {
    const int lanes = std::min<long>(WIDTH, columns - c);
    Vector sum[4] = {};
    // Values after the last column are read and ignored. Buffers have slack for this.
    for (long row = 0; row < rows; row++) sum[row & 3] += load(a + row * columns + c);
    const Vector all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    if (lanes == WIDTH) store(sums + c, load(sums + c) + all);
    else storePart(sums + c, loadPart(sums + c, lanes) + all, lanes);
  }
}

/**
 * out ← the sum of the slots, in order, times a factor. buffers: out, slots. integers: size.
 * numbers: factor.
 */
void addSlots(const Instruction& in, const Work& work) {
  const Buffer& slots = work.buffer(in, 1);
  const long size = in.integers[0];
  float* out = work.at(in, 0);
  const float factor = in.numbers[0];
  long from, to;
  work.part(size, 64, from, to);
  long i = from;
  for (; i + WIDTH <= to; i += WIDTH) {
    Vector sum = load(slots.base + i);
    for (int slot = 1; slot < work.program.slots; slot++) sum += load(slots.base + slot * slots.size + i);
    store(out + i, sum * factor);
  }
  for (; i < to; i++) {
    float sum = slots.base[i];
    for (int slot = 1; slot < work.program.slots; slot++) sum += slots.base[slot * slots.size + i];
    out[i] = sum * factor;
  }
}

/**
 * out ← factor times the sum of a, computed by one thread. buffers: out, a. integers: size, 0 to sum
 * values or 1 to sum their squares. numbers: factor.
 */
void sharedSum(const Instruction& in, const Work& work) {
  if (work.thread != 0) return;
  const float* a = work.at(in, 1);
  const long size = in.integers[0], block = 4096;
  double total = 0;
  for (long from = 0; from < size; from += block) {
    const long to = std::min(size, from + block);
    Vector sum[4] = {};
    long i = from;
    for (int next = 0; i + WIDTH <= to; i += WIDTH, next = (next + 1) & 3) {
      const Vector x = load(a + i);
      sum[next] += in.integers[1] ? x * x : x;
    }
    const Vector all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (int lane = 0; lane < WIDTH; lane++) total += all[lane];
    for (; i < to; i++) total += in.integers[1] ? a[i] * a[i] : a[i];
  }
  *work.at(in, 0) = (float)(total * in.numbers[0]);
}

}  // namespace

Kernel reductionKernel(int operation) {
  switch (operation) {
    case ROW_REDUCE: return rowReduce;
    case SOFTMAX: return softmax;
    case COLUMN_SUMS: return columnSums;
    case ADD_SLOTS: return addSlots;
    case SHARED_SUM: return sharedSum;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
