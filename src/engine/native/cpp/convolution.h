// A convolution of two dimensions in NHWC: forward, and its two gradients, for some samples at a time.
//
// Every order of summation is fixed by the shape alone, never by threads or by how many samples a call is given at once, except that a call
// adds its samples one after the other: so the bits of a slot are the same run to run.
#pragma once
#include <cstddef>

#include "slot-sums.h"

namespace VECTOR_NAMESPACE {

/** What is convolved. Input `hi` × `wi` × `ci` and output `ho` × `wo` × `co` of a sample are dense, channels last. */
struct ConvolutionShape {
  int kh, kw, ci, co;
  int strideY, strideX;
  /** Zeros that the input is thought to have above and to the left of it; below and to the right as many as the output needs. */
  int padTop, padLeft;
  int hi, wi;
  /** The output that is computed: perhaps less than the input would give, where nobody looks at the last rows or columns. */
  int ho, wo;
};

/** How a convolution is computed. Made once for a shape; `samples` is the most that a call will be given. */
struct Convolution {
  ConvolutionShape shape;
  int samples;
  /** Without, `backwardData` and `packBack` must not be called. */
  bool hasBackwardData;
  /** Tile of Winograd's form, 2 for F(2×2, 3×3), or 0 for the direct form; likewise of the gradients for the input and for the weights. */
  int tile, backTile, gradientTile;

  Convolution(const ConvolutionShape& shape, int samples, bool hasBackwardData);

  /** Floats of the weights as `forward` wants them, and as `backwardData` does. */
  size_t packedSize() const;
  size_t packedBackSize() const;
  /** Packs the part [part, parts) of weights [kh][kw][ci][co]; all parts together make up the whole. */
  void pack(const float* weights, float* packed, int part, int parts) const;
  void packBack(const float* weights, float* packedBack, int part, int parts) const;

  /** Floats that each thread needs for its own. */
  size_t scratchSize() const;

  /**
   * outs + n * outStride ← input n * weights + bias, through ReLU if `relu`; `bias` may be null. ins[n] points at sample n.
   */
  void forward(const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) const;

  /** Gradient for the input: dxs + n * dxStride ← what gs + n * gStride (dense ho × wo × co) comes to. */
  void backwardData(const float* gs, long gStride, const float* packedBack, float* dxs, long dxStride, int n, float* scratch) const;

  /** Floats of the sums that `backwardWeights` adds to: of a Winograd form they are of the transformed weights. */
  size_t gradientSize() const;
  /** sums += the samples' gradient of the weights. */
  void backwardWeights(const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch) const;
  /** weights' gradient [kh][kw][ci][co] ← sums, the part [part, parts). */
  void finishGradient(const SlotSums& sums, float* gradient, int part, int parts) const;
};

}  // namespace VECTOR_NAMESPACE
