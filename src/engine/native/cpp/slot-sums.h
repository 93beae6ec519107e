// Sums over samples while each slot still has its own.
#pragma once
#include "vector.h"

namespace VECTOR_NAMESPACE {

/** Sums that each slot has of its own, added in the order of the slots when they are read. */
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
