// Computes convolutions in Winograd's form: transforms of inputs to tiles, products, and transforms
// of tiles to outputs.
#include "winograd.h"

#include "convolution-product.h"
#include "winograd-transforms.h"

namespace VECTOR_NAMESPACE {

namespace {

/**
 * Maximum floats of the transformed inputs and outputs of a group. Small for few weights, so that
 * both stay in the level 2 cache. For more weights, the rest of that cache. Larger if the weights
 * do not fit the cache, as each group then reads them again.
 */
long groupSize(const Correlation& c) {
  const long weights = long(winogradSize(c));
  return weights > 400000 ? 450000 : weights > 120000 ? 300000 : 60000 + 2 * weights;
}

/** Pointers to the T × T pixels of a tile, and to zeros for those outside of the input. */
template <int T>
struct Window {
  const float* at[T * T];
  Window(const float* image, int height, int width, int channels, int y0, int x0, const float* zeros) {
    // Branchless, as a branch would be mispredicted at each edge.
    const float* rows[T];
    bool insideY[T], insideX[T];
    UNROLL for (int k = 0; k < T; k++) {
      rows[k] = image + (long(y0 + k) * width + x0) * channels;
      insideY[k] = unsigned(y0 + k) < unsigned(height);
      insideX[k] = unsigned(x0 + k) < unsigned(width);
    }
    UNROLL for (int y = 0; y < T; y++) UNROLL for (int x = 0; x < T; x++) at[y * T + x] = insideY[y] & insideX[x] ? rows[y] + long(x) * channels : zeros;
  }
};

/**
 * Transforms a tile. `pixel(y, x)` returns a vector of the tile's pixel. Columns, then rows, are
 * transformed one at a time; more would spill registers.
 */
template <int KERNEL, class F>
ALWAYS_INLINE void transformInput(F pixel, float* v, long place) {
  using W = Transform<KERNEL>;
  constexpr int T = W::T;
  Vector e[T * T];
  UNROLL for (int x = 0; x < T; x++) {
    Vector d[T];
    UNROLL for (int y = 0; y < T; y++) d[y] = pixel(y, x);
    W::input(d, 1, e + x, T);
  }
  UNROLL for (int y = 0; y < T; y++) {
    Vector d[T];
    W::input(e + y * T, 1, d, 1);
    UNROLL for (int x = 0; x < T; x++) store(v + (y * T + x) * place, d[x]);
  }
}

/**
 * Transforms tile rows [first, last) of the samples' inputs to v[place][tile][ci]. A tile takes 4 *
 * T * T operations or some more per channel, and as many loads and stores as places. It is bound by
 * the level 2 cache, to which it is written.
 */
template <int KERNEL>
void inputs(const Correlation& c, const WinogradGroup& group, const TileOrder& order, const float* const* ins, int first, int last, const float* zeros, float* transformed) {
  constexpr int T = Transform<KERNEL>::T;
  const long pitch = long(c.wi) * c.ci;
  for (int row = first; row < last; row++) {
    const float* image = ins[row / group.tilesY];
    const int y0 = row % group.tilesY * TILE - c.top;
    for (int tx = 0; tx < group.tilesX; tx++) {
      float* v = transformed + order.at(row, tx) * group.inStep;
      const int x0 = tx * TILE - c.left;
      if (y0 >= 0 && y0 + T <= c.hi && x0 >= 0 && x0 + T <= c.wi) {
        const float* from = image + y0 * pitch + long(x0) * c.ci;
        for (int i = 0; i < c.ci; i += WIDTH) transformInput<KERNEL>([&](int y, int x) { return load(from + y * pitch + long(x) * c.ci + i); }, v + i, group.inPlace);
      } else {
        const Window<T> window(image, c.hi, c.wi, c.ci, y0, x0, zeros);
        for (int i = 0; i < c.ci; i += WIDTH) transformInput<KERNEL>([&](int y, int x) { return load(window.at[y * T + x] + i); }, v + i, group.inPlace);
      }
    }
  }
}

/** Transforms the gradients of tile rows [first, last) to m[place][tile][co]. */
template <int KERNEL>
void gradients(const Correlation& c, const WinogradGroup& group, const TileOrder& order, const float* gs, long gStride, int first, int last, const float* zeros,
               float* transformed) {
  using W = Transform<KERNEL>;
  constexpr int T = W::T;
  for (int row = first; row < last; row++)
    for (int tx = 0; tx < group.tilesX; tx++) {
      float* m = transformed + order.at(row, tx) * group.outStep;
      const Window<TILE> window(gs + row / group.tilesY * gStride, c.ho, c.wo, c.co, row % group.tilesY * TILE, tx * TILE, zeros);
      for (int o = 0; o < c.co; o += WIDTH) {
        Vector g[TILE * TILE], e[T * TILE];
        UNROLL for (int k = 0; k < TILE * TILE; k++) g[k] = load(window.at[k] + o);
        UNROLL for (int x = 0; x < TILE; x++) W::gradient(g + x, TILE, e + x, TILE);
        UNROLL for (int y = 0; y < T; y++) {
          Vector f[T];
          W::gradient(e + y * TILE, 1, f, 1);
          UNROLL for (int x = 0; x < T; x++) store(m + (y * T + x) * group.outPlace + o, f[x]);
        }
      }
    }
}

/**
 * Transforms m[place][tile][co] to the outputs of tile rows [first, last). As `inputs`, it is bound
 * by the level 2 cache.
 */
template <int KERNEL>
void outputs(const Correlation& c, const WinogradGroup& group, const TileOrder& order, const float* products, const float* bias, bool relu, float* outs, long outStride,
             int first, int last) {
  using W = Transform<KERNEL>;
  constexpr int T = W::T;
  for (int row = first; row < last; row++)
    for (int tx = 0; tx < group.tilesX; tx++) {
      const float* m = products + order.at(row, tx) * group.outStep;
      const int y0 = row % group.tilesY * TILE, x0 = tx * TILE;
      const bool below = y0 + 1 < c.ho, right = x0 + 1 < c.wo;
      float* out = outs + row / group.tilesY * outStride + (long(y0) * c.wo + x0) * c.co;
      const long next = long(c.wo) * c.co;
      for (int o = 0; o < c.co; o += WIDTH) {
        Vector d[TILE * TILE], e[TILE * T];
        UNROLL for (int x = 0; x < T; x++) {
          Vector f[T];
          UNROLL for (int y = 0; y < T; y++) f[y] = load(m + (y * T + x) * group.outPlace + o);
          W::output(f, 1, e + x, T);
        }
        UNROLL for (int y = 0; y < TILE; y++) W::output(e + y * T, 1, d + y * TILE, 1);
        if (bias) {
          const Vector b = load(bias + o);
          UNROLL for (int k = 0; k < TILE * TILE; k++) d[k] += b;
        }
        if (relu) {
          UNROLL for (int k = 0; k < TILE * TILE; k++) d[k] = maximum(Vector{}, d[k]);
        }
        store(out + o, d[0]);
        if (right) store(out + c.co + o, d[1]);
        if (below) store(out + next + o, d[2]);
        if (below && right) store(out + next + c.co + o, d[3]);
      }
    }
}

/**
 * Computes the products of one place: m[tile][o] = sum over i of v[tile][i] * u[i][o]. 2 * ci
 * operations per stored value.
 */
void multiply(const Correlation& c, const WinogradGroup& group, int tiles, const float* v, const float* u, float* m) {
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    alignas(64) const float zeros[Z * WIDTH] = {};
    const int parts = (c.ci * Z * WIDTH + CACHED_PRODUCT - 1) / CACHED_PRODUCT, length = (c.ci + parts - 1) / parts;
    const float* panel = u + channel * long(c.ci);
    for (int i = 0; i < c.ci; i += length) {
      Pass pass;
      pass.step = group.inStep;
      pass.pitch = 0;
      pass.outStep = group.outStep;
      pass.rows = 1;
      pass.length = c.ci - i < length ? c.ci - i : length;
      pass.init = i == 0 ? zeros : nullptr;
      pass.relu = false;
      pass.channels = Z * WIDTH;
      blocks<mostPixels(Z)>(tiles, [&](int tile, auto pixels) {
        productBlock<decltype(pixels)::value, Z>(pass, v + tile * group.inStep + i, panel + long(i) * Z * WIDTH, m + tile * group.outStep + channel);
      });
    }
  });
}

