// Phase after phase: the samples slot by slot and group by group, or what is shared, part by part.
#include "common-run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace convnotes {

void prepare(Program& program, const Machine& machine, int threads) {
  for (Phase& phase : program.phases)
    for (Instruction& instruction : phase.instructions) {
      instruction.kernel = machine.kernel(instruction.operation);
      if (instruction.kernel == nullptr)
        throw std::runtime_error("Expected an operation that this build has, received number " + std::to_string(instruction.operation));
      machine.prepare(instruction, program);
    }
  program.allocate(threads);
}

namespace {

/**
 * While it lives, numbers below the least normal one count as zero in this thread, as in TensorFlow: a step whose moments fade would be ten times
 * as slow otherwise.
 */
class ZeroForDenormals {
 public:
  ZeroForDenormals() : before_(control()) { setControl(before_ | flags); }
  ~ZeroForDenormals() { setControl(before_); }

 private:
#if defined(__x86_64__)
  // Flush to zero and denormals are zero.
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

/** The slots of a thread, and in each the groups of samples. The slots' sizes depend on the batch alone. */
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

}  // namespace

bool run(Program& program, Threads& threads) {
  static Barrier barrier;
  const int count = program.threads;
  barrier.reset(count);
  program.hasFailed = false;
  const std::function<void(int)> job = [&](int thread) {
    if (thread >= count) return;
    const ZeroForDenormals zero;
    bool isBeforeSamples = true;
    for (const Phase& phase : program.phases) {
      isBeforeSamples &= !phase.isOfSamples;
      if (isBeforeSamples && program.isPrepared) continue;
      if (phase.isOfSamples) runSamples(program, phase, thread, count);
      else
        for (const Instruction& instruction : phase.instructions) instruction.kernel(instruction, Work{program, thread, count, 0, 0, program.samples});
      barrier.wait();
      if (phase.guard >= 0 && program.isGuarded) {
        // Every thread looks at the same number, so all end here or none.
        if (!std::isfinite(*program.buffers[phase.guard].base)) {
          if (thread == 0) program.hasFailed = true;
          return;
        }
      }
    }
  };
  threads.run(job);
  return !program.hasFailed;
}

}  // namespace convnotes
