// Decodes programs and allocates their memory.
#include "common-error.h"
#include "program.h"

namespace convnotes {
namespace {

/** Reads integers in sequence. */
class Reader {
 public:
  Reader(const int32_t* at, size_t count) : at_(at), end_(at + count) {}
  int32_t next() {
    if (at_ == end_) throw CodedError(Rule::internal, "Expected a complete program, received one that ends too early");
    return *at_++;
  }
  /** A list: its length, then its items. */
  std::vector<int> list() {
    const int32_t length = next();
    if (length < 0 || length > end_ - at_) throw CodedError(Rule::internal, "Expected a list of integers, received an invalid length");
    std::vector<int> items(at_, at_ + length);
    at_ += length;
    return items;
  }
  bool isAtEnd() const { return at_ == end_; }

 private:
  const int32_t *at_, *end_;
};

}  // namespace

std::unique_ptr<Program> decode(const int32_t* integers, size_t count, const float* numbers, size_t numberCount) {
  Reader reader(integers, count);
  auto program = std::make_unique<Program>();
  program->samples = reader.next();
  program->slots = reader.next();
  program->group = reader.next();
  program->stepIntegers.resize(reader.next());
  program->stepNumbers.resize(reader.next());
  const int bufferCount = reader.next();
  for (int i = 0; i < bufferCount; i++) {
    const auto place = static_cast<Place>(reader.next());
    const long size = reader.next();
    program->buffers.push_back({place, size});
  }
  size_t used = 0;
  const int phaseCount = reader.next();
  for (int i = 0; i < phaseCount; i++) {
    Phase phase;
    phase.isOfSamples = reader.next() != 0;
    phase.guard = reader.next();
    phase.cleared = reader.list();
    const int instructionCount = reader.next();
    for (int k = 0; k < instructionCount; k++) {
      Instruction instruction;
      instruction.operation = reader.next();
      instruction.buffers = reader.list();
      for (const int each : instruction.buffers)
        if (each < 0 || each >= bufferCount) throw CodedError(Rule::internal, "Expected the index of a buffer, received one that does not exist");
      instruction.integers = reader.list();
      const int own = reader.next();
      if (own < 0 || used + own > numberCount) throw CodedError(Rule::internal, "Expected all float operands of the instructions, received fewer");
      instruction.numbers.assign(numbers + used, numbers + used + own);
      used += own;
      phase.instructions.push_back(std::move(instruction));
    }
    program->phases.push_back(std::move(phase));
  }
  if (!reader.isAtEnd()) throw CodedError(Rule::internal, "Expected the end of the program, received more integers");
  return program;
}

size_t Program::copies(Place place) const {
  switch (place) {
    case Place::batch:
      return samples;
    case Place::group:
      return (size_t)group * threads;
    case Place::slot:
      return slots;
    case Place::thread:
      return threads;
    default:
      return 1;
  }
}

void Program::allocate(int threadCount, Keep keep) {
  threads = threadCount;
  for (Buffer& buffer : buffers) {
    // Slots and threads must not share a cache line.
    if (buffer.place == Place::slot || buffer.place == Place::thread) buffer.size = (buffer.size + 31) / 32 * 32;
    if (buffer.place == Place::bound || buffer.place == Place::data) continue;
    const size_t floats = copies(buffer.place) * buffer.size;
    if (keep == Keep::all || (keep == Keep::shared && buffer.place == Place::shared)) {
      buffer.base = zeros(floats);
      owned_.push_back(buffer.base);
    } else {
      buffer.offset = scratch_;
      scratch_ += (floats + SLACK + 15) / 16 * 16;
    }
  }
}

void Program::use(Memory& memory) {
  float* base = memory.reserve(scratch_);
  for (Buffer& buffer : buffers)
    if (buffer.offset >= 0) buffer.base = base + buffer.offset;
}

Program::~Program() {
  for (float* each : owned_) release(each);
}

}  // namespace convnotes
