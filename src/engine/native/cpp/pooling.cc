// Kernels of max and average pooling, channels last, and of their gradients. The gradient of max
// pooling needs only the position of each maximum in its window, which is stored as a byte.
#include <algorithm>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/**
 * integers 0 to 10: height and width of the input, of the output, of the window, strides, padding
 * above and to the left, channels.
 */
struct Shape {
  int hi, wi, ho, wo, kh, kw, sy, sx, top, left, c;
  explicit Shape(const std::vector<int>& i) : hi(i[0]), wi(i[1]), ho(i[2]), wo(i[3]), kh(i[4]), kw(i[5]), sy(i[6]), sx(i[7]), top(i[8]), left(i[9]), c(i[10]) {}
  bool isHalving() const { return kh == 2 && kw == 2 && sy == 2 && sx == 2 && top == 0 && left == 0 && ho * 2 <= hi && wo * 2 <= wi; }
};

ALWAYS_INLINE Integers toInts(const uint8_t* p) { return __builtin_convertvector((Bytes) * (const UnalignedBytes*)p, Integers); }

/**
 * Calls f(position in the window, offset in the input) for each tap of an output pixel's window that
 * is inside the input.
 */
template <class F>
void eachTap(const Shape& s, int y, int x, F f) {
  for (int ky = 0; ky < s.kh; ky++) {
    const int iy = y * s.sy - s.top + ky;
    if (iy < 0 || iy >= s.hi) continue;
    for (int kx = 0; kx < s.kw; kx++) {
      const int ix = x * s.sx - s.left + kx;
      if (ix >= 0 && ix < s.wi) f(ky * s.kw + kx, ((long)iy * s.wi + ix) * s.c);
    }
  }
}

/** The taps of a window that are inside the input: their positions in the window and offsets. */
struct Taps {
  int count = 0;
  int places[256];
  long offsets[256];

  Taps(const Shape& s, int y, int x) {
    eachTap(s, y, x, [&](int place, long at) { places[count] = place, offsets[count++] = at; });
  }
};

/** Computes the maxima of a window of any form. */
template <bool HAS_PLACES>
void maximumOfTaps(const Taps& taps, long channels, const float* in, float* out, uint8_t* places) {
  for (long c = 0; c < channels; c += WIDTH) {
    const int lanes = (int)std::min<long>(WIDTH, channels - c);
    Vector most = load(in + taps.offsets[0] + c);
    Integers place = Integers{} + taps.places[0];
    for (int k = 1; k < taps.count; k++) {
      const Vector v = load(in + taps.offsets[k] + c);
      const Integers isMore = replaces(v, most);
      most = choose(isMore, v, most);
      if (HAS_PLACES) place = isMore ? Integers{} + taps.places[k] : place;
    }
    storePart(out + c, most, lanes);
    const Bytes bytes = __builtin_convertvector(place, Bytes);
    if (HAS_PLACES) std::memcpy(places + c, &bytes, lanes);
  }
}

/** Computes maxima and, for the gradient, their positions in the windows. */
template <bool HAS_PLACES>
void maximumOf(const Shape& s, const float* in, float* out, uint8_t* places) {
  const bool fast = s.isHalving() && s.c % WIDTH == 0;
  const long row = (long)s.wi * s.c;
  for (int y = 0; y < s.ho; y++)
    for (int x = 0; x < s.wo; x++, out += s.c, places += HAS_PLACES ? s.c : 0) {
      if (fast) {
        const float* p = in + 2 * y * row + 2 * x * s.c;
        for (int c = 0; c < s.c; c += WIDTH) {
          const Vector v[4] = {load(p + c), load(p + c + s.c), load(p + c + row), load(p + c + row + s.c)};
          Vector most = v[0];
          Integers place{};
          UNROLL for (int k = 1; k < 4; k++) {
            const Integers isMore = replaces(v[k], most);
            most = choose(isMore, v[k], most);
            if (HAS_PLACES) place = isMore ? Integers{} + k : place;
          }
          store(out + c, most);
          if (HAS_PLACES) *(UnalignedBytes*)(places + c) = __builtin_convertvector(place, Bytes);
        }
        continue;
      }
      maximumOfTaps<HAS_PLACES>(Taps(s, y, x), s.c, in, out, places);
    }
}

/**
 * buffers: out, positions (as bytes) if the step has the gradient, in. integers: the shape, then 1
 * for positions.
 */
