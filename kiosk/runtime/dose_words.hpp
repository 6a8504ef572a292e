// How a plan's dose reads: the exercise module says it, in a child process that nobody waits for.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "params/value.hpp"
#include "plugin_link/plugin_info.hpp"

namespace patella::runtime {

class DoseWords {
 public:
  using Lines = Result<std::vector<std::string>>;  ///< messages (patella/plugin.h)
  virtual ~DoseWords() = default;
  /// `then` is called once, on another thread or at once; not after the destructor. `module` stays longer than this.
  virtual void describe(const plugin_link::PluginInfo& module, params::Values values, std::function<void(Lines)> then) = 0;
};

/// One after the other, on a thread of its own, which lives as long as this: a child dies with the thread that made it.
class HostDoseWords final : public DoseWords {
 public:
  explicit HostDoseWords(std::filesystem::path host_program);
  ~HostDoseWords() override;  ///< waits for the child at work (5 s at most); what is queued is dropped
  void describe(const plugin_link::PluginInfo& module, params::Values values, std::function<void(Lines)> then) override;

 private:
  struct Job {
    const plugin_link::PluginInfo* module;
    params::Values values;
    std::function<void(Lines)> then;
  };
  void run();

  const std::filesystem::path host_program_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  ///< under mutex_
  bool ends_ = false;     ///< under mutex_
  std::thread thread_;
};

}  // namespace patella::runtime
