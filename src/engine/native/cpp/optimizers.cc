// Updates of weights by their gradients. One pass over weights, state and gradient: some half an operation a byte, bound by the cache or the
// memory that holds them. The formulas are TensorFlow.js's; see ../../optimizers.
#include <algorithm>
#include <cmath>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/** Calls f(place, gradient, lanes) for this thread's part. integers 0: size; the buffer `place` has the gradient. */
template <class F>
void eachVector(const Instruction& in, const Work& work, int place, F f) {
  long from, to;
  work.part(in.integers[0], 64, from, to);
  const float* g = work.at(in, place);
  for (long i = from; i < to; i += WIDTH) {
    const int lanes = (int)std::min<long>(WIDTH, to - i);
    f(i, loadPart(g + i, lanes), lanes);
  }
}

ALWAYS_INLINE void put(float* p, Vector v, int lanes) {
  if (lanes == WIDTH) store(p, v);
  else storePart(p, v, lanes);
}

float setting(const Work& work, int index) { return work.program.stepNumbers[index]; }

/**
 * Adam (Kingma and Ba 2015). buffers: weights, m, v, gradient. integers: size, place of the settings: step size η √(1 − β₂ᵗ) / (1 − β₁ᵗ), β₁, β₂,
 * and ε √(1 − β₂ᵗ).
 */
void adam(const Instruction& in, const Work& work) {
  const int first = in.integers[1];
  const float rate = setting(work, first), keep1 = 1 - setting(work, first + 1), keep2 = 1 - setting(work, first + 2), epsilon = setting(work, first + 3);
  float *w = work.at(in, 0), *m = work.at(in, 1), *v = work.at(in, 2);
  eachVector(in, work, 3, [&](long i, Vector g, int lanes) {
    Vector mean = loadPart(m + i, lanes), square = loadPart(v + i, lanes);
    mean = mean + (g - mean) * keep1;
    square = square + (g * g - square) * keep2;
    put(m + i, mean, lanes);
    put(v + i, square, lanes);
    put(w + i, loadPart(w + i, lanes) - mean * rate / (squareRoot(square) + epsilon), lanes);
  });
}

/** buffers: weights, gradient. integers: size, place of the rate. */
void gradientDescent(const Instruction& in, const Work& work) {
  const float rate = setting(work, in.integers[1]);
  float* w = work.at(in, 0);
  eachVector(in, work, 1, [&](long i, Vector g, int lanes) { put(w + i, loadPart(w + i, lanes) - g * rate, lanes); });
}

/** buffers: weights, accumulation, gradient. integers: size, place of rate and momentum, 1 for Nesterov's form. */
void momentum(const Instruction& in, const Work& work) {
  const float rate = setting(work, in.integers[1]), kept = setting(work, in.integers[1] + 1);
  float *w = work.at(in, 0), *a = work.at(in, 1);
  eachVector(in, work, 2, [&](long i, Vector g, int lanes) {
    const Vector sum = loadPart(a + i, lanes) * kept + g;
    put(a + i, sum, lanes);
    const Vector step = in.integers[2] ? g + sum * kept : sum;
    put(w + i, loadPart(w + i, lanes) - step * rate, lanes);
  });
}

/** buffers: weights, mean square, moment, gradient. integers: size, place of rate, decay, momentum, epsilon. */
void rmsProp(const Instruction& in, const Work& work) {
  const int first = in.integers[1];
  const float rate = setting(work, first), decay = setting(work, first + 1), kept = setting(work, first + 2), epsilon = setting(work, first + 3);
  float *w = work.at(in, 0), *s = work.at(in, 1), *m = work.at(in, 2);
  eachVector(in, work, 3, [&](long i, Vector g, int lanes) {
    const Vector old = loadPart(s + i, lanes), square = old + (g * g - old) * (1 - decay);
    const Vector moment = loadPart(m + i, lanes) * kept + g * rate / squareRoot(square + epsilon);
    put(s + i, square, lanes);
    put(m + i, moment, lanes);
    put(w + i, loadPart(w + i, lanes) - moment, lanes);
  });
}

}  // namespace

Kernel optimizerKernel(int operation) {
  switch (operation) {
    case UPDATE_ADAM: return adam;
    case UPDATE_SGD: return gradientDescent;
    case UPDATE_MOMENTUM: return momentum;
    case UPDATE_RMSPROP: return rmsProp;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
