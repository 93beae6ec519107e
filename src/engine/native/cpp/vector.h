// Vectors of floats as wide as the processor has them, in GCC's and Clang's own notation: the same source for AVX-512, AVX2, SSE and NEON.
//
// The file is compiled once for each width, in a namespace of its own (VECTOR_NAMESPACE), which set-up chooses together with -m options.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#ifndef VECTOR_NAMESPACE
#define VECTOR_NAMESPACE native
#endif
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define ALWAYS_LAMBDA __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")
#define NO_UNROLL _Pragma("GCC unroll 1")

namespace VECTOR_NAMESPACE {

#if defined(__AVX512F__)
constexpr int WIDTH = 16;
/** Accumulators that a kernel may hold beside its operands. */
constexpr int REGISTERS = 24;
#elif defined(__AVX2__)
constexpr int WIDTH = 8;
constexpr int REGISTERS = 12;
#elif defined(__aarch64__)
constexpr int WIDTH = 4;
constexpr int REGISTERS = 24;
#else
constexpr int WIDTH = 4;
constexpr int REGISTERS = 12;
#endif

typedef float Vector __attribute__((vector_size(WIDTH * 4)));
typedef float Unaligned __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef int32_t Integers __attribute__((vector_size(WIDTH * 4)));
typedef int32_t UnalignedIntegers __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef uint8_t Bytes __attribute__((vector_size(WIDTH)));
typedef uint8_t UnalignedBytes __attribute__((vector_size(WIDTH), aligned(1), may_alias));

ALWAYS_INLINE Vector load(const float* p) { return *(const Unaligned*)p; }
ALWAYS_INLINE void store(float* p, Vector v) { *(Unaligned*)p = v; }
/** `loadPart`: the first `n` floats, zeros behind them; `storePart`: to these alone. n is 1 to WIDTH. */
#if defined(__AVX512F__)
ALWAYS_INLINE Vector loadPart(const float* p, int n) { return (Vector)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p); }
ALWAYS_INLINE void storePart(float* p, Vector v, int n) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v); }
#elif defined(__AVX2__)
ALWAYS_INLINE __m256i firstLanes(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
ALWAYS_INLINE Vector loadPart(const float* p, int n) { return (Vector)_mm256_maskload_ps(p, firstLanes(n)); }
ALWAYS_INLINE void storePart(float* p, Vector v, int n) { _mm256_maskstore_ps(p, firstLanes(n), (__m256)v); }
#else
ALWAYS_INLINE Vector loadPart(const float* p, int n) {
  Vector v{};
  std::memcpy(&v, p, n * sizeof(float));
  return v;
}
ALWAYS_INLINE void storePart(float* p, Vector v, int n) { std::memcpy(p, &v, n * sizeof(float)); }
#endif
ALWAYS_INLINE Vector splat(float x) { return x - Vector{}; }
/** Contracted to one fused operation where the processor has it: -ffp-contract=fast. */
ALWAYS_INLINE Vector multiplyAdd(Vector a, Vector b, Vector c) { return a * b + c; }
ALWAYS_INLINE Vector maximum(Vector a, Vector b) { return a > b ? a : b; }
ALWAYS_INLINE Vector minimum(Vector a, Vector b) { return a < b ? a : b; }
ALWAYS_INLINE Vector choose(Integers mask, Vector a, Vector b) { return mask ? a : b; }
/** v where the mask is set, else 0. */
ALWAYS_INLINE Vector masked(Integers mask, Vector v) { return (Vector)(mask & (Integers)v); }

/** A number known when the program is compiled. */
template <int N>
struct Constant {
  static constexpr int value = N;
};

/** Calls f(Constant<n>) for an n of 1 to MOST that is known when the program runs. */
template <int MOST, class F>
ALWAYS_INLINE void dispatch(int n, F f) {
  if constexpr (MOST > 1) {
    if (n != MOST) {
      dispatch<MOST - 1>(n, f);
      return;
    }
  }
  f(Constant<MOST>{});
}

/** Splits n into as few and as even blocks of at most MOST as can be; calls f(first, Constant<size>) for each. */
template <int MOST, class F>
ALWAYS_INLINE void blocks(int n, F f) {
  if (n <= 0) return;
  const int count = (n + MOST - 1) / MOST, size = n / count, larger = n % count;
  for (int block = 0, first = 0; block < count; block++) {
    const int here = size + (block < larger);
    dispatch<MOST>(here, [&](auto constant) { f(first, constant); });
    first += here;
  }
}

}  // namespace VECTOR_NAMESPACE
