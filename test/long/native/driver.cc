// Runs native programs without Node: each program of a file, on every vector width of this
// processor, with 1, 2 and 4 threads.
//
//   driver PROGRAMS RESULTS    writes the results of each width to RESULTS.avx512 and so on
//
// recorded-programs.ts writes the file and documents its format.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "common-machines.h"
#include "common-run.h"
#include "operations.h"

namespace {

using namespace convnotes;

/** Thread counts. The results of the first are the reference for the others. */
constexpr int THREADS[] = {1, 2, 4};
/** Steps of a run. From the second on, memory has the values of the previous step. */
constexpr int STEPS = 2;

struct Bound {
  int buffer;
  std::vector<float> numbers;
};

struct Read {
  int buffer, count;
};

/** A program, and the arguments of one step. */
struct Recorded {
  bool isPerSample;
  std::vector<int32_t> integers, rows, stepIntegers;
  std::vector<float> numbers, settings;
  std::vector<Bound> bound;
  std::vector<Read> reads;
};

class File {
 public:
  explicit File(const char* name) : in_(name, std::ios::binary) {
    if (!in_) throw std::runtime_error(std::string("Expected a file of programs, received ") + name);
  }
  int32_t integer() { return numbers<int32_t>(1)[0]; }
  /** A list: its length, then its items. */
  template <class T>
  std::vector<T> list() {
    return numbers<T>(integer());
  }

 private:
  template <class T>
  std::vector<T> numbers(size_t count) {
    std::vector<T> found(count);
    if (!in_.read(reinterpret_cast<char*>(found.data()), count * sizeof(T))) throw std::runtime_error("Expected a complete file of programs, received one that ends too early");
    return found;
  }

  std::ifstream in_;
};

Recorded readProgram(File& file) {
  Recorded found;
  found.isPerSample = file.integer() != 0;
  found.integers = file.list<int32_t>();
  found.numbers = file.list<float>();
  found.rows = file.list<int32_t>();
  found.stepIntegers = file.list<int32_t>();
  found.settings = file.list<float>();
  const int bound = file.integer();
  for (int i = 0; i < bound; i++) {
    const int buffer = file.integer();
    found.bound.push_back({buffer, file.list<float>()});
  }
  const int reads = file.integer();
  for (int i = 0; i < reads; i++) {
    const int buffer = file.integer();
    found.reads.push_back({buffer, file.integer()});
  }
  return found;
}

/** Variations of a run. */
struct Trial {
  int threads;
  /** Whether some of the samples' values are NaN, infinite, very large, denormal or 0. */
  bool isOdd;
  /** Whether memory that must be written before it is read is initialized to NaN instead of 0. */
  bool isFilled;
};

/** A run of a program, with its memory. */
class Run {
 public:
  Run(const Recorded& recorded, const Machine& machine, const Trial& trial)
      : recorded_(recorded), program_(decode(recorded.integers.data(), recorded.integers.size(), recorded.numbers.data(), recorded.numbers.size())), bound_(recorded.bound) {
    prepare(*program_, machine, trial.threads, Keep::all);
    for (Bound& each : bound_) {
      Buffer& buffer = program_->buffers.at(each.buffer);
      if (trial.isOdd && buffer.place == Place::data) makeOdd(each.numbers);
      buffer.base = each.numbers.data();
    }
    if (trial.isFilled)
      for (const Buffer& each : program_->buffers)
        if (each.place != Place::bound && each.place != Place::data)
          std::fill_n(each.base, floats(each), std::numeric_limits<float>::quiet_NaN());
    program_->rows = recorded.rows.data();
    program_->stepIntegers = recorded.stepIntegers;
    program_->stepNumbers = recorded.settings;
    program_->isGuarded = !trial.isOdd;
    program_->isPerSample = recorded.isPerSample;
    // Otherwise, convolutions as small as these would run on one thread.
    program_->dividesOneSample = true;
    for (Phase& phase : program_->phases)
      for (Instruction& each : phase.instructions) each.isDivided = each.operation == CONVOLUTION && phase.cleared.empty();
  }