/**
 * Computes the sums of one place: du[i][o] += sum over tiles of v[tile][i] * m[tile][o]. 2 * tiles
 * operations per value loaded and stored.
 */
void multiplyGradient(const Correlation& c, const WinogradGroup& group, int tiles, const float* v, const float* m, float* du) {
  GradientPass pass;
  pass.ins = &v;
  pass.gs = m;
  pass.gStride = pass.gPitch = pass.pitch = 0;
  pass.gStep = group.outStep;
  pass.step = group.inStep;
  pass.samples = pass.rows = 1;
  pass.columns = tiles;
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    blocks<mostPixels(Z)>(c.ci, [&](int i, auto inputs) { gradientBlock<decltype(inputs)::value, Z>(pass, i, channel, du + channel * long(c.ci) + long(i) * Z * WIDTH); });
  });
}

template <int KERNEL>
void forwardOf(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) {
  const WinogradGroup group(c, n);
  float *v = scratch, *m = v + group.places() * group.inPlace, *zeros = m + group.places() * group.outPlace;
  std::memset(zeros, 0, c.ci * sizeof(float));
  const int all = n * group.tilesY;
  for (int first = 0; first < all; first += group.rows) {
    const int last = all - first < group.rows ? all : first + group.rows;
    const TileOrder order(c, group, first, last);
    inputs<KERNEL>(c, group, order, ins, first, last, zeros, v);
    for (int k = 0; k < group.places(); k++) {
      const int from = order.begin(k);
      const float* u = packed + long(k) * c.ci * c.co;
      multiply(c, group, order.end(k) - from, v + k * group.inPlace + from * group.inStep, u, m + k * group.outPlace + from * group.outStep);
    }
    outputs<KERNEL>(c, group, order, m, bias, relu, outs, outStride, first, last);
  }
}

