// Two-dimensional convolutions in NHWC: the forward pass and both gradients, for several samples at
// a time.
//
// The order of summation depends on the shape only, not on threads or on the number of samples in a
// call, except that a call adds its samples in order. So the bits of a slot are the same in each
// run.
#pragma once
#include <cstddef>

#include "slot-sums.h"

namespace VECTOR_NAMESPACE {

/**
 * The shape of a convolution. Input `hi` × `wi` × `ci` and output `ho` × `wo` × `co` of a sample
 * are dense, channels last.
 */
struct ConvolutionShape {
  int kh, kw, ci, co;
  int strideY, strideX;
  /**
   * Zero padding above and to the left of the input. Below and to the right there is as much as the
   * output needs.
   */
  int padTop, padLeft;
  int hi, wi;
  /**
   * The size of the computed output, which may be less than the input allows if the last rows or
   * columns are not used.
   */
  int ho, wo;
};

/** Computes convolutions of one shape. `samples` is the maximum number of samples in a call. */
struct Convolution {
  ConvolutionShape shape;
  int samples;
  /** Whether `backwardData` and `packBack` may be called. */
  bool hasBackwardData;
  /** Whether `forward` returns the maximum of each 2 × 2 outputs. */
  bool isPooled;
  /**
   * Tile size of Winograd's form, 2 for F(2×2, 3×3), or 0 for the direct form; the same for the
   * gradients of the input and of the weights.
   */
  int tile, backTile, gradientTile;

  Convolution(const ConvolutionShape& shape, int samples, bool hasBackwardData, bool isPooled);

  /** A part of the rows of the outputs, in the same form. */
  struct Band;
  /**
   * Returns part `part` of `parts`. Its values have the bits of the whole: bounds are multiples of
   * the rows of a tile or of a pooling window.
   */
  Band band(int part, int parts) const;

  /** Number of floats of a sample's result of `forward`, from `rows` rows of outputs. */
  long resultSize(int rows) const;

  /** Number of floats of the packed weights for `forward`, and for `backwardData`. */
  size_t packedSize() const;
  size_t packedBackSize() const;
  /** Packs part `part` of `parts` of weights [kh][kw][ci][co]. */
  void pack(const float* weights, float* packed, int part, int parts) const;
  void packBack(const float* weights, float* packedBack, int part, int parts) const;

  /** Number of floats of scratch memory for each thread. */
  size_t scratchSize() const;

  /**
   * outs + n * outStride ← input n * weights + bias, with ReLU if `relu`, pooled if `isPooled`.
   * `bias` may be null. ins[n] points to sample n.
   */
  void forward(const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch) const;

  /**
   * Computes the gradient of the input at dxs + n * dxStride from that of the output at gs + n *
   * gStride (dense ho × wo × co).
   */
  void backwardData(const float* gs, long gStride, const float* packedBack, float* dxs, long dxStride, int n, float* scratch) const;

  /**
   * Number of floats of the sums of `backwardWeights`. In Winograd's form, these are sums for the
   * transformed weights.
   */
  size_t gradientSize() const;
  /** sums += the samples' gradient of the weights. */
  void backwardWeights(const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch) const;
  /** Gradient of the weights [kh][kw][ci][co] ← sums, for part `part` of `parts`. */
  void finishGradient(const SlotSums& sums, float* gradient, int part, int parts) const;
};

struct Convolution::Band {
  Convolution convolution;
  /** Offsets of the first value that it reads in a sample, and that it writes. */
  long inOffset, outOffset;
};

}  // namespace VECTOR_NAMESPACE
