// Allocates memory, including memory that programs share.
#pragma once
#include <cstddef>

namespace convnotes {

/**
 * Number of floats after a buffer that may be read but not written, as vectors may extend past its
 * end.
 */
constexpr size_t SLACK = 64;

/**
 * Allocates zeroed memory, aligned for vectors, on huge pages if it is large and the system has
 * them. Throws CodedError if there is not enough.
 */
float* zeros(size_t floats);
void release(float* memory);

/**
 * One block of memory for many programs, of which one runs at a time. A model has several programs,
 * and each would need as much memory.
 */
class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  ~Memory() { release(base_); }
  /** Returns at least this many floats. Previous values are lost if the block grows. */
  float* reserve(size_t floats);
  /** Frees the memory. */
  void clear();

 private:
  float* base_ = nullptr;
  size_t floats_ = 0;
};

}  // namespace convnotes
