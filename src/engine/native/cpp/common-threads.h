// The threads that do a step's work together with the one that asks for it.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace convnotes {

/** Lets some threads wait for each other. Waits are short, so they are spent awake. */
class Barrier {
 public:
  void reset(int threads) { threads_ = threads; }
  void wait();

 private:
  int threads_ = 1;
  std::atomic<int> arrived_{0}, turn_{0};
};

/** Threads that run one job after the other, and sleep in between. */
class Threads {
 public:
  /** `count` includes the thread that calls `run`. */
  explicit Threads(int count);
  ~Threads();
  int count() const { return static_cast<int>(workers_.size()) + 1; }
  /** Calls job(0 … count − 1), each on a thread of its own, and waits for all. */
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
