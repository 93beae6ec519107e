// Computes convolutions in the direct form together with the 2 × 2 max pooling of their outputs.
#include "convolution-product.h"

namespace VECTOR_NAMESPACE {

namespace {

/**
 * to ← maxima of 2 × 2 pixels of two rows of `width` pixels with Z vectors of channels, of which
 * the first `channels` are stored. NaN is kept.
 */
template <int Z>
void poolRows(const float* rows, int width, bool relu, float* to, long step, int channels) {
  const float* below = rows + long(width) * Z * WIDTH;
  for (int x = 0; x < width; x += 2, to += step)
    for (int z = 0; z < Z; z++) {
      const long at = long(x) * Z * WIDTH + z * WIDTH, next = at + Z * WIDTH;
      const Vector v[4] = {load(rows + at), load(rows + next), load(below + at), load(below + next)};
      Vector most = v[0];
      UNROLL for (int k = 1; k < 4; k++) most = choose(replaces(v[k], most), v[k], most);
      // The ReLU of a maximum is the maximum of the ReLUs.
      if (relu) most = maximum(Vector{}, most);
      const int left = channels - z * WIDTH;
      if (left >= WIDTH) store(to + z * WIDTH, most);
      else if (left > 0) storePart(to + z * WIDTH, most, left);
    }
}

}  // namespace

size_t pooledRowsSize(const Correlation& c) { return size_t(2) * c.wo * MOST_VECTORS * WIDTH; }

/**
 * As `correlate`, but two rows of outputs at a time are pooled while they are in the level 1 cache,
 * instead of all outputs of the samples after they went to the level 2 cache and back.
 */
void correlatePooled(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* rows) {
  const int pooledWidth = c.wo / 2;
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    const int channels = c.co - channel < Z * WIDTH ? c.co - channel : Z * WIDTH;
    alignas(64) float init[Z * WIDTH] = {};
    if (bias) std::memcpy(init, bias + channel, channels * sizeof(float));
    Pass pass;
    pass.step = long(c.stepX) * c.ci;
    pass.pitch = c.pitch();
    pass.outStep = Z * WIDTH;
    pass.rows = c.kh;
    pass.length = c.kernelRow();
    pass.init = init;
    pass.relu = false;
    pass.channels = Z * WIDTH;
    const float* w = packed + channel * c.kernelSize();
    for (int i = 0; i < n; i++)
      for (int y = 0; y < c.ho; y += 2) {
        for (int row = 0; row < 2; row++) {
          const float* in = ins[i] + (long(y) + row) * c.stepY * pass.pitch;
          float* to = rows + long(row) * c.wo * pass.outStep;
          blocks<mostPixels(Z)>(c.wo, [&](int x, auto pixels) { productBlock<decltype(pixels)::value, Z>(pass, in + x * pass.step, w, to + x * pass.outStep); });
        }
        poolRows<Z>(rows, c.wo, relu, outs + i * outStride + long(y / 2) * pooledWidth * c.co + channel, c.co, channels);
      }
  });
}

}  // namespace VECTOR_NAMESPACE
