// Winograd's form of 3 × 3 and 5 × 5 convolutions with strides of 1: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks".
//
// A tile of 2 × 2 outputs looks at T × T inputs, T = kernel + 1. Inputs and weights are transformed to T × T places each; at each place the products of a
// convolution are a matrix product of tiles × ci by ci × co; and its T × T results are transformed to 2 × 2 outputs. So a tile costs T * T products a pair
// of channels in place of 4 * kernel * kernel: 16 for 36, 36 for 100.
#pragma once
#include "convolution-plan.h"

namespace VECTOR_NAMESPACE {

/** Outputs a side of a tile. */
constexpr int TILE = 2;

/** Whether a convolution can be done in this form, and is faster for it. */
bool winogradPays(const Correlation& c);

/** Rows of tiles (of all samples, one after the other) that are worked on together, and what memory that needs. */
struct WinogradGroup {
  int side, tilesY, tilesX, rows;
  /** Most rows that a group of as many samples or fewer has. */
  int most;
  /** Floats from tile to tile, and from place to place, of transformed inputs and of transformed outputs or gradients. */
  long inStep, outStep, inPlace, outPlace;

  WinogradGroup(const Correlation& c, int samples);
  int places() const { return side * side; }
};

/** Floats of scratch for at most so many samples. */
size_t winogradScratchSize(const Correlation& c, int samples);

/** Floats of transformed weights. */
inline size_t winogradSize(const Correlation& c) { return size_t(c.kh + 1) * (c.kh + 1) * c.ci * c.co; }

/** Transforms weights [kh][kw][ci][co]: [T * T] places of ci rows in panels. */
void winogradPack(const Correlation& c, const float* weights, float* packed, int part, int parts);
/** The same for a correlation that is the way back of one with weights [kh][kw][c.co][c.ci]. */
void winogradPackTurned(const Correlation& c, const float* weights, float* packed, int part, int parts);

void winogradForward(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch);

/** sums, in the transformed domain and laid out like packed weights, += the samples' gradient. */
void winogradGradient(const Correlation& c, const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch);
/** Takes the slots' sums back to a gradient [kh][kw][ci][co]. */
void winogradFinish(const Correlation& c, const SlotSums& sums, float* gradient, int part, int parts);

}  // namespace VECTOR_NAMESPACE
