// Kernels of depthwise convolutions, channels last, and their gradients. Each input channel has as
// many kernels as the multiplier.
//
// All three are elementwise products of channels. For a multiplier above 1, the input is first
// copied with each channel repeated for each of its kernels, so that channels match. A last vector
// of channels that is not full reads past the last channel and ignores these values. Buffers have
// slack for this.
#include <algorithm>

#include "depthwise-runs.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/**
 * integers 0 to 10: as in pooling; 10 is the number of input channels. 11: multiplier. 12: stride
 * of the weights' taps in floats.
 */
struct Shape {
  int hi, wi, ho, wo, kh, kw, sy, sx, top, left, ci, multiplier, width, co;
  explicit Shape(const std::vector<int>& i) : hi(i[0]), wi(i[1]), ho(i[2]), wo(i[3]), kh(i[4]), kw(i[5]), sy(i[6]), sx(i[7]), top(i[8]), left(i[9]), ci(i[10]), multiplier(i[11]), width(i[12]), co(ci * multiplier) {}
  long inSize() const { return (long)hi * wi * ci; }
  long outSize() const { return (long)ho * wo * co; }
  /** Number of floats of the input with its channels repeated. */
  long wideSize() const { return (long)hi * wi * co; }
};

struct PreparedDepthwise : Prepared {
  Shape s;
  std::vector<Run> rows, columns;
  std::vector<Reach> reach;
  explicit PreparedDepthwise(const Instruction& in) : s(in.integers) {
    const auto runs = in.operation == DEPTHWISE_BACK_DATA ? runsBack : runsAhead;
    rows = runs(s.hi, s.ho, s.kh, s.sy, s.top);
    columns = runs(s.wi, s.wo, s.kw, s.sx, s.left);
    reach = reachOf(s.wi, s.wo, s.kw, s.sx, s.left);
  }
};

const PreparedDepthwise& preparedOf(const Instruction& in) { return static_cast<const PreparedDepthwise&>(*in.prepared); }

/** Calls f with the multiplier, as a compile-time constant if it is small. */
template <class F>
void withMultiplier(int multiplier, F f) {
  if (multiplier <= 4) dispatch<4>(multiplier, [&](auto known) { f(decltype(known)::value); });
  else f(multiplier);
}

/**
 * Returns the input with each channel repeated for each of its kernels: the input itself or a copy.
 */
const float* wide(const Shape& s, const float* in, float* scratch) {
  if (s.multiplier == 1) return in;
  withMultiplier(s.multiplier, [&](int multiplier) ALWAYS_LAMBDA {
    for (long i = 0; i < s.inSize(); i++)
      for (int k = 0; k < multiplier; k++) scratch[i * multiplier + k] = in[i];
  });
  return scratch;
}

/** Strides in floats of rows, taps and pixels. */
struct Steps {
  long inRow, inTap, inPixel, weightRow, weightTap, outPixel;
};

/**
 * out[p] = bias + the sum over rows and taps of in[row][p][tap] * weights[row][tap], for P pixels
 * and a vector of channels, held in registers. A tap takes P + 1 loads for P multiply-adds, all but
 * the first of a channel from the level 1 cache. It is bound by loads, as a depthwise convolution
 * uses each value for one channel only. Reference: Zhang, Lo and Lu 2020, "High performance
 * depthwise and pointwise convolutions on mobile devices".
 */
template <int P>
ALWAYS_INLINE void block(const Steps& s, int rows, int taps, const float* in, const float* weights, Vector bias, bool relu, float* out, int lanes) {
  Vector sums[P];
  UNROLL for (int p = 0; p < P; p++) sums[p] = bias;
  for (int row = 0; row < rows; row++, in += s.inRow, weights += s.weightRow) {
    // One pointer for three pixels, as in convolution-product.h.
    const float *at[(P + 2) / 3], *w = weights;
    UNROLL for (int q = 0; q < (P + 2) / 3; q++) at[q] = in + 3 * q * s.inPixel;
    NO_UNROLL for (int tap = 0; tap < taps; tap++, w += s.weightTap) {
      const Vector weight = load(w);
      UNROLL for (int p = 0; p < P; p++) sums[p] = multiplyAdd(load(at[p / 3] + p % 3 * s.inPixel), weight, sums[p]);
      UNROLL for (int q = 0; q < (P + 2) / 3; q++) at[q] += s.inTap;
    }
  }
  if (relu) {
    // Zero is the first operand so that NaN is kept.
    UNROLL for (int p = 0; p < P; p++) sums[p] = maximum(Vector{}, sums[p]);
  }
  if (lanes == WIDTH) {
    UNROLL for (int p = 0; p < P; p++) store(out + p * s.outPixel, sums[p]);
  } else {
    UNROLL for (int p = 0; p < P; p++) storePart(out + p * s.outPixel, sums[p], lanes);
  }
}

