// Finds the compiled vector widths that the processor supports.
#pragma once
#include <vector>

#include "program.h"

namespace convnotes {

/** Returns the kernels of all widths that this processor supports, widest first. */
std::vector<const Machine*> machines();

}  // namespace convnotes
