// The two kernels that compute all products of convolutions.
#pragma once
#include "convolution-plan.h"

namespace VECTOR_NAMESPACE {

/** Parameters that all blocks of a pass over a part of the weights share. */
struct Pass {
  /** Strides in floats: of pixels and rows of the input, and of pixels of the output. */
  long step, pitch, outStep;
  /** Rows of the kernel in this part, and elements of each row. */
  int rows, length;
  /** Initial values of the sums; null to add to the output. */
  const float* init;
  /** Whether to apply ReLU at the end. */
  bool relu;
  /** Number of output channels in the block. */
  int channels;
};

/**
 * Load and store a last block of channels that is not full. Not inlined, to keep the kernels small.
 */
void loadBlock(Vector* v, int pixels, int vectors, const float* from, long step, int channels);
void storeBlock(const Vector* v, int pixels, int vectors, float* to, long step, int channels);

/**
 * out[p][o] (+)= sum over rows r and k of in[r * pitch + p * step + k] * w[r][k][o], for P pixels
 * and Z vectors of channels o, held in registers. Goto and van de Geijn 2008 ("Anatomy of
 * high-performance matrix multiplication") without packing of the input. Each k takes P + Z loads
 * for P * Z multiply-adds: 2.4 and 1.7 per load for 6 × 4 and 12 × 2. The weights are in the level
 * 1 cache.
 */
template <int P, int Z>
__attribute__((noinline)) void productBlock(const Pass& pass, const float* in, const float* w, float* out) {
  Vector sums[P][Z];
  const bool whole = pass.channels >= Z * WIDTH;
  if (pass.init) {
    UNROLL for (int z = 0; z < Z; z++) {
      const Vector v = load(pass.init + z * WIDTH);
      UNROLL for (int p = 0; p < P; p++) sums[p][z] = v;
    }
  } else if (whole) {
    UNROLL for (int p = 0; p < P; p++) UNROLL for (int z = 0; z < Z; z++) sums[p][z] = load(out + p * pass.outStep + z * WIDTH);
  } else {
    Vector held[P * Z];
    loadBlock(held, P, Z, out, pass.outStep, pass.channels);
    UNROLL for (int p = 0; p < P; p++) UNROLL for (int z = 0; z < Z; z++) sums[p][z] = held[p * Z + z];
  }
  const long step = pass.step;
  const int length = pass.length;
  for (int row = 0; row < pass.rows; row++, in += pass.pitch) {
    // One pointer for three pixels: base, base + step and base + 2 * step are addressing modes of
    // the processor. Twelve pointers would not fit its registers.
    const float* at[(P + 2) / 3];
    UNROLL for (int q = 0; q < (P + 2) / 3; q++) at[q] = in + 3 * q * step;
    NO_UNROLL for (int k = 0; k < length; k++, w += Z * WIDTH) {
      Vector weights[Z];
      UNROLL for (int z = 0; z < Z; z++) weights[z] = load(w + z * WIDTH);
      UNROLL for (int p = 0; p < P; p++) {
        const Vector x = splat(at[p / 3][p % 3 * step]);
        UNROLL for (int z = 0; z < Z; z++) sums[p][z] = multiplyAdd(x, weights[z], sums[p][z]);
      }
      UNROLL for (int q = 0; q < (P + 2) / 3; q++) at[q]++;
    }
  }
  if (pass.relu) {
    // Zero is the first operand so that NaN is kept.
    UNROLL for (int p = 0; p < P; p++) UNROLL for (int z = 0; z < Z; z++) sums[p][z] = maximum(Vector{}, sums[p][z]);
  }
  if (whole) {
    UNROLL for (int p = 0; p < P; p++) UNROLL for (int z = 0; z < Z; z++) store(out + p * pass.outStep + z * WIDTH, sums[p][z]);
  } else {
    Vector held[P * Z];
    UNROLL for (int p = 0; p < P; p++) UNROLL for (int z = 0; z < Z; z++) held[p * Z + z] = sums[p][z];
    storeBlock(held, P, Z, out, pass.outStep, pass.channels);
  }
}

/** Parameters that all blocks of a pass over gradients share. */
struct GradientPass {
  const float* const* ins;
  const float* gs;
  /** Strides in floats of samples, rows and pixels of the gradient. */
  long gStride, gPitch, gStep;
  /** Strides in floats of the input for output rows and pixels. */
  long pitch, step;
  int samples, rows, columns;
};

/**
 * sums[i][o] += sum over samples, rows y and pixels x of in[y * pitch + x * step + i] * g[y][x][o],
 * for I elements i of a kernel row and Z vectors of channels o, held in registers throughout. Same
 * form and intensity as `productBlock`: a pixel takes I + Z loads for I * Z multiply-adds. Offsets
 * are those of the first row in the sample.
 */
template <int I, int Z>
__attribute__((noinline)) void gradientBlock(const GradientPass& pass, long inOffset, long gOffset, float* sums) {
  Vector held[I][Z];
  UNROLL for (int i = 0; i < I; i++) UNROLL for (int z = 0; z < Z; z++) held[i][z] = Vector{};
  // Prefetches the sums from outer caches while products are computed.
  UNROLL for (int i = 0; i < I * Z; i++) __builtin_prefetch(sums + i * WIDTH, 1);
  const long step = pass.step, gStep = pass.gStep;
  for (int n = 0; n < pass.samples; n++)
    for (int y = 0; y < pass.rows; y++) {
      const float* in = pass.ins[n] + inOffset + y * pass.pitch;
      const float* g = pass.gs + n * pass.gStride + gOffset + y * pass.gPitch;
      NO_UNROLL for (int x = 0; x < pass.columns; x++, in += step, g += gStep) {
        Vector gradient[Z];
        UNROLL for (int z = 0; z < Z; z++) gradient[z] = load(g + z * WIDTH);
        UNROLL for (int i = 0; i < I; i++) {
          const Vector v = splat(in[i]);
          UNROLL for (int z = 0; z < Z; z++) held[i][z] = multiplyAdd(v, gradient[z], held[i][z]);
        }
      }
    }
  UNROLL for (int i = 0; i < I; i++) UNROLL for (int z = 0; z < Z; z++) {
    float* to = sums + (i * Z + z) * WIDTH;
    store(to, load(to) + held[i][z]);
  }
}

}  // namespace VECTOR_NAMESPACE
