// The kernel of dropout masks, which draws the same values as TensorFlow's
// StatelessRandomUniformFullInt: Philox 4×32-10 (Salmon et al. 2011) with a counter from a key of
// two integers. It takes about 25 integer operations for four words, or sixteen bytes.
#include <algorithm>

#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

struct Words {
  uint32_t word[4];
};

Words philox(Words counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)0xD2511F53u * counter.word[0], p1 = (uint64_t)0xCD9E8D57u * counter.word[2];
    counter = {{(uint32_t)(p1 >> 32) ^ counter.word[1] ^ key0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ counter.word[3] ^ key1, (uint32_t)p0}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/**
 * A stream of random words from two seeds. As in TensorFlow, the seeds are mixed first, so that
 * adjacent seeds give different streams.
 */
struct Stream {
  uint32_t key0, key1;
  uint64_t high;

  Stream(int32_t seed0, int32_t seed1) {
    const int64_t wide0 = seed0, wide1 = seed1;
    const Words mixed = philox({{(uint32_t)wide0, (uint32_t)(wide0 >> 32), (uint32_t)wide1, (uint32_t)(wide1 >> 32)}}, 0x3ec8f720u, 0x02461e29u);
    key0 = mixed.word[0];
    key1 = mixed.word[1];
    high = (uint64_t)mixed.word[2] | (uint64_t)mixed.word[3] << 32;
  }

  Words at(uint64_t group) const { return philox({{(uint32_t)group, (uint32_t)(group >> 32), (uint32_t)high, (uint32_t)(high >> 32)}}, key0, key1); }
};

/**
 * Writes `kept` where the drawn value is at least the threshold, and 0 elsewhere. buffers: out.
 * integers: size of a sample, 1 for bytes or 0 for words, threshold (as a signed word), index of
 * the seeds. numbers: kept.
 */
void randomMask(const Instruction& in, const Work& work) {
  const long size = in.integers[0], each = in.integers[1] ? 16 : 4;
  const int32_t threshold = in.integers[2];
  const Stream stream(work.program.stepIntegers[in.integers[3]], work.program.stepIntegers[in.integers[3] + 1]);
  float* out = work.at(in, 0);
  const long first = (long)work.first * size, last = (long)work.last * size;
  for (long group = first / each; group * each < last; group++) {
    const Words drawn = stream.at(group);
    const long from = std::max(first, group * each), to = std::min(last, (group + 1) * each);
    for (long i = from; i < to; i++) {
      const long k = i - group * each;
      const bool isKept = each == 16 ? (int)(drawn.word[k / 4] >> (k % 4 * 8) & 0xff) >= threshold : (int32_t)drawn.word[k] >= threshold;
      out[i - first] = isKept ? in.numbers[0] : 0.f;
    }
  }
}

}  // namespace

Kernel randomKernel(int operation) { return operation == RANDOM_MASK ? randomMask : nullptr; }

}  // namespace VECTOR_NAMESPACE