template <int KERNEL>
void gradientOf(const Correlation& c, const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch) {
  const WinogradGroup group(c, n);
  float *v = scratch, *m = v + group.places() * group.inPlace, *zeros = m + group.places() * group.outPlace;
  std::memset(zeros, 0, (c.ci > c.co ? c.ci : c.co) * sizeof(float));
  const int all = n * group.tilesY;
  for (int first = 0; first < all; first += group.rows) {
    const int last = all - first < group.rows ? all : first + group.rows;
    const TileOrder order(c, group, first, last);
    inputs<KERNEL>(c, group, order, ins, first, last, zeros, v);
    gradients<KERNEL>(c, group, order, gs, gStride, first, last, zeros, m);
    for (int k = 0; k < group.places(); k++) {
      const int from = order.begin(k);
      float* du = sums + long(k) * c.ci * c.co;
      multiplyGradient(c, group, order.end(k) - from, v + k * group.inPlace + from * group.inStep, m + k * group.outPlace + from * group.outStep, du);
    }
  }
}

}  // namespace

bool winogradPays(const Correlation& c) {
  const bool fits = c.kh == c.kw && (c.kh == 3 || c.kh == 5) && c.stepY == 1 && c.stepX == 1 && c.spreadY == 1 && c.spreadX == 1;
  if (!fits || c.ci % WIDTH != 0 || c.co % WIDTH != 0) return false;
  // Costs are in products of a pair of channels. Transforming a value costs about as much as 8
  // products.
  const auto places = [&](int outputs) { return double(outputs / TILE) * (c.kh + 1) + outputs % TILE * c.kh; };
  const double pairs = double(c.ci) * c.co;
  return places(c.ho) * places(c.wo) * (pairs + 8 * (c.ci + c.co)) < .95 * c.ho * c.wo * c.kh * c.kw * pairs;
}

WinogradGroup::WinogradGroup(const Correlation& c, int samples) : side(c.kh + 1), tilesY((c.ho + 1) / TILE), tilesX((c.wo + 1) / TILE) {
  // Strides must not be powers of 2, or rows of tiles and places would all map to the same cache
  // sets.
  inStep = c.ci + 16;
  outStep = c.co + 16;
  const long row = places() * tilesX * (inStep + outStep), all = long(samples) * tilesY;
  const long fit = groupSize(c) / row;
  most = fit < 1 ? 1 : fit < all ? int(fit) : int(all);
  const long groups = (all + most - 1) / most;
  rows = int((all + groups - 1) / groups);
  inPlace = rows * tilesX * inStep;
  outPlace = rows * tilesX * outStep;
}

TileOrder::TileOrder(const Correlation& c, const WinogradGroup& group, int first, int last)
    : first_(first), tilesY_(group.tilesY), side_(group.side), hasBottom_(c.ho % TILE != 0), wholes_(c.wo / TILE), halves_(group.tilesX - wholes_) {
  lower_ = bottoms(last);
  upper_ = last - first - lower_;
}

size_t winogradScratchSize(const Correlation& c, int samples) {
  // Fewer samples may have larger groups.
  const WinogradGroup group(c, samples);
  return size_t(group.places()) * group.most * group.tilesX * (group.inStep + group.outStep) + (c.ci > c.co ? c.ci : c.co);
}

void winogradForward(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) {
  if (c.kh == 3) forwardOf<3>(c, ins, packed, bias, relu, outs, outStride, n, scratch);
  else forwardOf<5>(c, ins, packed, bias, relu, outs, outStride, n, scratch);
}

void winogradGradient(const Correlation& c, const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch) {
  if (c.kh == 3) gradientOf<3>(c, ins, gs, gStride, sums, n, scratch);
  else gradientOf<5>(c, ins, gs, gStride, sums, n, scratch);
}

}  // namespace VECTOR_NAMESPACE
