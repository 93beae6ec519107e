// Functions of float vectors: exponential and logarithm by polynomials, within two units in the
// last place, and functions based on them.
//
// Ranges and coefficients are those of expf and logf of the Cephes library (Moshier 1989). NaN
// stays NaN, and results beyond float32 are ∞.
#pragma once
#include "vector.h"

namespace VECTOR_NAMESPACE {

ALWAYS_INLINE Vector toFloats(Integers n) { return __builtin_convertvector(n, Vector); }
ALWAYS_INLINE Integers toIntegers(Vector v) { return __builtin_convertvector(v, Integers); }

/** eˣ. */
ALWAYS_INLINE Vector exponential(Vector x) {
  const Vector infinity = splat(__builtin_inff());
  const Integers isLarge = x > splat(88.72283f), isSmall = x < splat(-87.33654f);
  Vector y = choose(isLarge | isSmall, splat(0.f), x);
  const Vector scaled = y * 1.44269504f;
  const Integers n = toIntegers(scaled + choose(scaled > splat(0.f), splat(.5f), splat(-.5f)));
  const Vector f = toFloats(n);
  y = y - f * 0.693359375f;
  y = y - f * -2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = multiplyAdd(p, y, splat(1.3981999507e-3f));
  p = multiplyAdd(p, y, splat(8.3334519073e-3f));
  p = multiplyAdd(p, y, splat(4.1665795894e-2f));
  p = multiplyAdd(p, y, splat(1.6666665459e-1f));
  p = multiplyAdd(p, y, splat(5.0000001201e-1f));
  p = multiplyAdd(p, y * y, y) + 1.f;
  p = p * (Vector)((n + 127) << 23);
  return choose(isLarge, infinity, choose(isSmall, splat(0.f), p));
}

/** The natural logarithm. */
ALWAYS_INLINE Vector logarithm(Vector x) {
  const Integers isPositive = x > splat(0.f), isInfinite = x > splat(3.402823466e38f);
  // Denormal values are scaled first.
  const Integers isTiny = x < splat(1.17549435e-38f);
  const Vector z = choose(isTiny, x * 8388608.f, x);
  const Integers bits = (Integers)z;
  Integers exponent = ((bits >> 23) & 0xff) - 126 - (isTiny & 23);
  Vector m = (Vector)((bits & 0x007fffff) | 0x3f000000);
  const Integers isBelow = m < splat(0.70710678f);
  exponent += isBelow;  // A set mask is −1.
  m = choose(isBelow, m + m, m) - 1.f;
  const Vector e = toFloats(exponent), square = m * m;
  Vector p = splat(7.0376836292e-2f);
  p = multiplyAdd(p, m, splat(-1.1514610310e-1f));
  p = multiplyAdd(p, m, splat(1.1676998740e-1f));
  p = multiplyAdd(p, m, splat(-1.2420140846e-1f));
  p = multiplyAdd(p, m, splat(1.4249322787e-1f));
  p = multiplyAdd(p, m, splat(-1.6668057665e-1f));
  p = multiplyAdd(p, m, splat(2.0000714765e-1f));
  p = multiplyAdd(p, m, splat(-2.4999993993e-1f));
  p = multiplyAdd(p, m, splat(3.3333331174e-1f));
  Vector y = p * m * square;
  y = multiplyAdd(e, splat(-2.12194440e-4f), y);
  y = y - square * .5f;
  y = m + y;
  y = multiplyAdd(e, splat(0.693359375f), y);
  y = choose(isInfinite, x, y);
  const Integers isZero = x == splat(0.f);
  y = choose(isZero, splat(-__builtin_inff()), y);
  // NaN for negative values and for NaN.
  return choose(isPositive | isZero, y, splat(__builtin_nanf("")));
}

ALWAYS_INLINE Vector squareRoot(Vector x) {
#if defined(__AVX512F__)
  return (Vector)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX__)
  return (Vector)_mm256_sqrt_ps((__m256)x);
#else
  Vector y;
  for (int lane = 0; lane < WIDTH; lane++) y[lane] = std::sqrt(x[lane]);
  return y;
#endif
}

