// A program run once, by some threads.
#pragma once
#include "common-threads.h"
#include "program.h"

namespace convnotes {

/** Finds each instruction's kernel, and gives the program its memory. Throws std::runtime_error for an operation that the machine has not. */
void prepare(Program& program, const Machine& machine, int threads);

/** Runs a prepared program. False if its loss was not finite, and nothing was updated. */
bool run(Program& program, Threads& threads);

}  // namespace convnotes