void pool(const Instruction& in, const Work& work) {
  const Shape s(in.integers);
  const bool hasPlaces = in.integers[11];
  for (int n = work.first; n < work.last; n++) {
    const long k = n - work.first, inSize = (long)s.hi * s.wi * s.c, outSize = (long)s.ho * s.wo * s.c;
    float* out = work.at(in, 0) + k * outSize;
    if (hasPlaces) maximumOf<true>(s, work.at(in, 2) + k * inSize, out, (uint8_t*)(work.at(in, 1) + k * work.buffer(in, 1).size));
    else maximumOf<false>(s, work.at(in, 1) + k * inSize, out, nullptr);
  }
}

/**
 * The gradient goes to the position of the maximum; with `relu`, only if the maximum is above 0.
 * buffers: dx, dy, positions, out. integers: the shape, then 1 for a ReLU before the pooling.
 */
void poolBack(const Instruction& in, const Work& work) {
  const Shape s(in.integers);
  const bool relu = in.integers[11];
  const long row = (long)s.wi * s.c, inSize = s.hi * row, outSize = (long)s.ho * s.wo * s.c;
  const bool fast = s.isHalving() && s.c % WIDTH == 0;
  const bool covers = fast && s.ho * 2 == s.hi && s.wo * 2 == s.wi;
  for (int n = work.first; n < work.last; n++) {
    const long k = n - work.first;
    float* dx = work.at(in, 0) + k * inSize;
    const float *dy = work.at(in, 1) + k * outSize, *out = work.at(in, 3) + k * outSize;
    const uint8_t* places = (const uint8_t*)(work.at(in, 2) + k * work.buffer(in, 2).size);
    if (!covers) std::memset(dx, 0, inSize * sizeof(float));
    for (int y = 0; y < s.ho; y++)
      for (int x = 0; x < s.wo; x++, dy += s.c, out += s.c, places += s.c) {
        if (fast) {
          float* p = dx + 2 * y * row + 2 * x * s.c;
          for (int c = 0; c < s.c; c += WIDTH) {
            Vector d = load(dy + c);
            if (relu) d = masked(load(out + c) > Vector{}, d);
            const Integers place = toInts(places + c);
            store(p + c, masked(place == 0, d));
            store(p + c + s.c, masked(place == 1, d));
            store(p + c + row, masked(place == 2, d));
            store(p + c + row + s.c, masked(place == 3, d));
          }
          continue;
        }
        const Taps taps(s, y, x);
        for (long c = 0; c < s.c; c += WIDTH) {
          const int lanes = (int)std::min<long>(WIDTH, s.c - c);
          Vector d = load(dy + c);
          if (relu) d = masked(load(out + c) > Vector{}, d);
          const Integers place = toInts(places + c);
          for (int k = 0; k < taps.count; k++) {
            float* at = dx + taps.offsets[k] + c;
            storePart(at, load(at) + masked(place == taps.places[k], d), lanes);
          }
        }
      }
  }
}

/** Computes means of the windows. Padding is not counted. buffers: out, in. integers: the shape. */
void poolMean(const Instruction& in, const Work& work) {
  const Shape s(in.integers);
  for (int n = work.first; n < work.last; n++) {
    const long k = n - work.first;
    float* out = work.at(in, 0) + k * s.ho * s.wo * s.c;
    const float* x0 = work.at(in, 1) + k * s.hi * s.wi * s.c;
    for (int y = 0; y < s.ho; y++)
      for (int x = 0; x < s.wo; x++, out += s.c) {
        int count = 0;
        std::fill(out, out + s.c, 0.f);
        eachTap(s, y, x, [&](int, long at) {
          for (int c = 0; c < s.c; c++) out[c] += x0[at + c];
          count++;
        });
        for (int c = 0; c < s.c; c++) out[c] /= (float)count;
      }
  }
}

/** buffers: dx, dy. integers: the shape. */
void poolMeanBack(const Instruction& in, const Work& work) {
  const Shape s(in.integers);
  for (int n = work.first; n < work.last; n++) {
    const long k = n - work.first;
    float* dx = work.at(in, 0) + k * s.hi * s.wi * s.c;
    const float* dy = work.at(in, 1) + k * s.ho * s.wo * s.c;
    std::memset(dx, 0, (long)s.hi * s.wi * s.c * sizeof(float));
    for (int y = 0; y < s.ho; y++)
      for (int x = 0; x < s.wo; x++, dy += s.c) {
        int count = 0;
        eachTap(s, y, x, [&](int, long) { count++; });
        eachTap(s, y, x, [&](int, long at) {
          for (int c = 0; c < s.c; c++) dx[at + c] += dy[c] / (float)count;
        });
      }
  }
}

}  // namespace

Kernel poolingKernel(int operation) {
  switch (operation) {
    case POOL: return pool;
    case POOL_BACK: return poolBack;
    case POOL_MEAN: return poolMean;
    case POOL_MEAN_BACK: return poolMeanBack;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