/** tanh by eˣ, or near 0, where that loses digits, by a polynomial (Cephes' tanhf). */
ALWAYS_INLINE Vector hyperbolicTangent(Vector x) {
  const Vector size = choose(x < splat(0.f), -x, x);
  const Vector square = x * x;
  Vector p = splat(-5.70498872745e-3f);
  p = multiplyAdd(p, square, splat(2.06390887954e-2f));
  p = multiplyAdd(p, square, splat(-5.37397155531e-2f));
  p = multiplyAdd(p, square, splat(1.33314422036e-1f));
  p = multiplyAdd(p, square, splat(-3.33332819422e-1f));
  const Vector near = multiplyAdd(p * square, x, x);
  const Vector far = 1.f - 2.f / (exponential(size + size) + 1.f);
  const Vector y = choose(size < splat(.625f), near, choose(x < splat(0.f), -far, far));
  return choose(x == x, y, x);
}

/** 1 / (1 + e⁻ˣ). */
ALWAYS_INLINE Vector sigmoid(Vector x) { return 1.f / (1.f + exponential(-x)); }

/**
 * log(1 + x), accurate near 0 (Higham 2002, "Accuracy and stability of numerical algorithms",
 * problem 1.5).
 */
ALWAYS_INLINE Vector logarithmOfOnePlus(Vector x) {
  const Vector u = 1.f + x;
  const Vector y = logarithm(u) * (x / (u - 1.f));
  return choose((u == splat(1.f)) | (x != x), x, choose(u > splat(3.402823466e38f), u, y));
}

/** eˣ − 1, accurate near 0; same source. */
ALWAYS_INLINE Vector exponentialMinusOne(Vector x) {
  const Vector u = exponential(x), less = u - 1.f;
  const Vector y = less * (x / logarithm(u));
  return choose((u == splat(1.f)) | (x != x), x, choose((less == splat(-1.f)) | (u > splat(3.402823466e38f)), less, y));
}

/** log(1 + eˣ). */
ALWAYS_INLINE Vector softplus(Vector x) {
  const Vector size = choose(x < Vector{}, -x, x);
  return choose(x > Vector{}, x, Vector{}) + logarithmOfOnePlus(exponential(-size)) + (x - x);
}

/** The error function, by Cephes' erff and erfcf. */
ALWAYS_INLINE Vector errorFunction(Vector x) {
  const Vector size = choose(x < Vector{}, -x, x), square = x * x;
  Vector near = splat(7.853861353153693e-5f);
  near = multiplyAdd(near, square, splat(-8.010193625184903e-4f));
  near = multiplyAdd(near, square, splat(5.188327685732524e-3f));
  near = multiplyAdd(near, square, splat(-2.685381193529856e-2f));
  near = multiplyAdd(near, square, splat(1.128358514861418e-1f));
  near = multiplyAdd(near, square, splat(-3.761262582423300e-1f));
  near = multiplyAdd(near, square, splat(1.128379165726710f));
  const Vector q = 1.f / size, y = q * q;
  Vector middle = splat(2.326819970068386e-2f);
  middle = multiplyAdd(middle, y, splat(-1.387039388740657e-1f));
  middle = multiplyAdd(middle, y, splat(3.687424674597105e-1f));
  middle = multiplyAdd(middle, y, splat(-5.824733027278666e-1f));
  middle = multiplyAdd(middle, y, splat(6.210004621745983e-1f));
  middle = multiplyAdd(middle, y, splat(-4.944515323274145e-1f));
  middle = multiplyAdd(middle, y, splat(3.404879937665872e-1f));
  middle = multiplyAdd(middle, y, splat(-2.741127028184656e-1f));
  middle = multiplyAdd(middle, y, splat(5.638259427386472e-1f));
  Vector far = splat(-1.047766399936249e+1f);
  far = multiplyAdd(far, y, splat(1.297719955372516e+1f));
  far = multiplyAdd(far, y, splat(-7.495518717768503f));
  far = multiplyAdd(far, y, splat(2.921019019210786f));
  far = multiplyAdd(far, y, splat(-1.015265279202700f));
  far = multiplyAdd(far, y, splat(4.218463358204948e-1f));
  far = multiplyAdd(far, y, splat(-2.820767439740514e-1f));
  far = multiplyAdd(far, y, splat(5.641895067754075e-1f));
  const Vector rest = 1.f - exponential(-square) * q * choose(size < splat(2.f), middle, far);
  const Vector y1 = choose(size < splat(1.f), near * x, choose(x < Vector{}, -rest, rest));
  return choose(x == x, y1, x);
}

}  // namespace VECTOR_NAMESPACE
