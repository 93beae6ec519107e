// Allocates the memory of programs.
#include "common-memory.h"

#include <cstdlib>
#include <cstring>

#include "common-error.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace convnotes {

float* zeros(size_t floats) {
  constexpr size_t page = 2u << 20;
  size_t bytes = (floats + SLACK) * sizeof(float);
  const size_t alignment = bytes >= page ? page : 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw tooLittleMemory(bytes, "the values of a native step");
#ifdef __linux__
  if (alignment == page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  std::memset(memory, 0, bytes);
  return static_cast<float*>(memory);
}

void release(float* memory) { std::free(memory); }

float* Memory::reserve(size_t floats) {
  if (floats > floats_) {
    clear();
    base_ = zeros(floats);
    floats_ = floats;
  }
  return base_;
}

void Memory::clear() {
  release(base_);
  base_ = nullptr;
  floats_ = 0;
}

}  // namespace convnotes
