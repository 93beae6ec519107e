// Packs weights in the order in which kernels read them.
#include <utility>

#include "convolution-plan.h"

namespace VECTOR_NAMESPACE {

namespace {

#if defined(__clang__) || __GNUC__ >= 12
/** Exchanges the off-diagonal H × H blocks of two rows that are H apart. */
template <int H, int... LANES>
ALWAYS_INLINE void exchange(Vector& a, Vector& b, std::integer_sequence<int, LANES...>) {
  const Vector first = __builtin_shufflevector(a, b, ((LANES & H) ? WIDTH + LANES - H : LANES)...);
  b = __builtin_shufflevector(a, b, ((LANES & H) ? WIDTH + LANES : LANES + H)...);
  a = first;
}
#else
template <int H, int... LANES>
ALWAYS_INLINE void exchange(Vector& a, Vector& b, std::integer_sequence<int, LANES...>) {
  const Vector first = __builtin_shuffle(a, b, Integers{((LANES & H) ? WIDTH + LANES - H : LANES)...});
  b = __builtin_shuffle(a, b, Integers{((LANES & H) ? WIDTH + LANES : LANES + H)...});
  a = first;
}
#endif

template <int H>
ALWAYS_INLINE void exchangeAll(Vector* rows) {
  UNROLL for (int i = 0; i < WIDTH; i++) {
    if (!(i & H)) exchange<H>(rows[i], rows[i + H], std::make_integer_sequence<int, WIDTH>{});
  }
}

}  // namespace

/**
 * Transposes a block of WIDTH × WIDTH in log2(WIDTH) steps, each of which exchanges the halves of
 * blocks (Eklundh 1972).
 */
void transpose(Vector* rows) {
  Vector r[WIDTH];
  UNROLL for (int i = 0; i < WIDTH; i++) r[i] = rows[i];
  exchangeAll<1>(r);
  exchangeAll<2>(r);
  if constexpr (WIDTH > 4) exchangeAll<(WIDTH > 4 ? 4 : 1)>(r);
  if constexpr (WIDTH > 8) exchangeAll<(WIDTH > 8 ? 8 : 1)>(r);
  UNROLL for (int i = 0; i < WIDTH; i++) rows[i] = r[i];
}

void packPanels(const float* weights, long rows, int co, float* packed, long firstRow, long lastRow) {
  panels(co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    float* panel = packed + channel * rows;
    for (long r = firstRow; r < lastRow; r++)
      for (int z = 0; z < Z; z++) {
        const int left = co - channel - z * WIDTH;
        const float* from = weights + r * co + channel + z * WIDTH;
        store(panel + (r * Z + z) * WIDTH, left >= WIDTH ? load(from) : loadPart(from, left));
      }
  });
}

void unpackPanels(const SlotSums& sums, long rows, int co, float* weights, long firstRow, long lastRow) {
  panels(co, [&](int channel, auto vectors) {
    constexpr int Z = decltype(vectors)::value;
    for (long r = firstRow; r < lastRow; r++)
      for (int z = 0; z < Z; z++) {
        const int left = co - channel - z * WIDTH;
        float* to = weights + r * co + channel + z * WIDTH;
        const Vector v = sums.at(channel * rows + (r * Z + z) * WIDTH);
        if (left >= WIDTH) store(to, v);
        else storePart(to, v, left);
      }
  });
}

void packTurned(const float* weights, int taps, int ci, int co, float* packed, int part, int parts) {
  const long rows = long(taps) * co;
  const int across = (co + WIDTH - 1) / WIDTH;
  const long units = long(taps) * across;
  for (long unit = units * part / parts; unit < units * (part + 1) / parts; unit++) {
    const int tap = unit / across, o = unit % across * WIDTH, count = co - o < WIDTH ? co - o : WIDTH;
    const float* from = weights + long(taps - 1 - tap) * ci * co + o;
    panels(ci, [&](int channel, auto vectors) {
      constexpr int Z = decltype(vectors)::value;
      for (int z = 0; z < Z; z++) {
        Vector block[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
          const int at = channel + z * WIDTH + i;
          block[i] = at >= ci ? Vector{} : count == WIDTH ? load(from + long(at) * co) : loadPart(from + long(at) * co, count);
        }
        transpose(block);
        float* to = packed + channel * rows + (long(tap) * co + o) * Z * WIDTH + z * WIDTH;
        for (int i = 0; i < count; i++) store(to + i * Z * WIDTH, block[i]);
      }
    });
  }
}

}  // namespace VECTOR_NAMESPACE
