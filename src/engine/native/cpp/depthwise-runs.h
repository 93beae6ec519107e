// Finds runs of pixels in a depthwise convolution for which the same taps of the kernel are used, so
// that the inner loops have no conditions.
#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "vector.h"

namespace VECTOR_NAMESPACE {

/** Result pixels along one axis for which the same taps of the kernel are inside the operand. */
struct Run {
  /** Pixels first + k * step, k < count. */
  int first, step, count;
  /** Operand of the first pixel's first tap, and the distance to that of the next pixel. */
  int at, move;
  /** Taps tap + k * tapStep, k < taps. */
  int tap, tapStep, taps;
};

/**
 * Splits pixels into runs by which of their taps are inside `size` operands. Consecutive taps
 * are `direction` operands apart, 1 or −1.
 */
inline void addRuns(std::vector<Run>& runs, const Run& all, int direction, int size) {
  const auto rangeOf = [&](int k) {
    const int at = all.at + k * all.move;
    const int from = std::max(0, direction > 0 ? -at : at - size + 1), to = std::min(all.taps, direction > 0 ? size - at : at + 1);
    return std::make_pair(from, std::max(from, to));
  };
  for (int k = 0; k < all.count;) {
    const auto range = rangeOf(k);
    int next = k + 1;
    while (next < all.count && rangeOf(next) == range) next++;
    runs.push_back({all.first + k * all.step, all.step, next - k, all.at + k * all.move + direction * range.first, all.move, all.tap + range.first * all.tapStep, all.tapStep, range.second - range.first});
    k = next;
  }
}

inline std::vector<Run> runsAhead(int in, int out, int kernel, int stride, int before) {
  std::vector<Run> runs;
  addRuns(runs, {0, 1, out, -before, stride, 0, 1, kernel}, 1, in);
  return runs;
}

/**
 * Returns the runs of the input's gradient. Every `stride`-th input pixel has the same taps, which
 * are also every `stride`-th.
 */
inline std::vector<Run> runsBack(int in, int out, int kernel, int stride, int before) {
  std::vector<Run> runs;
  for (int first = 0; first < std::min(stride, in); first++) {
    const int tap = (first + before) % stride, taps = std::max(0, (kernel - tap + stride - 1) / stride);
    addRuns(runs, {first, stride, (in - first + stride - 1) / stride, (first + before) / stride, 1, tap, stride, taps}, -1, out);
  }
  return runs;
}

/** Output pixels [first, last) for which a tap is inside the input. */
struct Reach {
  int first, last;
};

inline std::vector<Reach> reachOf(int in, int out, int kernel, int stride, int before) {
  std::vector<Reach> reach;
  for (int tap = 0; tap < kernel; tap++) {
    const int first = std::min(out, std::max(0, before - tap + stride - 1) / stride), room = in + before - tap;
    reach.push_back({first, std::max(first, std::min(out, room <= 0 ? 0 : (room + stride - 1) / stride))});
  }
  return reach;
}

}  // namespace VECTOR_NAMESPACE
