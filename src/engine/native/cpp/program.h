// Programs: training steps as buffers, and instructions that read and write them. TypeScript writes
// programs (see ../lower.ts).
//
// The samples of a batch are divided into *slots*, whose number does not depend on the number of
// threads. A thread processes whole slots, one after the other, each in *groups* of a few samples,
// so that the results of a group are still in the cache when the next instruction reads them. Sums
// over samples have a partial sum for each slot. An instruction between two passes over the samples
// adds the partial sums in order, so the bits of results do not depend on the number of threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "common-memory.h"

namespace convnotes {

/** The kind of memory that a buffer uses. */
enum class Place : int32_t {
  /** One value for all samples, such as weights, gradients and scalars. Owned by the program. */
  shared = 0,
  /** For each sample of the batch. */
  batch = 1,
  /** For each sample of a group, in memory of the thread. */
  group = 2,
  /** For each slot. Set to 0 before the pass that adds to it. */
  slot = 3,
  /** Bound from outside: one value for all samples. */
  bound = 4,
  /** Bound from outside: a row for each sample of the data. Row indices pick those of the batch. */
  data = 5,
  /** For each thread. */
  thread = 6,
};

struct Buffer {
  Place place;
  /** Number of floats: for one sample, one slot or one thread, or in total. */
  long size;
  float* base = nullptr;
  /** Offset in the memory that programs share; -1 in other memory. */
  long offset = -1;
};

/** The buffers of a program that are not in shared memory and keep their values between runs. */
enum class Keep {
  /** None: all are in the memory that programs share. */
  nothing,
  /** Those with one value for all samples, such as packed weights. */
  shared,
  /** All. Each is allocated separately, so that sanitizers detect accesses beyond its end. */
  all,
};

struct Instruction;
struct Work;

/** The function that executes an instruction. */
typedef void (*Kernel)(const Instruction&, const Work&);

/** Data that a kernel computes once, before the first run. */
struct Prepared {
  virtual ~Prepared() = default;
};

struct Instruction {
  int operation;
  std::vector<int> buffers;
  std::vector<int> integers;
  std::vector<float> numbers;
  /** Whether several threads divide it if there is only one sample. */
  bool isDivided = false;
  Kernel kernel = nullptr;
  std::shared_ptr<Prepared> prepared;
};

/** Instructions that run without a barrier between them. */
struct Phase {
  /**
   * Whether the instructions run on the samples, slot by slot and group by group. Otherwise each
   * thread runs its part of each instruction once.
   */
  bool isOfSamples;
  std::vector<Instruction> instructions;
  /** Slot buffers that are set to 0 first. */
  std::vector<int> cleared;
  /** Buffer of the loss that is checked after the phase, before any update; -1 for none. */
  int guard = -1;
};

struct Program {
  int samples = 0, slots = 0, group = 0, threads = 0;
  std::vector<Buffer> buffers;
  std::vector<Phase> phases;
  /**
   * Values that change from step to step: integers such as random keys, and the optimizer's
   * settings.
   */
  std::vector<int32_t> stepIntegers;
  std::vector<float> stepNumbers;
  /** Whether a dense layer has so many weights that several threads read them even for one sample. */
  bool hasLargeWeights = false;
  /** Whether some instructions are divided if there is only one sample. */
  bool dividesOneSample = false;
  /** Row index in the data for each sample of the batch. */
  const int32_t* rows = nullptr;
  /**
   * Whether nothing is summed over samples and outputs are per sample. A step may then have fewer
   * samples.
   */
  bool isPerSample = false;
  bool isGuarded = false;
  /** Whether the values computed before the samples are still those of the last run. */
  bool isPrepared = false;
  /** Whether the loss was not finite, so that the step ended before any update. */
  volatile bool hasFailed = false;
  /** Duration of the shortest step, in seconds. */
  double shortest = std::numeric_limits<double>::infinity();

  ~Program();
  /**
   * Allocates zeroed memory for the buffers that are kept. `use` assigns the memory of the others.
   */
  void allocate(int threads, Keep keep);
  /**
   * Assigns memory to the buffers that are not kept. Called before each run, as programs share it.
   */
  void use(Memory& memory);
  /** Number of copies of a buffer in its memory: one for each sample, slot or thread. */
  size_t copies(Place place) const;

 private:
  std::vector<float*> owned_;
  size_t scratch_ = 0;
};

/**
 * Decodes a program from the integers and floats that TypeScript wrote. Throws CodedError
 * if they are invalid.
 */
std::unique_ptr<Program> decode(const int32_t* integers, size_t count, const float* numbers, size_t numberCount);

/** The part of the work that a call of a kernel does. */
struct Work {
  const Program& program;
  int thread, threads;
  int slot;
  /** Samples [first, last) of the batch. */
  int first, last;
  /**
   * Whether all threads run an instruction on the same sample and divide it. They all use the first
   * thread's group memory.
   */
  bool isDivided = false;

  const Buffer& buffer(const Instruction& instruction, int place) const { return program.buffers[instruction.buffers[place]]; }

  /**
   * Returns a buffer's values for sample `first`, for the slot or for the thread, or all of them.
   */
  float* at(const Instruction& instruction, int place) const { return at(instruction, place, first); }

  /** Returns a buffer's values for a sample. */
  float* at(const Instruction& instruction, int place, int sample) const {
    const Buffer& b = buffer(instruction, place);
    switch (b.place) {
      case Place::batch:
        return b.base + (long)sample * b.size;
      case Place::group:
        return b.base + ((long)(isDivided ? 0 : thread) * program.group + (sample - first)) * b.size;
      case Place::slot:
        return b.base + (long)slot * b.size;
      case Place::data:
        return b.base + (long)program.rows[sample] * b.size;
      case Place::thread:
        return b.base + (long)thread * b.size;
      default:
        return b.base;
    }
  }

  /**
   * Sets [from, to) to this thread's part of `count` elements, in a phase that is not of samples.
   * Bounds are multiples of `unit`, except the end.
   */
  void part(long count, long unit, long& from, long& to) const {
    const long units = (count + unit - 1) / unit;
    from = units * thread / threads * unit;
    to = units * (thread + 1) / threads * unit;
    if (to > count) to = count;
    if (from > to) from = to;
  }
};

/** The kernels, which are compiled once for each vector width. */
struct Machine {
  const char* name;
  /** Returns the kernel of an operation; nullptr if there is none. */
  Kernel (*kernel)(int operation);
  /** Computes the `prepared` data of an instruction, before memory is allocated. */
  void (*prepare)(Instruction&, Program&);
};

}  // namespace convnotes
