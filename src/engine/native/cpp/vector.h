// Float vectors in the vector extensions of GCC and Clang: the same source for AVX-512, AVX2, SSE
// and NEON.
//
// The file is compiled once for each vector width. Set-up chooses the -m options and a separate
// namespace (VECTOR_NAMESPACE) for each.
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
/** Number of accumulators that a kernel may hold in registers, besides its operands. */
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
/**
 * `loadPart` loads the first `n` floats and zeros after them. `storePart` stores only the first
 * `n`. n is 1 to WIDTH.
 */
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
/** Contracted to one fused operation if the processor has it, by -ffp-contract=fast. */
ALWAYS_INLINE Vector multiplyAdd(Vector a, Vector b, Vector c) { return a * b + c; }
ALWAYS_INLINE Vector maximum(Vector a, Vector b) { return a > b ? a : b; }
ALWAYS_INLINE Vector minimum(Vector a, Vector b) { return a < b ? a : b; }
ALWAYS_INLINE Vector choose(Integers mask, Vector a, Vector b) { return mask ? a : b; }
/** Whether a maximum so far is replaced by v: by a larger value, and by NaN, which stays. */
ALWAYS_INLINE Integers replaces(Vector v, Vector most) { return (v > most) | (v != v); }
/** Returns v where the mask is set, and 0 elsewhere. */
ALWAYS_INLINE Vector masked(Integers mask, Vector v) { return (Vector)(mask & (Integers)v); }

/** A compile-time constant. */
template <int N>
struct Constant {
  static constexpr int value = N;
};

/** Calls f(Constant<n>) for a runtime value n of 1 to MOST. */
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

/**
 * Splits n into as few blocks of at most MOST as possible, of sizes as equal as possible, and calls
 * f(first, Constant<size>) for each.
 */
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
