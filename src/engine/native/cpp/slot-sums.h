// Reads sums over samples from the partial sums of the slots.
#pragma once
#include "vector.h"

namespace VECTOR_NAMESPACE {

/** Partial sums of the slots, which are added in the order of the slots when they are read. */
struct SlotSums {
  const float* first;
  /** Floats from slot to slot. */
  long step;
  int count;

  ALWAYS_INLINE Vector at(long offset) const {
    Vector sum = load(first + offset);
    for (int slot = 1; slot < count; slot++) sum += load(first + slot * step + offset);
    return sum;
  }
};

}  // namespace VECTOR_NAMESPACE
