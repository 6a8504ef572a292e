#include "runtime/store_thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace patella::runtime {

namespace {
constexpr int64_t kLastTriesUs = 5'000'000;
}  // namespace

Result<std::unique_ptr<StoreThread>> StoreThread::make(const std::filesystem::path& file, const Clock& clock, Log& log) {
  auto opened = store::Store::open(file);
  if (!opened) return opened.error();
  return std::unique_ptr<StoreThread>(new StoreThread(std::move(opened->store), std::move(opened->notice), clock, log));
}

StoreThread::StoreThread(std::unique_ptr<store::Store> store, Messages notice, const Clock& clock, Log& log)
    : StoreQueue(std::move(store), std::move(notice), clock, log), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  {
    std::lock_guard lock(mutex());
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

/// The first sample after a commit wakes it, and begins the time until the next one; those that follow are there when it has come.
void StoreThread::queued(bool may_wait) {
  if (idle_.exchange(false) || !may_wait) wake_.notify_one();
}

/// For a job or a time at which something is to be committed. True: the end was asked for.
bool StoreThread::wait() {
  const int64_t deadline = deadline_us();
  std::unique_lock lock(mutex());
  if (all_committed()) {
    idle_ = !has_jobs();  // under the lock: what is queued from here on sees it
    wake_.wait(lock, [this] { return stop_ || has_jobs(); });
    idle_ = false;
  } else {
    wake_.wait_for(lock, std::chrono::microseconds(std::max<int64_t>(deadline - clock().now_us(), 1'000)),
                   [this] { return stop_ || has_pressing_jobs(); });
  }
  return stop_;
}

void StoreThread::run() {
  int64_t stop_by_us = -1;
  for (;;) {
    const bool stopping = wait();
    work(stopping);
    if (!stopping) continue;
    if (stop_by_us < 0) stop_by_us = clock().now_us() + kLastTriesUs;
    if (all_committed() || clock().now_us() >= stop_by_us) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the disk is full or gone: a last few tries
  }
}

}  // namespace patella::runtime
