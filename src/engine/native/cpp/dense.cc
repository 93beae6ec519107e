// Kernels of dense layers: products of the samples' rows with a weight matrix, and sums of outer
// products for its gradient.
//
// Blocks of P rows by Z vectors of columns are kept in registers (Goto and van de Geijn 2008): P·Z
// fused operations for P + Z loads.
#include <algorithm>

#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/** Maximum samples in a group; `maxSamplesPerGroup` in ../lower.ts must not exceed it. */
constexpr int MOST = 64;

/** Prefetches `count` floats; a LOCALITY of 3 is the level 1 cache, and of 2 the level 2 cache. */
template <int LOCALITY>
ALWAYS_INLINE void prefetch(const float* at, long count) {
  for (long k = 0; k < count; k += 16) __builtin_prefetch(at + k, 0, LOCALITY);
}

/**
 * Rows in contiguous memory, or rows of the data by index, together with those of the next group.
 */
struct Rows {
  const float* base = nullptr;
  long step = 0;
  const float *picked[MOST], *next[MOST];
  bool arePicked = false;
  /** Whether contiguous rows are too long for the level 2 cache. */
  bool areLong = false;

  Rows(const float* first, long length, bool isLong = false) : base(first), step(length), areLong(isLong) {}
  Rows(const Instruction& in, const Work& work, int place, long length) : base(work.at(in, place)), step(length), arePicked(work.buffer(in, place).place == Place::data) {
    if (!arePicked) return;
    const int last = work.program.samples - 1;
    for (int n = work.first; n < work.last; n++) {
      picked[n - work.first] = work.at(in, place, n);
      next[n - work.first] = work.at(in, place, std::min(n + work.program.group, last));
    }
  }
  const float* operator[](long row) const { return arePicked ? picked[row] : base + row * step; }
  /**
   * Prefetches elements [from, to) of a row of the next group, as data are not in the level 2
   * cache.
   */
  void prefetchNextGroup(long row, long from, long to) const {
    if (arePicked) prefetch<2>(next[row] + from, to - from);
  }
  /**
   * Prefetches elements [from, to) of a long row. Hardware prefetchers track only a few rows.
   */
  void prefetchLong(long row, long from, long to) const {
    if (areLong) prefetch<3>(base + row * step + from, to - from);
  }
};

/** Operands of a product. `width` is the stride of the weights' rows, a multiple of WIDTH. */
struct Product {
  const Rows& x;
  const float *w, *bias;
  float* out;
  long width, outStep;
  int depth;
  bool relu;
};

/**
 * Adds the products of elements [from, to) of P rows to Z vectors from column c on. Only `lanes`
 * lanes of the last vector are used. If it reads ahead, prefetches what is read after these
 * elements.
 */
template <int P, int Z>
ALWAYS_INLINE void productBlock(const Product& p, long row, long c, int from, int to, int lanes, bool readsAhead) {
  Vector sums[P][Z] = {};
  const bool isFirst = from == 0, isLast = to == p.depth;
  float* out = p.out + row * p.outStep + c;
  const auto part = [&](const float* at, int z) ALWAYS_LAMBDA { return z == Z - 1 && lanes < WIDTH ? loadPart(at, lanes) : load(at); };
  const float *x[P], *w = p.w + from * p.width + c;
  UNROLL for (int i = 0; i < P; i++) x[i] = p.x[row + i];
  for (int i = 0; readsAhead && i < P; i++) {
    // The first half of each row. The gradient of the weights prefetches the second.
    if (2 * from < p.depth) p.x.prefetchNextGroup(row + i, from, to);
    p.x.prefetchLong(row + i, to, std::min(p.depth, 2 * to - from));
  }
  NO_UNROLL for (int k = from; k < to; k++, w += p.width) {
    Vector weights[Z];
    UNROLL for (int z = 0; z < Z; z++) weights[z] = load(w + z * WIDTH);
    UNROLL for (int i = 0; i < P; i++) {
      const Vector factor = splat(x[i][k]);
      UNROLL for (int z = 0; z < Z; z++) sums[i][z] = multiplyAdd(factor, weights[z], sums[i][z]);
    }
  }
  UNROLL for (int i = 0; i < P; i++) UNROLL for (int z = 0; z < Z; z++) {
    Vector y = sums[i][z];
    if (!isFirst) y += part(out + i * p.outStep + z * WIDTH, z);
    else if (p.bias) y += part(p.bias + c + z * WIDTH, z);
    // Keeps NaN.
    if (p.relu && isLast) y = choose(y < Vector{}, Vector{}, y);
    float* at = out + i * p.outStep + z * WIDTH;
    if (z == Z - 1 && lanes < WIDTH) storePart(at, y, lanes);
    else store(at, y);
  }
}

