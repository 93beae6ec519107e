// Divides convolutions into blocks of channels and samples, in the same way for both directions.
#pragma once
#include "convolution.h"
#include "vector.h"

namespace VECTOR_NAMESPACE {

/** Maximum vectors of output channels that a kernel processes at once. */
constexpr int MOST_VECTORS = REGISTERS >= 24 ? 4 : 2;
/**
 * Maximum pixels (for the gradient of weights, inputs) that a kernel of `vectors` vectors processes
 * at once. More than 12 are not faster.
 */
constexpr int mostPixels(int vectors) { return REGISTERS / vectors < 12 ? REGISTERS / vectors : 12; }
/**
 * Floats of operands that stay in the level 1 cache while other operands are streamed: a good half
 * of the usual 48 KB, most of 32 KB.
 */
constexpr int CACHED = 7168;
/**
 * As CACHED, for the weights of one matrix product of Winograd's form, which is not divided if 32
 * KB are enough.
 */
constexpr int CACHED_PRODUCT = 8192;
/** Floats of a thread's level 2 cache that samples processed together may fill. */
constexpr int CACHED_SAMPLES = 150000;
/** Maximum samples that are processed together. */
constexpr int MOST_SAMPLES = 16;

constexpr int roundUp(int n, int to) { return (n + to - 1) / to * to; }

/**
 * out[y][x][o] = sum of in'[y * stepY + ky][x * stepX + kx][c] * weights[ky][kx][c][o]: the form of
 * `forward` and, with the kernel rotated by 180° and its channels exchanged, of `backwardData`. in'
 * has the input's pixel (y, x) at (top + y * spreadY, left + x * spreadX) and zeros elsewhere. top
 * and left may be negative; part of the input is then not read.
 */
struct Correlation {
  int kh, kw, ci, co, stepY, stepX, top, left, spreadY, spreadX, hi, wi, ho, wo;

  int rows() const { return (ho - 1) * stepY + kh; }
  int columns() const { return (wo - 1) * stepX + kw; }
  /** Whether the input can be used in place. */
  bool plain() const { return top == 0 && left == 0 && spreadY == 1 && spreadX == 1 && rows() <= hi && columns() <= wi; }
  /** Floats of in'. */
  size_t borderedSize() const { return size_t(rows()) * columns() * ci; }
  /** Floats of a row of in'. */
  long pitch() const { return long(plain() ? wi : columns()) * ci; }
  long inSize() const { return long(hi) * wi * ci; }
  long outSize() const { return long(ho) * wo * co; }
  int kernelRow() const { return kw * ci; }
  long kernelSize() const { return long(kh) * kw * ci; }
  /**
   * Number of samples that are processed together, so that weights in the level 1 cache are used
   * for several.
   */
  int together() const;
};

Correlation ahead(const ConvolutionShape& shape);
Correlation back(const ConvolutionShape& shape);

/** Copies a sample to in', with borders of zeros. */
void border(const Correlation& c, const float* in, float* bordered);
/** Copies `pixels` pixels of `from` channels to `to` channels each, padded with zeros. */
void widen(const float* in, long pixels, int from, float* out, int to);

/**
 * Calls f(first channel, Constant<vectors>) for each block of output channels. The last vector may
 * extend past the last channel.
 */
template <class F>
ALWAYS_INLINE void panels(int co, F f) {
  for (int c = 0; c < co;) {
    const int left = (co - c + WIDTH - 1) / WIDTH;
    if (MOST_VECTORS == 4 && left >= 4) {
      f(c, Constant<MOST_VECTORS>{});
      c += MOST_VECTORS * WIDTH;
    } else if (left >= 2) {
      f(c, Constant<2>{});
      c += 2 * WIDTH;
    } else {
      f(c, Constant<1>{});
      c += WIDTH;
    }
  }
}

/**
 * Returns the number of floats of weights, or of sums of their gradient, in panels. A panel has all
 * `rows` rows of a block of output channels, in order.
 */
inline size_t panelSize(long rows, int co) { return size_t(rows) * roundUp(co, WIDTH); }

/** Direct form, for inputs in the form in'. */
void correlate(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n);
/**
 * Direct form with the maximum of each 2 × 2 outputs, for an even number of rows and columns and
 * weights of one block of channels that fit the level 1 cache. `rows` has `pooledRowsSize` floats.
 */
void correlatePooled(const Correlation& c, const float* const* ins, const float* packed, const float* bias, bool relu, float* outs, long outStride, int n, float* rows);
size_t pooledRowsSize(const Correlation& c);
/**
 * sums += gradient of the weights, for inputs in the form in' and gradients of `channels` channels,
 * a multiple of WIDTH.
 */
void correlateGradient(const Correlation& c, const float* const* ins, const float* gs, long gStride, int channels, float* sums, int n);

void packPanels(const float* weights, long rows, int co, float* packed, long firstRow, long lastRow);
void unpackPanels(const SlotSums& sums, long rows, int co, float* weights, long firstRow, long lastRow);
/**
 * Packs weights [taps][ci][co], rotated by 180° and with their channels exchanged, in panels of
 * [taps][co] rows. Rows of the last tap come first.
 */
void packTurned(const float* weights, int taps, int ci, int co, float* packed, int part, int parts);

/** Transposes WIDTH vectors. */
void transpose(Vector* rows);

}  // namespace VECTOR_NAMESPACE
