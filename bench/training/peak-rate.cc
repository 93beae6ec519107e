// Measures the processor's peak rate: multiply-adds of its widest vectors in registers, on all
// cores at once. Prints the operations per second; a multiply-add counts as two.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#if defined(__AVX512F__)
constexpr int WIDTH = 16;
#elif defined(__AVX__)
constexpr int WIDTH = 8;
#else
constexpr int WIDTH = 4;
#endif
typedef float Vector __attribute__((vector_size(WIDTH * 4)));

// Independent sums: more than two units of four cycles need, fewer than the registers.
constexpr int SUMS = 12;
constexpr int ROUNDS = 1 << 16;

// Keeps a vector in a register, so that the compiler cannot compute the loop in advance.
#if defined(__x86_64__)
#define KEEP(vector) asm volatile("" : "+v"(vector))
#else
#define KEEP(vector) asm volatile("" : "+w"(vector))
#endif

static double rateOfThread(double seconds) {
  typedef std::chrono::steady_clock Clock;
  Vector sums[SUMS] = {}, factor = Vector{} + .5f, addend = Vector{} + 1.f;
  KEEP(factor);
  KEEP(addend);
  const auto began = Clock::now();
  std::chrono::duration<double> took{};
  double operations = 0;
  do {
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
      for (int i = 0; i < SUMS; i++) {
        sums[i] = sums[i] * factor + addend;
        KEEP(sums[i]);
      }
    }
    operations += 2. * ROUNDS * SUMS * WIDTH;
    took = Clock::now() - began;
  } while (took.count() < seconds);
  return operations / took.count();
}

int main() {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  double best = 0;
  // The best of several rounds: other work on the machine only makes a round slower.
  for (int round = 0; round < 5; round++) {
    std::vector<double> rates(cores);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < cores; i++) threads.emplace_back([&, i] { rates[i] = rateOfThread(.2); });
    for (std::thread& each : threads) each.join();
    double sum = 0;
    for (const double rate : rates) sum += rate;
    best = std::max(best, sum);
  }
  std::printf("%.0f\n", best);
}
