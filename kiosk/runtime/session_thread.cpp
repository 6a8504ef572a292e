#include "runtime/session_thread.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>

namespace patella::runtime {

SessionThread::SessionThread() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;  // so that nobody has to read it
  event.data.fd = wake_.get();
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
}

void SessionThread::run(Engine& engine) {
  thread_ = std::thread([this, &engine] { loop(engine); });
}

void SessionThread::wake() { eventfd_write(wake_.get(), 1); }

void SessionThread::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void SessionThread::stop() {
  stop_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

void SessionThread::loop(Engine& engine) {
  const SystemClock clock;
  constexpr int kMaxReady = 16;
  while (!stop_) {
    const int64_t wait_us = engine.deadline_us() - clock.now_us();
    const int timeout_ms = wait_us <= 0 ? 0 : static_cast<int>(std::min<int64_t>(wait_us / 1000 + 1, 60'000));
    epoll_event events[kMaxReady];
    const int count = epoll_wait(epoll_.get(), events, kMaxReady, timeout_ms);
    int ready[kMaxReady];
    for (int i = 0; i < count; ++i) ready[i] = events[i].data.fd;
    engine.turn({ready, static_cast<std::size_t>(std::max(count, 0))});
  }
  engine.end_links();
}

}  // namespace patella::runtime
