// The vector widths that were compiled.
#pragma once
#include <vector>

#include "program.h"

namespace convnotes {

/** Those that this processor has, the widest first. */
std::vector<const Machine*> machines();

}  // namespace convnotes
