// The kernels of one width of vectors, together.
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

/** What `addon.cc` finds by the name of the width. */
extern const convnotes::Machine machine;
const convnotes::Machine machine{TEXT(VECTOR_NAMESPACE), kernelOf, prepare};

}  // namespace VECTOR_NAMESPACE
