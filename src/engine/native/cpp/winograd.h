// Winograd's form of 3 × 3 and 5 × 5 convolutions with strides of 1: Lavin and Gray 2016, "Fast
// algorithms for convolutional neural networks".
//
// A tile of 2 × 2 outputs depends on T × T inputs, T = kernel + 1. Inputs and weights are
// transformed to T × T places each. At each place, the products of a convolution are a matrix
// product of tiles × ci by ci × co. The T × T results are transformed to 2 × 2 outputs. A tile
// takes T * T products per pair of channels instead of 4 * kernel * kernel: 16 instead of 36, or 36
// instead of 100.
#pragma once
#include "convolution-plan.h"

namespace VECTOR_NAMESPACE {

/** Outputs along each side of a tile. */
constexpr int TILE = 2;

/** Returns whether a convolution can use this form and is faster in it. */
bool winogradPays(const Correlation& c);

/**
 * A division of the rows of tiles, those of all samples in order, into groups that are processed
 * together, and the memory that they need.
 */
struct WinogradGroup {
  int side, tilesY, tilesX, rows;
  /** Maximum rows of a group for this number of samples or fewer. */
  int most;
  /**
   * Strides in floats of tiles and of places, for transformed inputs and for transformed outputs or
   * gradients.
   */
  long inStep, outStep, inPlace, outPlace;

  WinogradGroup(const Correlation& c, int samples);
  int places() const { return side * side; }
};

/**
 * The order of the tiles of a group. If the number of outputs along a dimension is odd, the last
 * tile has only one output there and does not need the last place of that dimension. Tiles are
 * sorted by the dimensions in which they are half, so that the tiles that need a place are
 * contiguous.
 */
class TileOrder {
 public:
  /** Tile rows [first, last) of all samples. */
  TileOrder(const Correlation& c, const WinogradGroup& group, int first, int last);
  /** Returns the index of a tile. */
  int at(int row, int x) const {
    if (x == wholes_) return isBottom(row) ? upper_ * (halves_ + wholes_) + lower_ * wholes_ + bottoms(row) : uppers(row);
    return x + (isBottom(row) ? upper_ * (halves_ + wholes_) + bottoms(row) * wholes_ : upper_ * halves_ + uppers(row) * wholes_);
  }
  /** The tiles [begin, end) need a place. */
  int begin(int place) const { return place % side_ == side_ - 1 ? upper_ * halves_ : 0; }
  int end(int place) const {
    const bool isLastX = place % side_ == side_ - 1, isLastY = place / side_ == side_ - 1;
    return upper_ * (halves_ + wholes_) + (isLastY ? 0 : lower_ * (isLastX ? wholes_ : wholes_ + halves_));
  }

 private:
  bool isBottom(int row) const { return hasBottom_ && (row + 1) % tilesY_ == 0; }
  /** Numbers of half and of whole rows before this one. */
  int bottoms(int row) const { return hasBottom_ ? row / tilesY_ - first_ / tilesY_ : 0; }
  int uppers(int row) const { return row - first_ - bottoms(row); }

  int first_, tilesY_, side_;
  bool hasBottom_;
  /**
   * Numbers of whole tiles and of half tiles (0 or 1) in a row, and of whole rows and of half rows.
   */
  int wholes_, halves_, upper_, lower_;
};

/** Returns the floats of scratch memory for at most this many samples. */
size_t winogradScratchSize(const Correlation& c, int samples);

/** Returns the number of floats of transformed weights. */
inline size_t winogradSize(const Correlation& c) { return size_t(c.kh + 1) * (c.kh + 1) * c.ci * c.co; }

/** Transforms weights [kh][kw][ci][co] to [T * T] places of ci rows in panels. */
void winogradPack(const Correlation& c, const float* weights, float* packed, int part, int parts);
/** Transforms weights [kh][kw][c.co][c.ci] for the gradient of the input. */
void winogradPackTurned(const Correlation& c, const float* weights, float* packed, int part, int parts);

void winogradForward(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* scratch);

/** sums += the samples' gradient, in the transformed domain and in the layout of packed weights. */
void winogradGradient(const Correlation& c, const float* const* ins, const float* gs, long gStride, float* sums, int n, float* scratch);
/** Transforms the slots' sums to a gradient [kh][kw][ci][co]. */
void winogradFinish(const Correlation& c, const SlotSums& sums, float* gradient, int part, int parts);

}  // namespace VECTOR_NAMESPACE