/** Adds the products of elements [from, to) of all rows of x. */
template <int Z>
void productColumns(const Product& p, int rows, long c, int from, int to, int lanes, bool readsAhead) {
  constexpr int P = REGISTERS / Z > 8 ? 8 : REGISTERS / Z;
  blocks<P>(rows, [&](int row, auto size) { productBlock<decltype(size)::value, Z>(p, row, c, from, to, lanes, readsAhead); });
}

/** Computes columns [first, last) of the product for `rows` rows. */
void product(const Product& p, int rows, long first, long last) {
  // This many rows of the weights stay in the level 1 cache while all rows of x are read. Each
  // block has a separate sum: rounding errors grow with the length of a block and with the number
  // of blocks, not with the product of both (Higham 1993, blocked summation). All columns of a
  // block are computed before the next block, so that weights are read in the order of memory.
  constexpr int depth = 64;
  for (int from = 0; from < p.depth; from += depth) {
    const int to = std::min(p.depth, from + depth);
    for (long c = first; c < last;) {
      const long left = last - c;
      const auto columns = [&](auto vectors, long lanes) {
        constexpr int Z = decltype(vectors)::value;
        productColumns<Z>(p, rows, c, from, to, (int)std::min<long>(WIDTH, lanes), c == first);
        c += Z * WIDTH;
      };
      if (left >= 4 * WIDTH) columns(Constant<4>{}, WIDTH);
      else if (left > WIDTH) columns(Constant<2>{}, left - WIDTH);
      else columns(Constant<1>{}, left);
    }
  }
}

/** Computes the sum over samples of x[n][k] g[n][u], for R rows of the weights by Z vectors. */
template <int R, int Z, bool ADD>
ALWAYS_INLINE void outerBlock(const Rows& rows, long k, const float* g, long gStep, float* out, long outStep, int samples, int lanes) {
  Vector sums[R][Z] = {};
  NO_UNROLL for (int n = 0; n < samples; n++, g += gStep) {
    const float* x = rows[n] + k;
    Vector gradients[Z];
    UNROLL for (int z = 0; z < Z; z++) gradients[z] = load(g + z * WIDTH);
    UNROLL for (int r = 0; r < R; r++) {
      const Vector factor = splat(x[r]);
      UNROLL for (int z = 0; z < Z; z++) sums[r][z] = multiplyAdd(factor, gradients[z], sums[r][z]);
    }
  }
  UNROLL for (int r = 0; r < R; r++) UNROLL for (int z = 0; z < Z; z++) {
    float* at = out + r * outStep + z * WIDTH;
    if (z == Z - 1 && lanes < WIDTH) storePart(at, (ADD ? loadPart(at, lanes) : Vector{}) + sums[r][z], lanes);
    else store(at, ADD ? load(at) + sums[r][z] : sums[r][z]);
  }
}

template <bool ADD>
void outer(const Rows& x, const float* g, long gStep, float* out, long units, int depth, int samples) {
  for (long c = 0; c < units;) {
    const long left = units - c;
    const auto columns = [&](auto vectors, int lanes) {
      constexpr int Z = decltype(vectors)::value, R = REGISTERS / Z > 8 ? 8 : REGISTERS / Z;
      blocks<R>(depth, [&](int k, auto size) {
        constexpr int rows = decltype(size)::value;
        if (c == 0 && 2 * k >= depth && k % 16 < rows)
          for (int n = 0; n < samples; n++) x.prefetchNextGroup(n, k, k + 1);
        outerBlock<rows, Z, ADD>(x, k, g + c, gStep, out + k * units + c, units, samples, lanes);
      });
      c += Z * WIDTH;
    };
    if (left >= 4 * WIDTH) columns(Constant<4>{}, WIDTH);
    else if (left > WIDTH) columns(Constant<2>{}, (int)std::min<long>(WIDTH, left - WIDTH));
    else columns(Constant<1>{}, (int)std::min<long>(WIDTH, left));
  }
}

/**
 * buffers: out, x, weights, bias (or the weights again). integers: depth, units, stride of the
 * weights' rows, 1 with a bias, 1 with ReLU, rows of a sample.
 */
Product productOf(const Instruction& in, const Work& work, const Rows& x, int first) {
  const auto& i = in.integers;
  return {x, work.at(in, 2), i[3] ? work.at(in, 3) : nullptr, work.at(in, 0, first), i[2], i[1], i[0], i[4] != 0};
}

void dense(const Instruction& in, const Work& work) {
  const Rows x(in, work, 1, in.integers[0]);
  product(productOf(in, work, x, work.first), (work.last - work.first) * in.integers[5], 0, in.integers[1]);
}

/**
 * As `dense`, for the whole batch. Threads divide the units or the samples, whichever reads less
 * memory: each then reads a part of the weights and all inputs, or the reverse.
 */
