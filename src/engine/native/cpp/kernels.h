// The kernels of one width of vectors, by family. Each family has a file; `machine.cc` puts them together.
#pragma once
#include "operations.h"
#include "program.h"
#include "vector.h"

namespace VECTOR_NAMESPACE {

using convnotes::Instruction;
using convnotes::Kernel;
using convnotes::Program;
using convnotes::Work;

/** The kernel of an operation of the family; nullptr for one of another. */
Kernel elementwiseKernel(int operation);
Kernel reductionKernel(int operation);
Kernel poolingKernel(int operation);
Kernel denseKernel(int operation);
Kernel normalizationKernel(int operation);
Kernel optimizerKernel(int operation);
Kernel formulaKernel(int operation);
Kernel randomKernel(int operation);
Kernel convolutionKernel(int operation);
Kernel rearrangeKernel(int operation);
Kernel depthwiseKernel(int operation);

/** Works out how a convolution is computed, and how large the buffers are that depend on it. */
void prepareConvolution(Instruction& instruction, Program& program);
/** Works out where the taps of a depthwise convolution fall inside, and how much scratch it needs. */
void prepareDepthwise(Instruction& instruction, Program& program);

}  // namespace VECTOR_NAMESPACE
