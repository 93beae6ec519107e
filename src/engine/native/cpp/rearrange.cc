// Kernels that concatenate, slice, pad and transpose tensors. They only move values, so they are
// bound by the cache that holds them.
#include <algorithm>

#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/**
 * buffers: out, then the parts. integers: outer, then the contiguous elements of each part. A
 * sample has outer × the sum of these elements.
 */
void concatenate(const Instruction& in, const Work& work) {
  const long outer = in.integers[0];
  const size_t parts = in.integers.size() - 1;
  long whole = 0, begin = 0;
  for (size_t part = 0; part < parts; part++) whole += in.integers[1 + part];
  const long rows = outer * (work.last - work.first);
  for (size_t part = 0; part < parts; part++) {
    const long length = in.integers[1 + part];
    const float* from = work.at(in, 1 + part);
    float* to = work.at(in, 0) + begin;
    for (long row = 0; row < rows; row++) std::memcpy(to + row * whole, from + row * length, length * sizeof(float));
    begin += length;
  }
}

/**
 * Copies a four-dimensional box from a to out, with separate strides in both. The rest of out is
 * filled if requested. buffers: out, a. integers: size of a sample of out and of a, offset of the
 * box in each, its dimensions, strides of out, strides of a, 1 to fill. numbers: fill value.
 */
void box(const Instruction& in, const Work& work) {
  const int* i = in.integers.data();
  const long outSize = i[0], inSize = i[1];
  const int *sides = i + 4, *to = i + 8, *from = i + 12;
  float* out = work.at(in, 0) + i[2];
  const float* a = work.at(in, 1) + i[3];
  if (i[16]) std::fill_n(work.at(in, 0), outSize * (work.last - work.first), in.numbers[0]);
  const bool isRun = to[3] == 1 && from[3] == 1;
  for (int n = work.first; n < work.last; n++, out += outSize, a += inSize)
    for (int x = 0; x < sides[0]; x++)
      for (int y = 0; y < sides[1]; y++)
        for (int z = 0; z < sides[2]; z++) {
          float* o = out + (long)x * to[0] + (long)y * to[1] + (long)z * to[2];
          const float* p = a + (long)x * from[0] + (long)y * from[1] + (long)z * from[2];
          if (isRun) std::memcpy(o, p, sides[3] * sizeof(float));
          else
            for (int k = 0; k < sides[3]; k++) o[(long)k * to[3]] = p[(long)k * from[3]];
        }
}

}  // namespace

Kernel rearrangeKernel(int operation) {
  switch (operation) {
    case CONCATENATE: return concatenate;
    case BOX: return box;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
