// The gradient of the weights, direct form.
#include "convolution-product.h"

namespace VECTOR_NAMESPACE {

/**
 * sums += gradient of the weights of samples. A block of weights is held in registers over as many rows of all samples as have their gradients, of the
 * block's channels, in the first level of cache; all other blocks follow with the same rows. 2 * samples * ho * wo operations for a sum that is loaded and
 * stored once for each such group of rows. Reference as for `correlate`, there section II-J.
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
