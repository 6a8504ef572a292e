#include "runtime/dose_words.hpp"

#include <utility>

namespace patella::runtime {

HostDoseWords::HostDoseWords(std::filesystem::path host_program) : host_program_(std::move(host_program)) {
  thread_ = std::thread([this] { run(); });
}

HostDoseWords::~HostDoseWords() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void HostDoseWords::describe(const plugin_link::PluginInfo& module, params::Values values, std::function<void(Lines)> then) {
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back({&module, std::move(values), std::move(then)});
  }
  changed_.notify_one();
}

void HostDoseWords::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    auto doses = plugin_link::describe_doses(host_program_, *job.module, {job.values});
    if (!doses)
      job.then(doses.error());
    else
      job.then(doses->empty() ? std::vector<std::string>{} : std::move(doses->front()));
    lock.lock();
  }
}

}  // namespace patella::runtime
