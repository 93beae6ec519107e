// Chooses the form of a convolution, and computes it for a few samples at a time.
#include "convolution.h"

#include "convolution-plan.h"
#include "winograd.h"

namespace VECTOR_NAMESPACE {

namespace {

/**
 * Sets pointers to the samples' inputs for the direct form: in place, or copied with borders to
 * `scratch`.
 */
void borders(const Correlation& c, const float* const* ins, int n, const float** pointers, float* scratch) {
  for (int i = 0; i < n; i++) {
    if (c.plain()) {
      pointers[i] = ins[i];
    } else {
      float* to = scratch + i * c.borderedSize();
      border(c, ins[i], to);
      pointers[i] = to;
    }
  }
}

size_t bordersSize(const Correlation& c, int samples) { return c.plain() ? 0 : c.borderedSize() * (samples < c.together() ? samples : c.together()); }

/**
 * Calls f(first sample, inputs in the form in', number of samples) for samples that fit the cache.
 */
template <class F>
void eachGroup(const Correlation& c, const float* const* ins, int n, float* scratch, F f) {
  const int together = c.together();
  for (int i = 0; i < n; i += together) {
    const int here = n - i < together ? n - i : together;
    const float* pointers[MOST_SAMPLES];
    borders(c, ins + i, here, pointers, scratch);
    f(i, pointers, here);
  }
}

void correlateSamples(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) {
  eachGroup(c, ins, n, scratch, [&](int i, const float* const* pointers, int here) { correlate(c, pointers, packed, bias, relu, outs + i * outStride, outStride, here); });
}

}  // namespace

Convolution::Convolution(const ConvolutionShape& s, int n, bool back, bool pooled)
    : shape(s), samples(n), hasBackwardData(back), isPooled(pooled), tile(0), backTile(0), gradientTile(0) {
  if (!pooled && winogradPays(ahead(s))) tile = gradientTile = TILE;
  if (hasBackwardData && winogradPays(VECTOR_NAMESPACE::back(s))) backTile = TILE;
}

Convolution::Band Convolution::band(int part, int parts) const {
  constexpr int window = 2;
  const int unit = isPooled ? window : tile ? TILE : 1, units = (shape.ho + unit - 1) / unit;
  const int from = units * part / parts * unit, to = units * (part + 1) / parts * unit;
  Convolution result = *this;
  ConvolutionShape& s = result.shape;
  s.ho = (to < shape.ho ? to : shape.ho) - from;
  // Rows of the input above the band are skipped.
  const int above = from * s.strideY - s.padTop, skipped = above > 0 ? above : 0;
  s.padTop = skipped - above;
  s.hi -= skipped;
  return {result, long(skipped) * s.wi * s.ci, resultSize(from)};
}

long Convolution::resultSize(int rows) const { return long(rows) * shape.wo * shape.co / (isPooled ? 4 : 1); }

size_t Convolution::packedSize() const { return tile ? winogradSize(ahead(shape)) : panelSize(ahead(shape).kernelSize(), shape.co); }
size_t Convolution::packedBackSize() const { return backTile ? winogradSize(back(shape)) : panelSize(back(shape).kernelSize(), shape.ci); }

void Convolution::pack(const float* weights, float* packed, int part, int parts) const {
  const Correlation c = ahead(shape);
  if (tile) winogradPack(c, weights, packed, part, parts);
  else packPanels(weights, c.kernelSize(), shape.co, packed, c.kernelSize() * part / parts, c.kernelSize() * (part + 1) / parts);
}

void Convolution::packBack(const float* weights, float* packedBack, int part, int parts) const {
  if (backTile) winogradPackTurned(back(shape), weights, packedBack, part, parts);
  else packTurned(weights, shape.kh * shape.kw, shape.ci, shape.co, packedBack, part, parts);
}

size_t Convolution::scratchSize() const {
  const Correlation c = ahead(shape), b = back(shape);
  const int channels = roundUp(shape.co, WIDTH);
  size_t size = 16;
  const auto atLeast = [&](size_t needed) { size = needed > size ? needed : size; };
  atLeast(tile ? winogradScratchSize(c, samples) : bordersSize(c, samples) + (isPooled ? pooledRowsSize(c) : 0));
  if (hasBackwardData) atLeast(backTile ? winogradScratchSize(b, samples) : bordersSize(b, samples));
  atLeast(gradientTile ? winogradScratchSize(c, samples)
                       : bordersSize(c, samples) + (channels == shape.co ? 0 : size_t(shape.ho) * shape.wo * channels * c.together()));
  return size;
}

void Convolution::forward(const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) const {
  const Correlation c = ahead(shape);
  if (isPooled) {
    // With the number of samples of this call: a band is smaller than the whole, so more of its
    // samples than fit the scratch memory would be processed together.
    float* rows = scratch + bordersSize(c, n);
    eachGroup(c, ins, n, scratch, [&](int i, const float* const* pointers, int here) { correlatePooled(c, pointers, packed, bias, relu, outs + i * outStride, outStride, here, rows); });
  } else if (tile) {
    winogradForward(c, ins, packed, bias, relu, outs, outStride, n, scratch);
  } else {
    correlateSamples(c, ins, packed, bias, relu, outs, outStride, n, scratch);
  }
}

void Convolution::backwardData(const float* gs, long gStride, const float* packedBack, float* dxs, long dxStride, int n, float* scratch) const {
  for (int i = 0; i < n; i += MOST_SAMPLES) {
    const float* pointers[MOST_SAMPLES];
    const int here = n - i < MOST_SAMPLES ? n - i : MOST_SAMPLES;
    for (int j = 0; j < here; j++) pointers[j] = gs + (i + j) * gStride;
    if (backTile) winogradForward(back(shape), pointers, packedBack, nullptr, false, dxs + i * dxStride, dxStride, here, scratch);
    else correlateSamples(back(shape), pointers, packedBack, nullptr, false, dxs + i * dxStride, dxStride, here, scratch);
  }
}

size_t Convolution::gradientSize() const { return gradientTile ? winogradSize(ahead(shape)) : panelSize(ahead(shape).kernelSize(), shape.co); }

void Convolution::backwardWeights(const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch) const {
  const Correlation c = ahead(shape);
  if (gradientTile) {
    winogradGradient(c, ins, gs, gStride, sums, n, scratch);
    return;
  }
  const int channels = roundUp(shape.co, WIDTH);
  const long pixels = long(shape.ho) * shape.wo;
  eachGroup(c, ins, n, scratch, [&](int i, const float* const* pointers, int here) {
    const float* g = gs + i * gStride;
    long stride = gStride;
    if (channels != shape.co) {
      // Whole vectors of gradients are read, so the last pixel's vector must not extend past the
      // end of memory.
      float* wide = scratch + bordersSize(c, samples);
      for (int j = 0; j < here; j++) widen(g + j * gStride, pixels, shape.co, wide + j * pixels * channels, channels);
      g = wide;
      stride = pixels * channels;
    }
    correlateGradient(c, pointers, g, stride, channels, sums, here);
  });
}

void Convolution::finishGradient(const SlotSums& sums, float* gradient, int part, int parts) const {
  const Correlation c = ahead(shape);
  if (gradientTile) winogradFinish(c, sums, gradient, part, parts);
  else unpackPanels(sums, c.kernelSize(), shape.co, gradient, c.kernelSize() * part / parts, c.kernelSize() * (part + 1) / parts);
}

}  // namespace VECTOR_NAMESPACE
