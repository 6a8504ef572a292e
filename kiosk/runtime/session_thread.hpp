// The session thread: runs an engine whenever there is something for it, and sleeps otherwise.
#pragma once

#include <atomic>
#include <thread>

#include "base/unique_fd.hpp"
#include "runtime/engine.hpp"

namespace patella::runtime {

class SessionThread final : public EngineRunner {
 public:
  SessionThread();
  ~SessionThread() override { stop(); }

  void run(Engine& engine) override;
  void wake() override;
  void watch(int fd) override;
  void stop() override;

 private:
  void loop(Engine& engine);

  UniqueFd epoll_, wake_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace patella::runtime