/**
 * Computes one row of a result from the operand's rows that begin at `in`: run by run, several
 * pixels and one vector of channels at a time.
 */
void resultRow(const Shape& s, Steps steps, const Run& rows, const std::vector<Run>& columns, const float* in, const float* weights, const float* bias, bool relu, float* out) {
  for (const Run& run : columns) {
    steps.inPixel = (long)run.move * s.co;
    steps.weightTap = (long)run.tapStep * s.width;
    steps.outPixel = (long)run.step * s.co;
    const float *from = in + (long)run.at * s.co, *w = weights + (long)run.tap * s.width;
    float* to = out + (long)run.first * s.co;
    blocks<8>(run.count, [&](int pixel, auto pixels) {
      for (int c = 0; c < s.co; c += WIDTH) {
        const Vector start = bias ? load(bias + c) : Vector{};
        block<decltype(pixels)::value>(steps, rows.taps, run.taps, from + pixel * steps.inPixel + c, w + c, start, relu, to + pixel * steps.outPixel + c, std::min(WIDTH, s.co - c));
      }
    });
  }
}

/**
 * buffers: out, in, weights, bias (or the weights again), scratch. integers: the shape, then 1 with
 * a bias, 1 with ReLU.
 */
void forward(const Instruction& in, const Work& work) {
  const PreparedDepthwise& prepared = preparedOf(in);
  const Shape& s = prepared.s;
  const float *weights = work.at(in, 2), *bias = in.integers[13] ? work.at(in, 3) : nullptr;
  const long row = (long)s.wi * s.co, tapRow = (long)s.kw * s.width;
  for (int n = work.first; n < work.last; n++) {
    const float* image = wide(s, work.at(in, 1, n), work.at(in, 4));
    float* out = work.at(in, 0, n);
    for (const Run& rows : prepared.rows)
      for (int k = 0; k < rows.count; k++)
        resultRow(s, {row, s.co, 0, tapRow, 0, 0}, rows, prepared.columns, image + (rows.at + k * rows.move) * row, weights + rows.tap * tapRow, bias, in.integers[14], out + (long)(rows.first + k) * s.wo * s.co);
  }
}

/**
 * Computes the gradient of the input, a sum over the outputs that use it. buffers: dx, g, weights,
 * scratch. integers: the shape.
 */
void backData(const Instruction& in, const Work& work) {
  const PreparedDepthwise& prepared = preparedOf(in);
  const Shape& s = prepared.s;
  const float* weights = work.at(in, 2);
  const long row = (long)s.wo * s.co, tapRow = (long)s.kw * s.width;
  for (int n = work.first; n < work.last; n++)
    for (const Run& rows : prepared.rows)
      for (int k = 0; k < rows.count; k++) {
        float* dx = work.at(in, 0, n) + (long)(rows.first + k * rows.step) * s.wi * s.ci;
        float* out = s.multiplier == 1 ? dx : work.at(in, 3);
        const float* g = work.at(in, 1, n) + (rows.at + k * rows.move) * row;
        resultRow(s, {-row, -s.co, 0, rows.tapStep * tapRow, 0, 0}, rows, prepared.columns, g, weights + rows.tap * tapRow, nullptr, false, out);
        if (s.multiplier == 1) continue;
        withMultiplier(s.multiplier, [&](int multiplier) ALWAYS_LAMBDA {
          for (int i = 0; i < s.wi * s.ci; i++) {
            float sum = out[i * multiplier];
            for (int each = 1; each < multiplier; each++) sum += out[i * multiplier + each];
            dx[i] = sum;
          }
        });
      }
}

/**
 * totals[t] += the sum over a row's pixels of in[pixel][t] * g[pixel], for T adjacent taps and a
 * vector of channels. Several pixels have separate sums, so that a multiply-add does not wait for
 * the previous one. A pixel takes T + 1 loads for T multiply-adds, so it is bound by loads. `in` is
 * the operand of the first tap of pixel 0.
 */
