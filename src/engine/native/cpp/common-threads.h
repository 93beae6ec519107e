// A pool of threads that share the work of a step with the calling thread.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace convnotes {

/** A barrier for threads. Waits are short, so threads spin. */
class Barrier {
 public:
  void reset(int threads) { threads_ = threads; }
  void wait();

 private:
  int threads_ = 1;
  std::atomic<int> arrived_{0}, turn_{0};
};

/** A pool of threads that run one job at a time and sleep between jobs. */
class Threads {
 public:
  /** `count` includes the thread that calls `run`. */
  explicit Threads(int count);
  ~Threads();
  int count() const { return static_cast<int>(workers_.size()) + 1; }
  /** Calls job(0) to job(count − 1), each on another thread, and waits for all. */
  void run(const std::function<void(int)>& job);

 private:
  void work(int thread);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  const std::function<void(int)>* job_ = nullptr;
  std::atomic<int> turn_{0}, busy_{0};
  int sleeping_ = 0;
  bool isOver_ = false;
};

}  // namespace convnotes
