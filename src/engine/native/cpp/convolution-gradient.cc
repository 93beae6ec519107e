// Computes the gradient of a convolution's weights in the direct form.
#include "convolution-product.h"

namespace VECTOR_NAMESPACE {

/**
 * sums += gradient of the weights for the samples. A block of weights is held in registers for as
 * many rows of all samples as fit the level 1 cache with their gradients for the block's channels.
 * All other blocks follow with the same rows. A sum takes 2 * samples * ho * wo operations, and one
 * load and store for each group of rows. Reference: section II-J of the one for `correlate`.
 */
void correlateGradient(const Correlation& c, const float* const* ins, const float* gs, long gStride, int channels, float* sums, int n) {
  const int row = c.kernelRow();
  GradientPass pass;
  pass.ins = ins;
  pass.gs = gs;
  pass.gStride = gStride;
  pass.gPitch = long(c.wo) * channels;
  pass.gStep = channels;
  pass.pitch = c.stepY * c.pitch();
  pass.step = long(c.stepX) * c.ci;
  pass.samples = n;
  pass.columns = c.wo;
  panels(channels, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    const int most = CACHED / (c.wo * Z * WIDTH) > 1 ? CACHED / (c.wo * Z * WIDTH) : 1, parts = (c.ho + most - 1) / most, rows = (c.ho + parts - 1) / parts;
    float* panel = sums + channel * c.kernelSize();
    for (int y = 0; y < c.ho; y += rows) {
      pass.rows = c.ho - y < rows ? c.ho - y : rows;
      for (int ky = 0; ky < c.kh; ky++)
        blocks<mostPixels(Z)>(row, [&](int i, auto inputs) {
          gradientBlock<decltype(inputs)::value, Z>(pass, y * pass.pitch + ky * c.pitch() + i, y * pass.gPitch + channel, panel + (long(ky) * row + i) * Z * WIDTH);
        });
    }
  });
}

}  // namespace VECTOR_NAMESPACE