template <int T>
ALWAYS_INLINE void rowSums(const float* in, long inPixel, const float* g, long channels, const Reach* reach, float* totals) {
  constexpr int U = T >= 3 ? 2 : 8 / T;
  Vector sums[T][U] = {};
  // The pixels for which all taps are inside the input.
  const int from = reach[0].first, to = std::max(from, reach[T - 1].last);
  int x = from;
  NO_UNROLL for (; x + U <= to; x += U) {
    UNROLL for (int u = 0; u < U; u++) {
      const Vector gradient = load(g + (x + u) * channels);
      const float* at = in + (x + u) * inPixel;
      UNROLL for (int t = 0; t < T; t++) sums[t][u] = multiplyAdd(load(at + t * channels), gradient, sums[t][u]);
    }
  }
  UNROLL for (int t = 0; t < T; t++) {
    const auto add = [&](int first, int last) ALWAYS_LAMBDA {
      NO_UNROLL for (int each = first; each < last; each++) sums[t][0] = multiplyAdd(load(in + each * inPixel + t * channels), load(g + each * channels), sums[t][0]);
    };
    add(reach[t].first, std::min(from, reach[t].last));
    add(x, reach[t].last);
    UNROLL for (int half = U / 2; half > 0; half /= 2) UNROLL for (int u = 0; u < half; u++) sums[t][u] += sums[t][u + half];
    store(totals + t * WIDTH, load(totals + t * WIDTH) + sums[t][0]);
  }
}

/**
 * buffers: sums (of a slot), in, g, scratch. integers: the shape. Rows and samples have separate
 * sums, so that rounding errors grow with the width, the height and the number of samples, not with
 * their product.
 */
void backWeights(const Instruction& in, const Work& work) {
  const PreparedDepthwise& prepared = preparedOf(in);
  const Shape& s = prepared.s;
  float *sums = work.at(in, 0), *totals = work.at(in, 3);
  const int taps = s.kh * s.kw;
  for (int n = work.first; n < work.last; n++) {
    const float *image = wide(s, work.at(in, 1, n), totals + taps * WIDTH), *gs = work.at(in, 2, n);
    for (int c = 0; c < s.co; c += WIDTH) {
      std::memset(totals, 0, taps * WIDTH * sizeof(float));
      for (int y = 0; y < s.ho; y++)
        for (int ky = 0; ky < s.kh; ky++) {
          const int iy = y * s.sy - s.top + ky;
          if (iy < 0 || iy >= s.hi) continue;
          const float *line = image + ((long)iy * s.wi - s.left) * s.co + c, *g = gs + (long)y * s.wo * s.co + c;
          blocks<5>(s.kw, [&](int kx, auto size) { rowSums<decltype(size)::value>(line + (long)kx * s.co, (long)s.sx * s.co, g, s.co, &prepared.reach[kx], totals + (ky * s.kw + kx) * WIDTH); });
        }
      const int lanes = std::min(WIDTH, s.co - c);
      for (int tap = 0; tap < taps; tap++) {
        float* to = sums + (long)tap * s.co + c;
        storePart(to, loadPart(to, lanes) + load(totals + tap * WIDTH), lanes);
      }
    }
  }
}

}  // namespace

Kernel depthwiseKernel(int operation) {
  switch (operation) {
    case DEPTHWISE: return forward;
    case DEPTHWISE_BACK_DATA: return backData;
    case DEPTHWISE_BACK_WEIGHTS: return backWeights;
    default: return nullptr;
  }
}

void prepareDepthwise(Instruction& in, Program& program) {
  if (depthwiseKernel(in.operation) == nullptr) return;
  const auto prepared = std::make_shared<PreparedDepthwise>(in);
  in.prepared = prepared;
  const Shape& s = prepared->s;
  const bool isWide = s.multiplier > 1;
  long size = WIDTH;
  if (in.operation == DEPTHWISE_BACK_DATA) size += isWide ? (long)s.wi * s.co : 0;
  else size += isWide ? s.wideSize() : 0;
  if (in.operation == DEPTHWISE_BACK_WEIGHTS) size += (long)s.kh * s.kw * WIDTH;
  Buffer& scratch = program.buffers[in.buffers.back()];
  scratch.size = std::max(scratch.size, size);
}

}  // namespace VECTOR_NAMESPACE
