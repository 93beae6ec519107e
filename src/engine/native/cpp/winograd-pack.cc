// Transforms weights to and from Winograd's domain, once per step for all samples.
#include "winograd-transforms.h"

namespace VECTOR_NAMESPACE {

namespace {

/** Computes G * k * G^T for a vector of kernels. */
template <int KERNEL>
ALWAYS_INLINE void transformWeights(const Vector (&k)[KERNEL][KERNEL], Vector* u) {
  using W = Transform<KERNEL>;
  constexpr int T = W::T;
  UNROLL for (int t = 0; t < T; t++) {
    Vector a[KERNEL];
    UNROLL for (int x = 0; x < KERNEL; x++) {
      a[x] = Vector{};
      UNROLL for (int y = 0; y < KERNEL; y++) {
        if (W::weights[t][y] != 0) a[x] += k[y][x] * W::weights[t][y];
      }
    }
    UNROLL for (int s = 0; s < T; s++) {
      Vector sum{};
      UNROLL for (int x = 0; x < KERNEL; x++) {
        if (W::weights[s][x] != 0) sum += a[x] * W::weights[s][x];
      }
      u[t * T + s] = sum;
    }
  }
}

/** Offset of channel o of row 0 in a place (of ci rows in panels), and the stride of rows. */
struct Column {
  long at, step;
};
Column column(int ci, int co, int o) {
  Column found{};
  panels(co, [&](int channel, auto vectors) {
    constexpr int width = decltype(vectors)::value * WIDTH;
    if (o >= channel && o < channel + width) found = {channel * long(ci) + o - channel, width};
  });
  return found;
}

template <int KERNEL>
void packOf(const Correlation& c, const float* weights, float* packed, int part, int parts) {
  constexpr int T = Transform<KERNEL>::T;
  const long place = long(c.ci) * c.co;
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int width = decltype(vectors)::value * WIDTH;
    for (int i = int(long(c.ci) * part / parts); i < int(long(c.ci) * (part + 1) / parts); i++)
      for (int o = 0; o < width; o += WIDTH) {
        Vector k[KERNEL][KERNEL], u[T * T];
        UNROLL for (int y = 0; y < KERNEL; y++) UNROLL for (int x = 0; x < KERNEL; x++) {
          k[y][x] = load(weights + ((long(y) * KERNEL + x) * c.ci + i) * c.co + channel + o);
        }
        transformWeights<KERNEL>(k, u);
        float* to = packed + channel * long(c.ci) + long(i) * width + o;
        UNROLL for (int t = 0; t < T * T; t++) store(to + t * place, u[t]);
      }
  });
}

template <int KERNEL>
void packTurnedOf(const Correlation& c, const float* weights, float* packed, int part, int parts) {
  constexpr int T = Transform<KERNEL>::T;
  const long place = long(c.ci) * c.co;
  // c's input channels are the weights' last dimension.
  const long units = long(c.ci / WIDTH) * (c.co / WIDTH);
  for (long unit = units * part / parts; unit < units * (part + 1) / parts; unit++) {
    const int i = int(unit % (c.ci / WIDTH)) * WIDTH, o = int(unit / (c.ci / WIDTH)) * WIDTH;
    const Column to = column(c.ci, c.co, o);
    Vector all[T * T][WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      Vector k[KERNEL][KERNEL], u[T * T];
      UNROLL for (int y = 0; y < KERNEL; y++) UNROLL for (int x = 0; x < KERNEL; x++) {
        k[KERNEL - 1 - y][KERNEL - 1 - x] = load(weights + ((long(y) * KERNEL + x) * c.co + o + j) * c.ci + i);
      }
      transformWeights<KERNEL>(k, u);
      UNROLL for (int t = 0; t < T * T; t++) all[t][j] = u[t];
    }
    for (int t = 0; t < T * T; t++) {
      transpose(all[t]);
      for (int j = 0; j < WIDTH; j++) store(packed + t * place + to.at + (i + j) * to.step, all[t][j]);
    }
  }
}

/**
 * Computes G^T * du * G for a vector of kernels. The sums of the T * T places have stride `step`,
 * and the taps of the gradient stride `tap`, in floats.
 */
template <int KERNEL>
ALWAYS_INLINE void transformSums(const float* sums, long step, float* gradient, long tap) {
  using W = Transform<KERNEL>;
  constexpr int T = W::T;
  Vector a[KERNEL][T];
  UNROLL for (int s = 0; s < T; s++) {
    Vector d[T];
    UNROLL for (int t = 0; t < T; t++) d[t] = load(sums + (t * T + s) * step);
    UNROLL for (int y = 0; y < KERNEL; y++) {
      a[y][s] = Vector{};
      UNROLL for (int t = 0; t < T; t++) {
        if (W::weights[t][y] != 0) a[y][s] += d[t] * W::weights[t][y];
      }
    }
  }
  UNROLL for (int y = 0; y < KERNEL; y++) UNROLL for (int x = 0; x < KERNEL; x++) {
    Vector sum{};
    UNROLL for (int s = 0; s < T; s++) {
      if (W::weights[s][x] != 0) sum += a[y][s] * W::weights[s][x];
    }
    store(gradient + (long(y) * KERNEL + x) * tap, sum);
  }
}

/**
 * Adds the sums of the slots and transforms them to the gradient of the weights.
 *
 * Bound by memory: the T * T sums of each slot are read once for a kernel. Slots are added for
 * several rows of one place at a time, as processors prefetch few streams at once. The transform
 * then reads from the level 1 cache.
 */
template <int KERNEL>
void finishOf(const Correlation& c, const SlotSums& sums, float* gradient, int part, int parts) {
  constexpr int T = Transform<KERNEL>::T, ROWS = KERNEL == 3 ? 8 : 4;
  const long place = long(c.ci) * c.co, tap = place;
  alignas(64) float added[T * T * ROWS * MOST_VECTORS * WIDTH];
  panels(c.co, [&](int channel, auto vectors) {
    constexpr int width = decltype(vectors)::value * WIDTH;
    const int last = int(long(c.ci) * (part + 1) / parts);
    for (int first = int(long(c.ci) * part / parts); first < last; first += ROWS) {
      const int rows = last - first < ROWS ? last - first : ROWS;
      const long from = channel * long(c.ci) + long(first) * width;
      for (int t = 0; t < T * T; t++)
        for (int k = 0; k < rows * width; k += WIDTH) store(added + t * ROWS * width + k, sums.at(t * place + from + k));
      for (int i = 0; i < rows; i++)
        for (int o = 0; o < width; o += WIDTH) transformSums<KERNEL>(added + i * width + o, ROWS * width, gradient + long(first + i) * c.co + channel + o, tap);
    }
  });
}

}  // namespace

void winogradPack(const Correlation& c, const float* weights, float* packed, int part, int parts) {
  if (c.kh == 3) packOf<3>(c, weights, packed, part, parts);
  else packOf<5>(c, weights, packed, part, parts);
}
void winogradPackTurned(const Correlation& c, const float* weights, float* packed, int part, int parts) {
  if (c.kh == 3) packTurnedOf<3>(c, weights, packed, part, parts);
  else packTurnedOf<5>(c, weights, packed, part, parts);
}
void winogradFinish(const Correlation& c, const SlotSums& sums, float* gradient, int part, int parts) {
  if (c.kh == 3) finishOf<3>(c, sums, gradient, part, parts);
  else finishOf<5>(c, sums, gradient, part, parts);
}

}  // namespace VECTOR_NAMESPACE
