// Kernels of optimizer updates. Each is one pass over weights, state and gradient with about half
// an operation per byte, so it is bound by the cache or memory that holds them. The formulas are
// those of TensorFlow.js; see ../../optimizers.
#include <cmath>

#include "functions.h"
#include "kernels.h"

namespace VECTOR_NAMESPACE {
namespace {

using namespace convnotes;

/**
 * Calls f(index, gradient, lanes) for this thread's part. integers 0: size. The buffer `place` has
 * the gradient. The weights, buffer 0, times the last float operand are added to it: the gradient
 * of an L2 penalty.
 */
template <class F>
void eachVector(const Instruction& in, const Work& work, int place, F f) {
  long from, to;
  work.part(in.integers[0], 64, from, to);
  const float *g = work.at(in, place), *w = work.at(in, 0);
  const float decay = in.numbers.back();
  long i = from;
  if (decay != 0) {
    for (; i + WIDTH <= to; i += WIDTH) f(i, multiplyAdd(load(w + i), splat(decay), load(g + i)), WIDTH);
    if (i < to) f(i, multiplyAdd(loadPart(w + i, (int)(to - i)), splat(decay), loadPart(g + i, (int)(to - i))), (int)(to - i));
    return;
  }
  // For whole vectors, the number of lanes is a constant, so that memcpy is not called.
  for (; i + WIDTH <= to; i += WIDTH) f(i, load(g + i), WIDTH);
  if (i < to) f(i, loadPart(g + i, (int)(to - i)), (int)(to - i));
}

ALWAYS_INLINE void put(float* p, Vector v, int lanes) {
  if (lanes == WIDTH) store(p, v);
  else storePart(p, v, lanes);
}

float setting(const Work& work, int index) { return work.program.stepNumbers[index]; }

/**
 * Adam (Kingma and Ba 2015). buffers: weights, m, v, gradient. integers: size, index of the
 * settings: step size η √(1 − β₂ᵗ) / (1 − β₁ᵗ), β₁, β₂ and ε √(1 − β₂ᵗ).
 */
void adam(const Instruction& in, const Work& work) {
  const int first = in.integers[1];
  const float rate = setting(work, first), keep1 = 1 - setting(work, first + 1), keep2 = 1 - setting(work, first + 2), epsilon = setting(work, first + 3);
  float *w = work.at(in, 0), *m = work.at(in, 1), *v = work.at(in, 2);
  eachVector(in, work, 3, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA {
    Vector mean = loadPart(m + i, lanes), square = loadPart(v + i, lanes);
    mean = mean + (g - mean) * keep1;
    square = square + (g * g - square) * keep2;
    put(m + i, mean, lanes);
    put(v + i, square, lanes);
    put(w + i, loadPart(w + i, lanes) - mean * rate / (squareRoot(square) + epsilon), lanes);
  });
}

/** buffers: weights, gradient. integers: size, index of the rate. */
void gradientDescent(const Instruction& in, const Work& work) {
  const float rate = setting(work, in.integers[1]);
  float* w = work.at(in, 0);
  eachVector(in, work, 1, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA { put(w + i, loadPart(w + i, lanes) - g * rate, lanes); });
}

/**
 * buffers: weights, accumulation, gradient. integers: size, index of rate and momentum, 1 for
 * Nesterov's form.
 */
void momentum(const Instruction& in, const Work& work) {
  const float rate = setting(work, in.integers[1]), kept = setting(work, in.integers[1] + 1);
  float *w = work.at(in, 0), *a = work.at(in, 1);
  eachVector(in, work, 2, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA {
    const Vector sum = loadPart(a + i, lanes) * kept + g;
    put(a + i, sum, lanes);
    const Vector step = in.integers[2] ? g + sum * kept : sum;
    put(w + i, loadPart(w + i, lanes) - step * rate, lanes);
  });
}

/**
 * buffers: weights, mean square, moment, gradient. integers: size, index of rate, decay, momentum,
 * epsilon.
 */
void rmsProp(const Instruction& in, const Work& work) {
  const int first = in.integers[1];
  const float rate = setting(work, first), decay = setting(work, first + 1), kept = setting(work, first + 2), epsilon = setting(work, first + 3);
  float *w = work.at(in, 0), *s = work.at(in, 1), *m = work.at(in, 2);
  eachVector(in, work, 3, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA {
    const Vector old = loadPart(s + i, lanes), square = old + (g * g - old) * (1 - decay);
    const Vector moment = loadPart(m + i, lanes) * kept + g * rate / squareRoot(square + epsilon);
    put(s + i, square, lanes);
    put(m + i, moment, lanes);
    put(w + i, loadPart(w + i, lanes) - moment, lanes);
  });
}

/**
 * Adagrad (Duchi, Hazan and Singer 2011), with epsilon inside the root: six operations for 20 bytes
 * per weight. buffers: weights, sum of squares, gradient. integers: size, index of the rate.
 * numbers: epsilon.
 */
void adagrad(const Instruction& in, const Work& work) {
  const float rate = setting(work, in.integers[1]), epsilon = in.numbers[0];
  float *w = work.at(in, 0), *a = work.at(in, 1);
  eachVector(in, work, 2, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA {
    const Vector sum = loadPart(a + i, lanes) + g * g;
    put(a + i, sum, lanes);
    put(w + i, loadPart(w + i, lanes) - g / squareRoot(sum + epsilon) * rate, lanes);
  });
}

/**
 * Adamax (Kingma and Ba 2015, algorithm 2): ten operations for 28 bytes per weight. buffers:
 * weights, m, u, gradient. integers: size, index of the settings: step size η / (1 + t · decay) /
 * (1 − β₁ᵗ), β₁, β₂ and ε.
 */
void adamax(const Instruction& in, const Work& work) {
  const int first = in.integers[1];
  const float rate = setting(work, first), keep = 1 - setting(work, first + 1), decay = setting(work, first + 2), epsilon = setting(work, first + 3);
  float *w = work.at(in, 0), *m = work.at(in, 1), *u = work.at(in, 2);
  eachVector(in, work, 3, [&](long i, Vector g, int lanes) ALWAYS_LAMBDA {
    Vector mean = loadPart(m + i, lanes);
    mean = mean + (g - mean) * keep;
    const Vector largest = maximum(loadPart(u + i, lanes) * decay, choose(g < splat(0.f), -g, g));
    put(m + i, mean, lanes);
    put(u + i, largest, lanes);
    put(w + i, loadPart(w + i, lanes) - mean * rate / (largest + epsilon), lanes);
  });
}

}  // namespace

Kernel optimizerKernel(int operation) {
  switch (operation) {
    case UPDATE_ADAM: return adam;
    case UPDATE_SGD: return gradientDescent;
    case UPDATE_MOMENTUM: return momentum;
    case UPDATE_RMSPROP: return rmsProp;
    case UPDATE_ADAGRAD: return adagrad;
    case UPDATE_ADAMAX: return adamax;
    default: return nullptr;
  }
}

}  // namespace VECTOR_NAMESPACE
