// Computes convolutions in the direct form.
#include "convolution-product.h"

namespace VECTOR_NAMESPACE {

void loadBlock(Vector* v, int pixels, int vectors, const float* from, long step, int channels) {
  for (int p = 0; p < pixels; p++)
    for (int z = 0; z < vectors; z++) {
      const int left = channels - z * WIDTH;
      v[p * vectors + z] = left >= WIDTH ? load(from + p * step + z * WIDTH) : loadPart(from + p * step + z * WIDTH, left);
    }
}

void storeBlock(const Vector* v, int pixels, int vectors, float* to, long step, int channels) {
  for (int p = 0; p < pixels; p++)
    for (int z = 0; z < vectors; z++) {
      const int left = channels - z * WIDTH;
      if (left >= WIDTH) store(to + p * step + z * WIDTH, v[p * vectors + z]);
      else storePart(to + p * step + z * WIDTH, v[p * vectors + z], left);
    }
}

namespace {

/**
 * A part of the kernel, in rows and elements of a row, whose weights for `width` channels fit the
 * level 1 cache.
 */
struct Part {
  int rows, length;
};
Part cachedPart(int kh, int row, int width) {
  const int most = CACHED / width;
  if (row <= most) {
    const int rows = most / row < kh ? most / row : kh, parts = (kh + rows - 1) / rows;
    return {(kh + parts - 1) / parts, row};
  }
  const int parts = (row + most - 1) / most;
  return {1, (row + parts - 1) / parts};
}

}  // namespace

/**
 * Direct convolution of samples. The weights are a matrix of kh * kw * ci rows in panels. A part of
 * a panel that fits the level 1 cache is applied to all pixels of all samples before the next part.
 * Reference: Georganas et al. 2018, "Anatomy of high-performance deep learning convolutions on SIMD
 * architectures". An output takes 2 * kh * kw * ci operations, and one store (with several parts,
 * also one load) per part: compute-bound from about 16 elements in a part on.
 */
void correlate(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n) {
  const int row = c.kernelRow();
  const long pitch = c.pitch();
  // A 1 × 1 convolution that reads whole rows is one matrix product.
  const bool flat = c.kh == 1 && c.stepY == 1 && c.stepX * c.wo * long(c.ci) == pitch;
  const int height = flat ? 1 : c.ho, width = flat ? c.ho * c.wo : c.wo;
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    const int channels = c.co - channel < Z * WIDTH ? c.co - channel : Z * WIDTH;
    alignas(64) float init[Z * WIDTH] = {};
    if (bias) std::memcpy(init, bias + channel, channels * sizeof(float));
    const float* panel = packed + channel * c.kernelSize();
    const Part part = cachedPart(c.kh, row, Z * WIDTH);
    for (int ky = 0; ky < c.kh; ky += part.rows)
      for (int k = 0; k < row; k += part.length) {
        Pass pass;
        pass.step = long(c.stepX) * c.ci;
        pass.pitch = pitch;
        pass.outStep = c.co;
        pass.rows = c.kh - ky < part.rows ? c.kh - ky : part.rows;
        pass.length = row - k < part.length ? row - k : part.length;
        pass.init = ky == 0 && k == 0 ? init : nullptr;
        pass.relu = relu && ky + pass.rows == c.kh && k + pass.length == row;
        pass.channels = channels;
        const float* w = panel + (long(ky) * row + k) * Z * WIDTH;
        for (int i = 0; i < n; i++)
          for (int y = 0; y < height; y++) {
            const float* in = ins[i] + (long(y) * c.stepY + ky) * pitch + k;
            float* out = outs + i * outStride + long(y) * c.wo * c.co + channel;
            blocks<mostPixels(Z)>(width, [&](int x, auto pixels) { productBlock<decltype(pixels)::value, Z>(pass, in + x * pass.step, w, out + long(x) * c.co); });
          }
      }
  });
}

}  // namespace VECTOR_NAMESPACE
