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

/**
 * Where the tiles of some rows are, in one group. Of an odd number of outputs, the last tile has only one: the last place of that dimension is of no use to
 * it. So tiles are sorted by what they are half in, and each place has its products for the tiles in a row that need it.
 */
class TileOrder {
 public:
  /** Tile rows [first, last) of all samples. */
  TileOrder(const Correlation& c, const WinogradGroup& group, int first, int last);
  /** Number of a tile. */
  int at(int row, int x) const {
    if (x == wholes_) return isBottom(row) ? upper_ * (halves_ + wholes_) + lower_ * wholes_ + bottoms(row) : uppers(row);
    return x + (isBottom(row) ? upper_ * (halves_ + wholes_) + bottoms(row) * wholes_ : upper_ * halves_ + uppers(row) * wholes_);
  }
  /** The tiles that need a place are those numbered [begin, end). */
  int begin(int place) const { return place % side_ == side_ - 1 ? upper_ * halves_ : 0; }
  int end(int place) const {
    const bool isLastX = place % side_ == side_ - 1, isLastY = place / side_ == side_ - 1;
    return upper_ * (halves_ + wholes_) + (isLastY ? 0 : lower_ * (isLastX ? wholes_ : wholes_ + halves_));
  }

 private:
  bool isBottom(int row) const { return hasBottom_ && (row + 1) % tilesY_ == 0; }
  /** Rows before this one that are half, and that are whole. */
  int bottoms(int row) const { return hasBottom_ ? row / tilesY_ - first_ / tilesY_ : 0; }
  int uppers(int row) const { return row - first_ - bottoms(row); }

  int first_, tilesY_, side_;
  bool hasBottom_;
  /** Tiles in a row: whole ones, and a half one or none. Rows: whole ones, and half ones. */
  int wholes_, halves_, upper_, lower_;
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
