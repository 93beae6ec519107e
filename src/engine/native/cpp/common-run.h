// A program run once, by some threads.
#pragma once
#include "common-threads.h"
#include "program.h"

namespace convnotes {

/** Finds each instruction's kernel, and gives the program its memory. Throws std::runtime_error for an operation that the machine has not. */
void prepare(Program& program, const Machine& machine, int threads, Keep keep);

/** A buffer's first `count` numbers, of each step or of each sample, which are left at `to`, those of the next behind them. */
struct Output {
  int buffer;
  size_t count;
  float* to;
};

/**
 * Runs a prepared program for one batch after the other; `program.rows` has the rows of all, so many. Only a program that `isPerSample` may have fewer in the
 * last. What comes before the samples is done once: where there are several steps, they change nothing that it depends on. False if a loss was not finite;
 * the step it is of then updates nothing, and is the last.
 */
bool run(Program& program, Threads& threads, int rows, const std::vector<Output>& outputs);

}  // namespace convnotes