void denseWhole(const Instruction& in, const Work& work) {
  const int samples = work.program.samples, depth = in.integers[0], units = in.integers[1];
  // The sums of this many samples stay in the level 2 cache while the weights are read once.
  const int together = std::max(32, std::min(128, 65536 / units / 8 * 8));
  const long share = work.threads;
  const auto reads = [&](long rows) { return (rows + together - 1) / together; };
  const bool bySamples = units * share * reads((samples + share - 1) / share) + samples < units * reads(samples) + samples * share;
  long first = 0, last = samples, from = 0, to = units;
  if (bySamples) work.part(samples, 8, first, last);
  else work.part(units, 2 * WIDTH, from, to);
  for (; first < last; first += together) {
    const Work group{work.program, work.thread, work.threads, 0, int(first), int(std::min(last, first + together))};
    const Rows x(work.at(in, 1, int(first)), depth, true);
    product(productOf(in, group, x, int(first)), group.last - group.first, from, to);
  }
}

/** buffers: sums (of a slot), x, g. integers: depth, units, rows of a sample. */
void denseBackWeights(const Instruction& in, const Work& work) {
  const int depth = in.integers[0], units = in.integers[1];
  outer<true>(Rows(in, work, 1, depth), work.at(in, 2), units, work.at(in, 0), units, depth, (work.last - work.first) * in.integers[2]);
}

/**
 * Copies columns [from, to) of a, whose row stride is `aStep`, to rows of out, whose row stride is
 * `width`.
 */
void transposeRows(const float* a, float* out, int rows, long aStep, long width, int from, int to) {
  for (int c0 = from; c0 < to; c0 += 16)
    for (int r0 = 0; r0 < rows; r0 += 16)
      for (int c = c0; c < std::min(to, c0 + 16); c++)
        for (int r = r0; r < std::min(rows, r0 + 16); r++) out[c * width + r] = a[r * aStep + c];
}

/** buffers: out, a. integers: rows, columns, row stride of out. */
void transpose(const Instruction& in, const Work& work) {
  const int rows = in.integers[0], columns = in.integers[1];
  long from, to;
  work.part(columns, 16, from, to);
  transposeRows(work.at(in, 1), work.at(in, 0), rows, columns, in.integers[2], (int)from, (int)to);
}

/**
 * Pads the rows of weights with zeros. buffers: out, a. integers: rows, columns, row stride of out.
 */
void widen(const Instruction& in, const Work& work) {
  const int columns = in.integers[1];
  long from, to;
  work.part(in.integers[0], 16, from, to);
  for (long row = from; row < to; row++) std::memcpy(work.at(in, 0) + row * in.integers[2], work.at(in, 1) + row * columns, columns * sizeof(float));
}

/**
 * Computes the gradients of a layer with many weights, for the whole batch. Threads divide the rows
 * of the weights, which are read once for the gradients of both the input and the weights. buffers:
 * dx, dw, x, g, weights, 64 rows of transposed weights and 64 columns of x (of a thread). integers:
 * depth, units, 1 if dx is needed.
 */
void denseWholeBack(const Instruction& in, const Work& work) {
  const int depth = in.integers[0], units = in.integers[1], samples = work.program.samples;
  constexpr int ROWS = 64;
  long from, to;
  work.part(depth, ROWS, from, to);
  const float *x = work.at(in, 2, 0), *g = work.at(in, 3, 0), *w = work.at(in, 4);
  float *dw = work.at(in, 1), *transposed = work.at(in, 5), *columns = work.at(in, 6);
  for (long k = from; k < to; k += ROWS) {
    const int rows = (int)std::min<long>(ROWS, to - k), next = (int)std::min<long>(ROWS, to - k - rows);
    // The columns are read several times. In x, those of all samples may map to the same cache set.
    for (int n = 0; n < samples; n++) {
      const float* row = x + (long)n * depth + k;
      std::memcpy(columns + n * ROWS, row, rows * sizeof(float));
      prefetch<3>(row + ROWS, next);
    }
    if (in.integers[2]) {
      transposeRows(w + k * units, transposed, rows, units, ROWS, 0, units);
      const Rows gradients(g, units);
      const Product p{gradients, transposed, nullptr, work.at(in, 0, 0) + k, ROWS, depth, units, false};
      product(p, samples, 0, rows);
    }
    outer<false>(Rows(columns, ROWS), g, units, dw + k * units, units, rows, samples);
  }
}

}  // namespace

Kernel denseKernel(int operation) {
  switch (operation) {
    case DENSE: return dense;
    case DENSE_WHOLE: return denseWhole;
    case DENSE_BACK_WEIGHTS: return denseBackWeights;
    case DENSE_WHOLE_BACK: return denseWholeBack;
    case TRANSPOSE: return transpose;
    case WIDEN: return widen;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