  void step(Threads& threads) {
    // Otherwise, short steps would run on one thread.
    program_->shortest = std::numeric_limits<double>::infinity();
    if (!run(*program_, threads, static_cast<int>(recorded_.rows.size()), {})) throw std::runtime_error("Expected a finite loss, received one that is not");
    for (size_t i = 0; i < program_->buffers.size(); i++) {
      const Buffer& each = program_->buffers[i];
      if (each.place == Place::bound || each.place == Place::data) continue;
      for (size_t k = 0; k < SLACK; k++)
        if (each.base[floats(each) + k] != 0) throw std::runtime_error("Expected zeros after buffer " + std::to_string(i) + ", received another value at index " + std::to_string(k));
    }
  }

  /**
   * Throws if a value differs by any bit from another run of the same program. Ignores memory of
   * single threads, and values that are still as they were initialized, since some outputs are not
   * used. Values computed from unwritten memory reach weights or outputs.
   */
  void compare(const Run& other) const {
    for (size_t i = 0; i < program_->buffers.size(); i++) {
      const Buffer &a = program_->buffers[i], &b = other.program_->buffers[i];
      if (a.place == Place::group || a.place == Place::thread || a.place == Place::data) continue;
      const size_t count = floats(a);
      const bool mayBeUnwritten = a.place != Place::bound;
      for (size_t k = 0; k < count; k++)
        if (!isSame(a.base[k], b.base[k]) && !(mayBeUnwritten && std::isnan(a.base[k]) && b.base[k] == 0))
          throw std::runtime_error("Expected " + std::to_string(b.base[k]) + " as element " + std::to_string(k) + " of buffer " + std::to_string(i) + ", received " + std::to_string(a.base[k]));
    }
  }

  /** Writes the outputs, then all bound buffers. */
  void write(std::ofstream& to) const {
    const auto put = [&](const float* numbers, size_t count) { to.write(reinterpret_cast<const char*>(numbers), count * sizeof(float)); };
    for (const Read& each : recorded_.reads) put(program_->buffers.at(each.buffer).base, each.count);
    for (const Bound& each : bound_) put(each.numbers.data(), each.numbers.size());
  }

 private:
  /** Returns the floats of a buffer for all samples, slots or threads. */
  size_t floats(const Buffer& buffer) const { return program_->copies(buffer.place) * buffer.size; }

  static bool isSame(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

  static void makeOdd(std::vector<float>& numbers) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float odd[] = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity, 3e38f, -1e-40f, 0.f};
    for (size_t i = 0, next = 0; i < numbers.size(); i += 17) numbers[i] = odd[next++ % 6];
  }

  const Recorded& recorded_;
  std::unique_ptr<Program> program_;
  std::vector<Bound> bound_;
};

/** Runs a program with all variations on one width, and writes the results of the first. */
void tryOut(const Recorded& recorded, const Machine& machine, Threads& threads, std::ofstream& results) {
  for (const bool isOdd : {false, true}) {
    Run first(recorded, machine, {THREADS[0], isOdd, false});
    for (int i = 0; i < STEPS; i++) first.step(threads);
    if (!isOdd) first.write(results);
    for (const int count : THREADS) {
      try {
        Run again(recorded, machine, {count, isOdd, true});
        for (int i = 0; i < STEPS; i++) again.step(threads);
        again.compare(first);
      } catch (const std::exception& error) {
        throw std::runtime_error(std::string(error.what()) + " (" + std::to_string(count) + " threads" + (isOdd ? ", special values)" : ")"));
      }
    }
  }
}

int tryAll(const char* programs, const std::string& results) {
  File file(programs);
  Threads threads(4);
  std::vector<std::ofstream> files;
  for (const Machine* each : machines()) files.emplace_back(results + "." + each->name, std::ios::binary);
  const int count = file.integer();
  for (int i = 0; i < count; i++) {
    const Recorded recorded = readProgram(file);
    for (size_t k = 0; k < files.size(); k++) {
      const Machine& machine = *machines()[k];
      std::printf("program %d of %d on %s\n", i + 1, count, machine.name);
      std::fflush(stdout);
      tryOut(recorded, machine, threads, files[k]);
    }
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "Expected a file of programs and a name for the results, received %d words\n", count - 1);
    return 1;
  }
  try {
    return tryAll(words[1], words[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
