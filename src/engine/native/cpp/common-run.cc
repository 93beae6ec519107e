// Runs programs phase by phase: samples by slots and groups, shared values by parts.
#include "common-run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include "common-error.h"
#include "operations.h"

namespace convnotes {

namespace {

/**
 * Weights of a dense layer from which several threads read them faster than one, even for a single
 * sample: 4 MB do not fit a core's cache.
 */
constexpr long LARGE = 1'000'000;

bool isLarge(const Instruction& in) { return in.operation == DENSE_WHOLE && (long)in.integers[0] * in.integers[1] >= LARGE; }

/**
 * Products of a convolution, and of all such convolutions of a program, from which several threads
 * divide one sample. They take a thread about 15 and 150 microseconds, and waking another takes up
 * to 50.
 */
constexpr double DIVIDED = 1e6, DIVIDED_IN_ALL = 1e7;

/** Number of products of a convolution; 0 for other instructions. */
double productsOf(const Instruction& in) {
  if (in.operation != CONVOLUTION) return 0;
  const std::vector<int>& i = in.integers;
  return double(i[0]) * i[1] * i[2] * i[3] * i[10] * i[11];
}

}  // namespace

void prepare(Program& program, const Machine& machine, int threads, Keep keep) {
  double products = 0;
  for (Phase& phase : program.phases) {
    // Sums over samples belong to a slot, and so to a thread.
    const bool mayDivide = phase.isOfSamples && phase.cleared.empty();
    for (Instruction& instruction : phase.instructions) {
      instruction.kernel = machine.kernel(instruction.operation);
      if (instruction.kernel == nullptr)
        throw CodedError(Rule::unsupported, "Expected an operation of this build, received code " + std::to_string(instruction.operation));
      machine.prepare(instruction, program);
      program.hasLargeWeights |= isLarge(instruction);
      const double here = productsOf(instruction);
      instruction.isDivided = mayDivide && here >= DIVIDED;
      if (instruction.isDivided) products += here;
    }
  }
  program.dividesOneSample = products >= DIVIDED_IN_ALL;
  program.allocate(threads, keep);
}

namespace {

/**
 * Treats denormal values as zero in this thread during its lifetime, as TensorFlow does. A step
 * whose moments fade would otherwise be ten times as slow.
 */
class ZeroForDenormals {
 public:
  ZeroForDenormals() : before_(control()) { setControl(before_ | flags); }
  ~ZeroForDenormals() { setControl(before_); }

 private:
#if defined(__x86_64__)
  // The flags "flush to zero" and "denormals are zero".
  static constexpr unsigned flags = 0x8040;
  static unsigned control() { return __builtin_ia32_stmxcsr(); }
  static void setControl(unsigned bits) { __builtin_ia32_ldmxcsr(bits); }
  unsigned before_;
#elif defined(__aarch64__)
  static constexpr uint64_t flags = 1u << 24;
  static uint64_t control() {
    uint64_t bits;
    asm volatile("mrs %0, fpcr" : "=r"(bits));
    return bits;
  }
  static void setControl(uint64_t bits) { asm volatile("msr fpcr, %0" : : "r"(bits)); }
  uint64_t before_;
#else
  static constexpr int flags = 0;
  static int control() { return 0; }
  static void setControl(int) {}
  int before_;
#endif
};

/**
 * Runs a phase on the slots of a thread, group by group. The slots' sizes depend on the batch
 * alone.
 */
void runSamples(const Program& program, const Phase& phase, int thread, int threads) {
  const int slots = program.slots;
  for (int slot = slots * thread / threads; slot < slots * (thread + 1) / threads; slot++) {
    for (const int each : phase.cleared) {
      const Buffer& buffer = program.buffers[each];
      std::memset(buffer.base + slot * buffer.size, 0, buffer.size * sizeof(float));
    }
    const int from = (int)((long)program.samples * slot / slots), to = (int)((long)program.samples * (slot + 1) / slots);
    for (int first = from; first < to; first += program.group) {
      const Work work{program, thread, threads, slot, first, std::min(to, first + program.group)};
      for (const Instruction& instruction : phase.instructions) instruction.kernel(instruction, work);
    }
  }
}

/**
 * Runs a phase on a single sample. All threads divide large convolutions, and the first one runs
 * all other instructions. Threads wait for each other before and after a divided instruction.
 */
void runOneSample(const Program& program, const Phase& phase, int thread, int threads, Barrier& barrier) {
  bool isReady = true;
  for (const Instruction& instruction : phase.instructions) {
    const bool isDivided = instruction.isDivided;
    if (isDivided && !isReady) barrier.wait();
    if (isDivided || thread == 0) instruction.kernel(instruction, Work{program, thread, threads, program.slots - 1, 0, 1, isDivided});
    if (isDivided) barrier.wait();
    isReady = isDivided;
  }
}

/**
 * Runs one thread's part of a step. Returns false if the loss is not finite. Every thread checks
 * the same value, so all of them stop or none.
 */
bool runStep(const Program& program, int thread, int threads, bool isPrepared, Barrier& barrier) {
  bool isBeforeSamples = true;
  const bool divides = program.dividesOneSample && program.samples == 1 && threads > 1;
  for (const Phase& phase : program.phases) {
    isBeforeSamples &= !phase.isOfSamples;
    if (isBeforeSamples && isPrepared) continue;
    if (phase.isOfSamples && divides && phase.cleared.empty()) runOneSample(program, phase, thread, threads, barrier);
    else if (phase.isOfSamples) runSamples(program, phase, thread, threads);
    else
      for (const Instruction& instruction : phase.instructions) instruction.kernel(instruction, Work{program, thread, threads, 0, 0, program.samples});
    barrier.wait();
    if (phase.guard >= 0 && program.isGuarded && !std::isfinite(*program.buffers[phase.guard].base)) return false;
  }
  return true;
}

/**
 * Steps shorter than this many seconds run on one thread, as several would wait longer for each
 * other and for a core. Results do not depend on it.
 */
constexpr double SHORT = 15e-6;

}  // namespace

bool run(Program& program, Threads& threads, int rows, const std::vector<Output>& outputs) {
  static Barrier barrier;
  const int most = program.samples, steps = (rows + most - 1) / most;
  const bool isOneSample = rows == 1 && program.isPrepared && !program.hasLargeWeights && !program.dividesOneSample;
  const int count = isOneSample || program.shortest < SHORT ? 1 : program.threads;
  const auto began = std::chrono::steady_clock::now();
  barrier.reset(count);
  program.hasFailed = false;
  const int32_t* const first = program.rows;
  program.samples = std::min(most, rows);
  const std::function<void(int)> job = [&](int thread) {
    if (thread >= count) return;
    const ZeroForDenormals zero;
    for (int step = 0; step < steps; step++) {
      if (!runStep(program, thread, count, program.isPrepared || step > 0, barrier)) {
        if (thread == 0) program.hasFailed = true;
        return;
      }
      if (thread == 0) {
        for (const Output& each : outputs) {
          const float* from = program.buffers[each.buffer].base;
          const size_t before = program.isPerSample ? step * (size_t)most : step, here = program.isPerSample ? program.samples : 1;
          std::copy(from, from + here * each.count, each.to + before * each.count);
        }
        const int done = (step + 1) * most;
        program.rows = first + done;
        program.samples = std::min(most, rows - done);
      }
      if (step + 1 < steps) barrier.wait();
    }
  };
  if (count == 1) job(0);
  else threads.run(job);
  program.rows = first;
  program.samples = most;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  program.shortest = std::min(program.shortest, took.count() / steps);
  return !program.hasFailed;
}

}  // namespace convnotes
