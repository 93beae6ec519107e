// Combines the kernels of one vector width.
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

Kernel kernelOf(int operation) {
  for (const auto family : {elementwiseKernel, reductionKernel, poolingKernel, denseKernel, normalizationKernel, optimizerKernel, formulaKernel, randomKernel, convolutionKernel, depthwiseKernel, rearrangeKernel})
    if (const Kernel kernel = family(operation)) return kernel;
  return nullptr;
}

void prepare(Instruction& instruction, Program& program) {
  prepareConvolution(instruction, program);
  prepareDepthwise(instruction, program);
}

}  // namespace

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

/** The kernels of this width, which `common-machines.cc` refers to by its namespace. */
extern const convnotes::Machine machine;
const convnotes::Machine machine{TEXT(VECTOR_NAMESPACE), kernelOf, prepare};

}  // namespace VECTOR_NAMESPACE
