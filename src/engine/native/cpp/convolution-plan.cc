// Describes the two directions of a convolution as correlations, and copies inputs with borders of
// zeros.
#include "convolution-plan.h"

namespace VECTOR_NAMESPACE {

Correlation ahead(const ConvolutionShape& s) { return {s.kh, s.kw, s.ci, s.co, s.strideY, s.strideX, s.padTop, s.padLeft, 1, 1, s.hi, s.wi, s.ho, s.wo}; }

/**
 * An output's gradient goes to the inputs that it was computed from. Forward strides become zeros
 * between the gradients.
 */
Correlation back(const ConvolutionShape& s) {
  return {s.kh, s.kw, s.co, s.ci, 1, 1, s.kh - 1 - s.padTop, s.kw - 1 - s.padLeft, s.strideY, s.strideX, s.ho, s.wo, s.hi, s.wi};
}

int Correlation::together() const {
  const long most = CACHED_SAMPLES / (long(plain() ? inSize() : borderedSize()) + outSize());
  return most < 1 ? 1 : most > MOST_SAMPLES ? MOST_SAMPLES : int(most);
}

void border(const Correlation& c, const float* in, float* bordered) {
  const int rows = c.rows(), columns = c.columns();
  const size_t row = size_t(columns) * c.ci;
  // Input pixels [first, last) are inside.
  int first = 0, last = c.wi;
  while (first < last && c.left + first * c.spreadX < 0) first++;
  while (last > first && c.left + (last - 1) * c.spreadX >= columns) last--;
  for (int y = 0; y < rows; y++) {
    float* to = bordered + y * row;
    const int from = y - c.top;
    if (from < 0 || from % c.spreadY != 0 || from / c.spreadY >= c.hi || first == last) {
      std::memset(to, 0, row * sizeof(float));
      continue;
    }
    const float* line = in + (long(from / c.spreadY) * c.wi + first) * c.ci;
    const size_t before = size_t(c.left + first * c.spreadX) * c.ci;
    if (c.spreadX == 1) {
      const size_t length = size_t(last - first) * c.ci;
      std::memset(to, 0, before * sizeof(float));
      std::memcpy(to + before, line, length * sizeof(float));
      std::memset(to + before + length, 0, (row - before - length) * sizeof(float));
    } else {
      std::memset(to, 0, row * sizeof(float));
      for (int x = 0; x < last - first; x++) std::memcpy(to + before + size_t(x) * c.spreadX * c.ci, line + size_t(x) * c.ci, c.ci * sizeof(float));
    }
  }
}

void widen(const float* in, long pixels, int from, float* out, int to) {
  for (long p = 0; p < pixels; p++) {
    std::memcpy(out + p * to, in + p * from, from * sizeof(float));
    std::memset(out + p * to + from, 0, (to - from) * sizeof(float));
  }
}

}  // namespace VECTOR_NAMESPACE
