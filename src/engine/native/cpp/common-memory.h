// Memory that programs use in turn.
#pragma once
#include <cstddef>

namespace convnotes {

/** Floats behind a buffer that may be read, but not written: a vector may reach past the buffer's end. */
constexpr size_t SLACK = 64;

/** Memory that is all zero, aligned for vectors. Large pieces are on huge pages where the system has them. Throws std::runtime_error if there is none left. */
float* zeros(size_t floats);
void release(float* memory);

/** One piece of memory for many programs, of which one runs at a time: a model has several, and each alone would need as much. */
class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  ~Memory() { release(base_); }
  /** At least so many floats. What was there before is lost if they were fewer. */
  float* reserve(size_t floats);
  /** Gives all back to the system. */
  void clear();

 private:
  float* base_ = nullptr;
  size_t floats_ = 0;
};

}  // namespace convnotes
