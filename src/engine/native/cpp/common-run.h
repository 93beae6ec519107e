// Prepares programs and runs them on several threads.
#pragma once
#include "common-threads.h"
#include "program.h"

namespace convnotes {

/**
 * Finds the kernel of each instruction and allocates the program's memory. Throws
 * CodedError for an unknown operation.
 */
void prepare(Program& program, const Machine& machine, int threads, Keep keep);

/**
 * An output: the first `count` values of a buffer for each step or sample, which are written to
 * `to` in order.
 */
struct Output {
  int buffer;
  size_t count;
  float* to;
};

/**
 * Runs a prepared program on one batch after the other. `program.rows` has `rows` row indices,
 * those of all batches. The last batch may be smaller only if the program is `isPerSample`. Phases
 * before the samples run once: programs of several steps do not change their inputs. Returns false
 * if a loss was not finite. The step of that loss updates nothing and is the last.
 */
bool run(Program& program, Threads& threads, int rows, const std::vector<Output>& outputs);

}  // namespace convnotes
