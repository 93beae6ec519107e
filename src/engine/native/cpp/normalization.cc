// Kernels of batch normalization in training (Ioffe and Szegedy 2015) and of its gradient, channels
// last. Each is one pass over the tensor with about half an operation per byte, so it is bound by
// the cache or memory that holds the tensor.
#include <algorithm>
#include <cmath>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

typedef double Doubles __attribute__((vector_size(WIDTH * 8)));

/** Calls f(first channel, lanes) for all channels. */
template <class F>
void channels(long count, F f) {
  for (long c = 0; c < count; c += WIDTH) f(c, (int)std::min<long>(WIDTH, count - c));
}

/** Standard deviations, √(σ² + ε), of the channels from c on. */
ALWAYS_INLINE Vector deviation(const float* variance, float epsilon, long c, int lanes) {
  return squareRoot(loadPart(variance + c, lanes) + epsilon);
}

/**
 * Adds the sums of x and x² to those of the slot. Sums are doubles: the variance is a difference,
 * which would lose digits in float32 if the mean is large. buffers: sums (of a slot, as doubles),
 * x. integers: rows of a sample, channels.
 */
void moments(const Instruction& in, const Work& work) {
  const long rows = (long)in.integers[0] * (work.last - work.first), count = in.integers[1];
  double* sums = (double*)work.at(in, 0);
  const float* x = work.at(in, 1);
  channels(count, [&](long c, int lanes) {
    Doubles sum{}, squares{};
    for (long row = 0; row < rows; row++) {
      const Doubles v = __builtin_convertvector(load(x + row * count + c), Doubles);
      sum += v;
      squares += v * v;
    }
    for (int lane = 0; lane < lanes; lane++) sums[c + lane] += sum[lane], sums[count + c + lane] += squares[lane];
  });
}

/**
 * Computes mean and variance of the batch. buffers: mean, variance, sums (of slots). integers: rows
 * of the batch, channels.
 */
void finishMoments(const Instruction& in, const Work& work) {
  const long count = in.integers[1];
  const Buffer& slots = work.buffer(in, 2);
  long from, to;
  work.part(count, 16, from, to);
  for (long c = from; c < to; c++) {
    double sum = 0, squares = 0;
    for (int slot = 0; slot < work.program.slots; slot++) {
      const double* p = (const double*)(slots.base + slot * slots.size);
      sum += p[c];
      squares += p[count + c];
    }
    const double mean = sum / in.integers[0], variance = squares / in.integers[0] - mean * mean;
    work.at(in, 0)[c] = (float)mean;
    // Keeps NaN.
    work.at(in, 1)[c] = variance < 0 ? 0.f : (float)variance;
  }
}

/**
 * buffers: out, x, mean, variance, gamma, beta. integers: rows of a sample, channels, 1 for a ReLU
 * after it. numbers: epsilon.
 */
void normalize(const Instruction& in, const Work& work) {
  const long rows = (long)in.integers[0] * (work.last - work.first), count = in.integers[1];
  float* out = work.at(in, 0);
  const float *x = work.at(in, 1), *mean = work.at(in, 2), *variance = work.at(in, 3), *gamma = work.at(in, 4), *beta = work.at(in, 5);
  const bool relu = in.integers[2];
  channels(count, [&](long c, int lanes) {
    const Vector scale = loadPart(gamma + c, lanes) / deviation(variance, in.numbers[0], c, lanes);
    const Vector shift = loadPart(beta + c, lanes) - loadPart(mean + c, lanes) * scale;
    for (long row = 0; row < rows; row++) {
      Vector y = multiplyAdd(load(x + row * count + c), scale, shift);
      if (relu) y = choose(y < Vector{}, Vector{}, y);
      if (lanes == WIDTH) store(out + row * count + c, y);
      else storePart(out + row * count + c, y, lanes);
    }
  });
}

/**
 * Scales the weights of a convolution, and shifts its bias, so that its outputs are normalized by
 * known means and variances. buffers: weights, bias, weights and bias before (or the weights
 * again), mean, variance, gamma, beta. integers: rows of the weights, channels, 1 with a bias.
 * numbers: epsilon.
 */
