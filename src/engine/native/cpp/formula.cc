// Formulas: several functions of single numbers, one after the other, whose results are variables. The updates of optimizers that have no kernel of
// their own are such formulas.
//
// Block by block, each function goes over a block that the core's first cache holds, so that memory is read and written once for the whole formula
// ("vectorized execution", Boncz, Zukowski and Nes 2005). A formula of twelve functions of four variables and a gradient: half an operation a byte of
// memory, as the kernels of `optimizers.cc`. No two functions are contracted: the bits are those of one after the other.
#include <algorithm>

#include "kernels.h"
#include "numbered-functions.h"

namespace VECTOR_NAMESPACE {
namespace {

/** Numbers of a block. */
constexpr int BLOCK = 256;
/** Blocks for results; `registers` in ../formula.ts. With operands from memory, less than half of 32 KiB. */
constexpr int REGISTER_COUNT = 12;
/** What the number of a function of two is more than its own; `ofTwo` in ../formula.ts. */
constexpr int OF_TWO = 64;

/** Where an operand is; `source` in ../formula.ts. */
enum Source : int { IN_REGISTER = 0, IN_BUFFER = 1, ONE_IN_BUFFER = 2, OWN_NUMBER = 3 };

/**
 * buffers: variables that are assigned, then those that are read. integers: size, count of functions; for each its number, its register, source and
 * place of its operands (of one operand twice); then for each variable the register with its value. numbers: those of the formula.
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
      if (each[0] < OF_TWO) {
        withUnary(each[0], 0, [&](auto f) { unaryRun(out, a, length, f); });
        continue;
      }
      const bool aIsOne = each[2] >= ONE_IN_BUFFER, bIsOne = each[4] >= ONE_IN_BUFFER;
      withBinary(each[0] - OF_TWO, [&](auto f) {
        if (aIsOne && bIsOne) binaryRun<true, true>(out, a, b, length, f);
        else if (aIsOne) binaryRun<true, false>(out, a, b, length, f);
        else if (bIsOne) binaryRun<false, true>(out, a, b, length, f);
        else binaryRun<false, false>(out, a, b, length, f);
      });
    }
    // Last: what is assigned is read until here.
    for (int variable = 0; variable < variables; variable++)
      std::memcpy(work.at(in, variable) + at, memory[integers[results + variable]], length * sizeof(float));
  }
}

}  // namespace

Kernel formulaKernel(int operation) { return operation == FORMULA ? formula : nullptr; }

}  // namespace VECTOR_NAMESPACE
