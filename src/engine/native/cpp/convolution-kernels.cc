// Kernels of convolution instructions, which call convolution.h.
#include <algorithm>

#include "convolution.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

struct PreparedConvolution : Prepared {
  Convolution convolution;
  PreparedConvolution(const ConvolutionShape& shape, int samples, bool hasBackData, bool isPooled) : convolution(shape, samples, hasBackData, isPooled) {}
};

const Convolution& convolutionOf(const Instruction& in) { return static_cast<const PreparedConvolution&>(*in.prepared).convolution; }

/**
 * integers 0 to 11: kh, kw, ci, co, strides, padding above and to the left, height and width of
 * input and output. 12: 1 if the input has a gradient. 13: 1 if the outputs are pooled.
 */
ConvolutionShape shapeOf(const Instruction& in) {
  const auto& i = in.integers;
  return {i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8], i[9], i[10], i[11]};
}

constexpr int MOST_SAMPLES = 64;

/** Returns the input of a sample of the group. */
const float* sampleOf(const Instruction& in, const Work& work, int n) {
  const Buffer& b = work.buffer(in, 1);
  return b.place == Place::group ? work.at(in, 1) + (long)(n - work.first) * b.size : work.at(in, 1, n);
}

/**
 * buffers: out, in, packed weights, bias (or the weights again), scratch. integers 14: 1 with a
 * bias, 15: 1 with ReLU.
 */
void forward(const Instruction& in, const Work& work) {
  const Convolution& c = convolutionOf(in);
  const float* ins[MOST_SAMPLES];
  for (int n = work.first; n < work.last; n++) ins[n - work.first] = sampleOf(in, work, n);
  const float* bias = in.integers[14] ? work.at(in, 3) : nullptr;
  if (work.isDivided) {
    const Convolution::Band band = c.band(work.thread, work.threads);
    const float* row = ins[0] + band.inOffset;
    if (band.convolution.shape.ho > 0) band.convolution.forward(&row, work.at(in, 2), bias, in.integers[15], work.at(in, 0) + band.outOffset, 0, 1, work.at(in, 4));
    return;
  }
  c.forward(ins, work.at(in, 2), bias, in.integers[15], work.at(in, 0), c.resultSize(c.shape.ho), work.last - work.first, work.at(in, 4));
}

/** buffers: dx, g, packed weights, scratch. */
void backData(const Instruction& in, const Work& work) {
  const Convolution& c = convolutionOf(in);
  const ConvolutionShape& s = c.shape;
  c.backwardData(work.at(in, 1), (long)s.ho * s.wo * s.co, work.at(in, 2), work.at(in, 0), (long)s.hi * s.wi * s.ci, work.last - work.first, work.at(in, 3));
}

/** buffers: sums (of a slot), in, g, scratch. */
void backWeights(const Instruction& in, const Work& work) {
  const Convolution& c = convolutionOf(in);
  const float* ins[MOST_SAMPLES];
  for (int n = work.first; n < work.last; n++) ins[n - work.first] = sampleOf(in, work, n);
  c.backwardWeights(ins, work.at(in, 2), (long)c.shape.ho * c.shape.wo * c.shape.co, work.at(in, 0), work.last - work.first, work.at(in, 3));
}

/** buffers: packed, weights. */
void pack(const Instruction& in, const Work& work) { convolutionOf(in).pack(work.at(in, 1), work.at(in, 0), work.thread, work.threads); }
void packBack(const Instruction& in, const Work& work) { convolutionOf(in).packBack(work.at(in, 1), work.at(in, 0), work.thread, work.threads); }

/** buffers: gradient, sums (of the slots). */
void finish(const Instruction& in, const Work& work) {
  const convnotes::Buffer& slots = work.buffer(in, 1);
  convolutionOf(in).finishGradient({slots.base, slots.size, work.program.slots}, work.at(in, 0), work.thread, work.threads);
}

}  // namespace

Kernel convolutionKernel(int operation) {
  switch (operation) {
    case CONVOLUTION: return forward;
    case CONVOLUTION_BACK_DATA: return backData;
    case CONVOLUTION_BACK_WEIGHTS: return backWeights;
    case PACK_CONVOLUTION: return pack;
    case PACK_CONVOLUTION_BACK: return packBack;
    case FINISH_CONVOLUTION: return finish;
    default: return nullptr;
  }
}

/**
 * Sets the buffer sizes that TypeScript does not know, as they depend on how the convolution is
 * computed.
 */
void prepareConvolution(Instruction& in, Program& program) {
  if (convolutionKernel(in.operation) == nullptr) return;
  const auto prepared = std::make_shared<PreparedConvolution>(shapeOf(in), std::min(program.group, MOST_SAMPLES), in.integers[12] != 0, in.integers[13] != 0);
  in.prepared = prepared;
  const Convolution& c = prepared->convolution;
  const auto needs = [&](int place, size_t floats) {
    Buffer& b = program.buffers[in.buffers[place]];
    b.size = std::max(b.size, (long)floats);
  };
  switch (in.operation) {
    case CONVOLUTION: return needs(4, c.scratchSize());
    case CONVOLUTION_BACK_DATA: return needs(3, c.scratchSize());
    case CONVOLUTION_BACK_WEIGHTS: needs(0, c.gradientSize()); return needs(3, c.scratchSize());
    case PACK_CONVOLUTION: return needs(0, c.packedSize());
    case PACK_CONVOLUTION_BACK: return needs(0, c.packedBackSize());
    case FINISH_CONVOLUTION: return needs(1, c.gradientSize());
  }
}

}  // namespace VECTOR_NAMESPACE
