// A training step as data: buffers, and the instructions that go from buffer to buffer. It is made in TypeScript (see ../lower.ts).
//
// The samples of a batch are divided into *slots*, as many for any number of threads. A thread takes whole slots, one after the other, and
// goes through each in *groups* of a few samples, so that what a group computes is still in the cache when the next instruction reads it. What
// is summed over samples has a sum for each slot; an instruction between two passes over the samples adds those in order. So no bit depends on the number of threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "common-memory.h"

namespace convnotes {

/** Where the numbers of a buffer are. */
enum class Place : int32_t {
  /** Once, for all: weights, gradients, scalars. Owned by the program. */
  shared = 0,
  /** For each sample of the batch. */
  batch = 1,
  /** For each sample of a group, in the memory of the thread. */
  group = 2,
  /** For each slot. Set to 0 at the beginning of the pass that adds to it. */
  slot = 3,
  /** Given from outside, whole. */
  bound = 4,
  /** Given from outside, a row for each sample of the data; the batch's rows are picked by number. */
  data = 5,
  /** For each thread. */
  thread = 6,
};

struct Buffer {
  Place place;
  /** Floats: of one sample, one slot, one thread, or in all. */
  long size;
  float* base = nullptr;
  /** Where in memory that programs use in turn; -1 elsewhere. */
  long offset = -1;
};

/** What of a program's memory is its own, and keeps its numbers from run to run. */
enum class Keep {
  /** Nothing: other programs use the same. */
  nothing,
  /** What is shared by all samples, such as packed weights. */
  shared,
  /** Each buffer is a piece of memory by itself, so that tools see whoever reads or writes beyond its end. */
  all,
};

struct Instruction;
struct Work;

/** What an instruction computes. */
typedef void (*Kernel)(const Instruction&, const Work&);

/** What a kernel has worked out beforehand. */
struct Prepared {
  virtual ~Prepared() = default;
};

struct Instruction {
  int operation;
  std::vector<int> buffers;
  std::vector<int> integers;
  std::vector<float> numbers;
  Kernel kernel = nullptr;
  std::shared_ptr<Prepared> prepared;
};

/** Instructions that need no waiting in between. */
struct Phase {
  /** Whether they are done for the samples, slot by slot and group by group; else each thread does its part of each once. */
  bool isOfSamples;
  std::vector<Instruction> instructions;
  /** Slot buffers that are set to 0 first. */
  std::vector<int> cleared;
  /** Buffer of the loss that is looked at when the phase has ended; -1 for none. Nothing has been updated then. */
  int guard = -1;
};

struct Program {
  int samples = 0, slots = 0, group = 0, threads = 0;
  std::vector<Buffer> buffers;
  std::vector<Phase> phases;
  /** Numbers that change from step to step: integers such as keys of random numbers, and settings. */
  std::vector<int32_t> stepIntegers;
  std::vector<float> stepNumbers;
  /** Row of each sample of the batch in the data. */
  const int32_t* rows = nullptr;
  /** Whether nothing is summed over samples, and outputs are those of each sample: then a step may have fewer of them. */
  bool isPerSample = false;
  bool isGuarded = false;
  /** Whether what comes before the samples is as the last run left it. */
  bool isPrepared = false;
  /** Whether the loss was not finite, so that the step ended before anything was updated. */
  volatile bool hasFailed = false;
  /** Seconds that the shortest step took. */
  double shortest = std::numeric_limits<double>::infinity();

  ~Program();
  /** Gives buffers their memory for that many threads: what is kept is all zero at first, the others get theirs by `use`. */
  void allocate(int threads, Keep keep);
  /** Takes memory for the buffers that are not kept. Called before each run, as other programs use it too. */
  void use(Memory& memory);
  /** How often the memory of a place has a buffer's numbers: for each sample, slot or thread. */
  size_t copies(Place place) const;

 private:
  std::vector<float*> owned_;
  size_t scratch_ = 0;
};

/** Reads a program from the integers and numbers that TypeScript wrote. Throws std::runtime_error if they are none. */
std::unique_ptr<Program> decode(const int32_t* integers, size_t count, const float* numbers, size_t numberCount);

/** What a kernel works on now. */
struct Work {
  const Program& program;
  int thread, threads;
  int slot;
  /** Samples [first, last) of the batch. */
  int first, last;

  const Buffer& buffer(const Instruction& instruction, int place) const { return program.buffers[instruction.buffers[place]]; }

  /** The numbers of sample `first`, or of the slot, the thread, or all. */
  float* at(const Instruction& instruction, int place) const { return at(instruction, place, first); }

  /** The numbers of a sample. */
  float* at(const Instruction& instruction, int place, int sample) const {
    const Buffer& b = buffer(instruction, place);
    switch (b.place) {
      case Place::batch:
        return b.base + (long)sample * b.size;
      case Place::group:
        return b.base + ((long)thread * program.group + (sample - first)) * b.size;
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

  /** The part of `count` things that this thread has in a phase that is not of samples; a multiple of `unit` but for the last. */
  void part(long count, long unit, long& from, long& to) const {
    const long units = (count + unit - 1) / unit;
    from = units * thread / threads * unit;
    to = units * (thread + 1) / threads * unit;
    if (to > count) to = count;
    if (from > to) from = to;
  }
};

/** What is compiled once for each width of vectors. */
struct Machine {
  const char* name;
  /** The kernel of an operation; nullptr if there is none. */
  Kernel (*kernel)(int operation);
  /** Lets an instruction work out what it can beforehand, before memory is allocated. */
  void (*prepare)(Instruction&, Program&);
};

}  // namespace convnotes
