// The kernel of formulas: sequences of elementwise functions whose results are assigned to
// variables. The updates of optimizers without a separate kernel are such formulas.
//
// Each function is applied to one block at a time, which fits the core's level 1 cache, so that
// memory is read and written once for the whole formula ("vectorized execution", Boncz, Zukowski
// and Nes 2005). A formula of twelve functions of four variables and a gradient has half an
// operation per byte of memory, like the kernels of `optimizers.cc`. Functions are not contracted:
// the bits are those of separate functions.
#include <algorithm>

#include "kernels.h"
#include "numbered-functions.h"

namespace VECTOR_NAMESPACE {
namespace {

/** Number of elements in a block. */
constexpr int BLOCK = 256;
/**
 * Number of blocks for results; must match `registers` in ../formula.ts. With operands from memory,
 * they fill less than half of 32 KiB.
 */
constexpr int REGISTER_COUNT = 12;
/**
 * Offset that is added to the codes of binary functions; must match `binaryOffset` in
 * ../formula.ts.
 */
constexpr int BINARY_OFFSET = 64;

/** Where an operand is read from; must match `source` in ../formula.ts. */
enum Source : int { IN_REGISTER = 0, IN_BUFFER = 1, ONE_IN_BUFFER = 2, OWN_NUMBER = 3 };

/**
 * buffers: variables that are assigned, then values that are read. integers: size, count of
 * functions; for each function its code, its register, and source and index of its operands (a
 * single operand twice); then for each variable the register with its value. numbers: constants of
 * the formula.
 */
void formula(const Instruction& in, const Work& work) {
  const auto& integers = in.integers;
  const int functions = integers[1], results = 2 + 6 * functions, variables = (int)integers.size() - results;
  alignas(64) float memory[REGISTER_COUNT][BLOCK];
  long from, to;
  work.part(integers[0], 64, from, to);
  for (long at = from; at < to; at += BLOCK) {
    const long length = std::min<long>(BLOCK, to - at);
    const auto operand = [&](int source, int place) -> const float* {
      switch (source) {
        case IN_REGISTER: return memory[place];
        case IN_BUFFER: return work.at(in, place) + at;
        case ONE_IN_BUFFER: return work.at(in, place);
        default: return &in.numbers[place];
      }
    };
    for (int which = 0; which < functions; which++) {
      const int* each = &integers[2 + 6 * which];
      float* out = memory[each[1]];
      const float *a = operand(each[2], each[3]), *b = operand(each[4], each[5]);
      if (each[0] < BINARY_OFFSET) {
        withUnary(each[0], 0, [&](auto f) { unaryRun(out, a, length, f); });
        continue;
      }
      const bool aIsOne = each[2] >= ONE_IN_BUFFER, bIsOne = each[4] >= ONE_IN_BUFFER;
      withBinary(each[0] - BINARY_OFFSET, [&](auto f) {
        if (aIsOne && bIsOne) binaryRun<true, true>(out, a, b, length, f);
        else if (aIsOne) binaryRun<true, false>(out, a, b, length, f);
        else if (bIsOne) binaryRun<false, true>(out, a, b, length, f);
        else binaryRun<false, false>(out, a, b, length, f);
      });
    }
    // Assigned last, as the functions read the old values.
    for (int variable = 0; variable < variables; variable++)
      std::memcpy(work.at(in, variable) + at, memory[integers[results + variable]], length * sizeof(float));
  }
}

}  // namespace

Kernel formulaKernel(int operation) { return operation == FORMULA ? formula : nullptr; }

}  // namespace VECTOR_NAMESPACE