void fold(const Instruction& in, const Work& work) {
  const long rows = in.integers[0], count = in.integers[1];
  const float *before = work.at(in, 2), *bias = work.at(in, 3), *mean = work.at(in, 4), *variance = work.at(in, 5), *gamma = work.at(in, 6), *beta = work.at(in, 7);
  float *weights = work.at(in, 0), *shifted = work.at(in, 1);
  const bool isFirst = work.thread == 0;
  long from, to;
  work.part(rows, 1, from, to);
  channels(count, [&](long c, int lanes) {
    const Vector scale = loadPart(gamma + c, lanes) / deviation(variance, in.numbers[0], c, lanes);
    for (long row = from; row < to; row++) storePart(weights + row * count + c, loadPart(before + row * count + c, lanes) * scale, lanes);
    if (!isFirst) return;
    const Vector center = loadPart(mean + c, lanes), difference = in.integers[2] ? loadPart(bias + c, lanes) - center : -center;
    storePart(shifted + c, multiplyAdd(difference, scale, loadPart(beta + c, lanes)), lanes);
  });
}

/**
 * Adds the sums of dy and of dy · x̂, which are the gradients of beta and gamma, to those of the
 * slot. buffers: sums of dy and of dy · x̂ (of a slot), dy, x, mean, variance. integers: rows of a
 * sample, channels. numbers: epsilon.
 */
void normalizeBackSums(const Instruction& in, const Work& work) {
  const long rows = in.integers[0], count = in.integers[1];
  float *sums = work.at(in, 0), *products = work.at(in, 1);
  const float *dy = work.at(in, 2), *x = work.at(in, 3), *mean = work.at(in, 4), *variance = work.at(in, 5);
  channels(count, [&](long c, int lanes) {
    const Vector center = loadPart(mean + c, lanes), factor = 1.f / deviation(variance, in.numbers[0], c, lanes);
    for (int n = work.first; n < work.last; n++) {
      Vector sum{}, product{};
      const long first = (long)(n - work.first) * rows;
      for (long row = first; row < first + rows; row++) {
        const Vector d = load(dy + row * count + c);
        sum += d;
        product = multiplyAdd(d, (load(x + row * count + c) - center) * factor, product);
      }
      storePart(sums + c, loadPart(sums + c, lanes) + sum, lanes);
      storePart(products + c, loadPart(products + c, lanes) + product, lanes);
    }
  });
}

/**
 * dx = gamma / σ · (dy − mean of dy − x̂ · mean of dy · x̂). buffers: dx, dy, x, mean, variance,
 * gamma, sums of dy and of dy · x̂. integers: rows of a sample, channels, rows of the batch.
 * numbers: epsilon.
 */
void normalizeBack(const Instruction& in, const Work& work) {
  const long rows = (long)in.integers[0] * (work.last - work.first), count = in.integers[1];
  float* dx = work.at(in, 0);
  const float *dy = work.at(in, 1), *x = work.at(in, 2), *mean = work.at(in, 3), *variance = work.at(in, 4), *gamma = work.at(in, 5);
  const float *sums = work.at(in, 6), *products = work.at(in, 7);
  const float over = 1.f / (float)in.integers[2];
  channels(count, [&](long c, int lanes) {
    const Vector factor = 1.f / deviation(variance, in.numbers[0], c, lanes), scale = loadPart(gamma + c, lanes) * factor;
    const Vector slope = -scale * (loadPart(products + c, lanes) * over) * factor;
    const Vector offset = -scale * (loadPart(sums + c, lanes) * over) - slope * loadPart(mean + c, lanes);
    for (long row = 0; row < rows; row++) {
      const Vector d = multiplyAdd(scale, load(dy + row * count + c), multiplyAdd(slope, load(x + row * count + c), offset));
      if (lanes == WIDTH) store(dx + row * count + c, d);
      else storePart(dx + row * count + c, d, lanes);
    }
  });
}

}  // namespace

Kernel normalizationKernel(int operation) {
  switch (operation) {
    case MOMENTS: return moments;
    case FINISH_MOMENTS: return finishMoments;
    case NORMALIZE: return normalize;
    case NORMALIZE_BACK_SUMS: return normalizeBackSums;
    case NORMALIZE_BACK: return normalizeBack;
    case FOLD_NORMALIZATION: return fold;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
