// The kernels of one vector width, by family. Each family has a file; `machine.cc` combines them.
#pragma once
#include "operations.h"
#include "program.h"
#include "vector.h"

namespace VECTOR_NAMESPACE {

using convnotes::Instruction;
using convnotes::Kernel;
using convnotes::Program;
using convnotes::Work;

/** Return the kernel of an operation of the family; nullptr for other operations. */
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

/** Chooses how a convolution is computed, and sets the sizes of the buffers that depend on it. */
void prepareConvolution(Instruction& instruction, Program& program);
/**
 * Computes which taps of a depthwise convolution are inside of its input, and how much scratch
 * memory it needs.
 */
void prepareDepthwise(Instruction& instruction, Program& program);

}  // namespace VECTOR_NAMESPACE
