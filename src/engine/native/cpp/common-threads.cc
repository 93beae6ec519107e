// Threads that spin while they wait, and sleep after some time.
#include "common-threads.h"

namespace convnotes {
namespace {

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/**
 * Rounds of spinning before a thread yields, and before it sleeps: about 50 and 200 microseconds.
 */
constexpr int SPIN_ROUNDS = 4000, ROUNDS_BEFORE_SLEEP = 6000;

}  // namespace

void Barrier::wait() {
  const int turn = turn_.load(std::memory_order_relaxed);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) == threads_ - 1) {
    arrived_.store(0, std::memory_order_relaxed);
    turn_.store(turn + 1, std::memory_order_release);
    return;
  }
  for (int round = 0; turn_.load(std::memory_order_acquire) == turn; round++) {
    if (round < SPIN_ROUNDS) pause();
    else std::this_thread::yield();
  }
}

Threads::Threads(int count) {
  for (int thread = 1; thread < count; thread++) workers_.emplace_back([this, thread] { work(thread); });
}

Threads::~Threads() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    isOver_ = true;
    turn_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void Threads::run(const std::function<void(int)>& job) {
  if (workers_.empty()) {
    job(0);
    return;
  }
  bool someSleep;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    job_ = &job;
    busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
    turn_.fetch_add(1, std::memory_order_release);
    someSleep = sleeping_ > 0;
  }
  if (someSleep) wake_.notify_all();
  job(0);
  for (int round = 0; busy_.load(std::memory_order_acquire) > 0; round++) {
    if (round < SPIN_ROUNDS) pause();
    else std::this_thread::yield();
  }
}

void Threads::work(int thread) {
  int seen = 0;
  for (;;) {
    for (int round = 0; turn_.load(std::memory_order_acquire) == seen && round < ROUNDS_BEFORE_SLEEP; round++) {
      if (round < SPIN_ROUNDS) pause();
      else std::this_thread::yield();
    }
    if (turn_.load(std::memory_order_acquire) == seen) {
      std::unique_lock<std::mutex> lock(mutex_);
      sleeping_++;
      wake_.wait(lock, [&] { return turn_.load(std::memory_order_acquire) != seen; });
      sleeping_--;
    }
    seen++;
    if (isOver_) return;
    (*job_)(thread);
    busy_.fetch_sub(1, std::memory_order_acq_rel);
  }
}

}  // namespace convnotes
