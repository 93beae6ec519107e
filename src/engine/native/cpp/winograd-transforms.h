// One-dimensional Winograd transforms. Each reads vectors with stride `f` and writes vectors with
// stride `s`.
#pragma once
#include "winograd.h"

namespace VECTOR_NAMESPACE {

template <int KERNEL>
struct Transform;

/** F(2, 3) with the points 0, 1, -1 and infinity. */
template <>
struct Transform<3> {
  static constexpr int T = 4;
  static constexpr float weights[4][3] = {{1, 0, 0}, {.5f, .5f, .5f}, {.5f, -.5f, .5f}, {0, 0, 1}};

  static ALWAYS_INLINE void input(const Vector* d, int f, Vector* v, int s) {
    v[0] = d[0] - d[2 * f];
    v[s] = d[f] + d[2 * f];
    v[2 * s] = d[2 * f] - d[f];
    v[3 * s] = d[f] - d[3 * f];
  }
  static ALWAYS_INLINE void output(const Vector* m, int f, Vector* out, int s) {
    out[0] = m[0] + m[f] + m[2 * f];
    out[s] = m[f] - m[2 * f] - m[3 * f];
  }
  /** The transpose of `output`: maps the gradients of 2 outputs to T values. */
  static ALWAYS_INLINE void gradient(const Vector* g, int f, Vector* m, int s) {
    m[0] = g[0];
    m[s] = g[0] + g[f];
    m[2 * s] = g[0] - g[f];
    m[3 * s] = -g[f];
  }
};

/**
 * F(2, 5) with the points 0, ±a, ±b and infinity. a and b were selected among multiples of 1/8:
 * with 0, ±1 and ±2, errors are 3.5 times those of the direct form, with these less than 2 times.
 */
template <>
struct Transform<5> {
  static constexpr int T = 6;
  static constexpr float a = .625f, b = 1.5f, aa = a * a, bb = b * b;
  /** Reciprocals of the products of differences to the other points. */
  static constexpr float na = 1 / (2 * aa * (aa - bb)), nb = 1 / (2 * bb * (bb - aa));
  static constexpr float weights[6][5] = {
      {1 / (aa * bb), 0, 0, 0, 0},
      {na, a * na, aa * na, a * aa * na, aa * aa * na},
      {na, -a * na, aa * na, -a * aa * na, aa * aa * na},
      {nb, b * nb, bb * nb, b * bb * nb, bb * bb * nb},
      {nb, -b * nb, bb * nb, -b * bb * nb, bb * bb * nb},
      {0, 0, 0, 0, 1},
  };

  static ALWAYS_INLINE void input(const Vector* d, int f, Vector* v, int s) {
    const Vector evenA = d[4 * f] - bb * d[2 * f], oddA = d[3 * f] - bb * d[f], evenB = d[4 * f] - aa * d[2 * f], oddB = d[3 * f] - aa * d[f];
    v[0] = aa * bb * d[0] + (d[4 * f] - (aa + bb) * d[2 * f]);
    v[s] = evenA + a * oddA;
    v[2 * s] = evenA - a * oddA;
    v[3 * s] = evenB + b * oddB;
    v[4 * s] = evenB - b * oddB;
    v[5 * s] = aa * bb * d[f] + (d[5 * f] - (aa + bb) * d[3 * f]);
  }
  static ALWAYS_INLINE void output(const Vector* m, int f, Vector* out, int s) {
    out[0] = m[0] + (m[f] + m[2 * f]) + (m[3 * f] + m[4 * f]);
    out[s] = a * (m[f] - m[2 * f]) + (b * (m[3 * f] - m[4 * f]) + m[5 * f]);
  }
  static ALWAYS_INLINE void gradient(const Vector* g, int f, Vector* m, int s) {
    m[0] = g[0];
    m[s] = g[0] + a * g[f];
    m[2 * s] = g[0] - a * g[f];
    m[3 * s] = g[0] + b * g[f];
    m[4 * s] = g[0] - b * g[f];
    m[5 * s] = g[f];
  }
};

}  // namespace VECTOR_NAMESPACE
