#include "plugin_link/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace patella::plugin_link {
namespace {

constexpr int kMessagesARound = 16;
constexpr int kMaxMessagesASecond = 2000;
constexpr int64_t kStartLimitUs = 5'000'000;
constexpr int64_t kStuckAfterUs = 2'000'000;
constexpr int64_t kClosedWaitUs = 500'000;
constexpr int64_t kFreeRestartPauseUs = 250'000, kLeisurePauseUs = 5'000'000;
constexpr std::size_t kQuickAMinute = 10;
constexpr int kTermWaitMs = 500, kKillWaitMs = 100;

/// What a plugin's process may not do. `what` is for whoever makes the plugin, in English.
Message broken_rule(const std::string& what) { return Message("Its process broke a rule and was ended: {0}", Name{what}); }

Error failed(const char* what) {
  return {fmt::format("A plugin's process cannot be started ({}: {})", what, std::strerror(errno)), "", ""};
}

}  // namespace

Supervisor::Supervisor(const HostOptions& options, Message name, const Clock& clock, Log& log, ChildProtocol& protocol)
    : options_(options),
      shown_name_(std::move(name)),
      name_(english(shown_name_)),
      clock_(clock),
      log_(log),
      protocol_(protocol),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      hang_(options.heartbeat_timeout_s) {}

Supervisor::~Supervisor() {
  if (process_.pid() == 0) return;
  begin_stop();
  const int64_t waited_ms = (clock_.now_us() - stop_us_) / 1000;
  if (process_.wait(static_cast<int>(std::clamp<int64_t>(kTermWaitMs - waited_ms, 0, kTermWaitMs)))) return;
  process_.signal(SIGKILL);
  if (!process_.wait(kKillWaitMs)) log_.warning("{}: its process {} cannot be ended and is left", name_, process_.pid());
}

int64_t Supervisor::deadline_us() const {
  return std::min({restart_us_, start_limit_us_, closed_us_, stuck_us_, hang_.next_us()});
}

void Supervisor::watch(int fd, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Supervisor::unwatch(int fd) {
  if (fd >= 0) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Supervisor::service() {
  // Its memory is looked at in any case. To ask the socket and the kernel too, a hundred times a second, costs more than to read samples.
  epoll_event events[8];
  const int count = epoll_wait(epoll_.get(), events, 8, 0);
  Ready ready;
  for (int i = 0; i < count; ++i) {
    ready.messages |= events[i].data.fd == control_.get();
    ready.end |= events[i].data.fd == process_.pidfd();
  }
  const int64_t now_us = clock_.now_us();
  if (process_.pid() != 0) check_child(ready, now_us);
  std::erase_if(left_behind_, [](HostProcess& process) { return process.reap().has_value(); });
  if (process_.pid() == 0 && !stopping_ && !quarantined_ && now_us >= restart_us_) start_child(now_us);
}

// ---- start -----------------------------------------------------------------------------------------------

void Supervisor::start_child(int64_t now_us) {
  const Status started = try_start(now_us);
  if (started) return;
  control_.reset();
  plan_after(AfterEnd::back_off, started.error().messages(), now_us);
}

Status Supervisor::try_start(int64_t now_us) {
  Result<SharedMemory> child = SharedMemory::make(SharedMemory::Writer::child, protocol_.child_bytes());
  if (!child) return child.error();
  Result<SharedMemory> kiosk = SharedMemory::make(SharedMemory::Writer::kiosk, protocol_.kiosk_bytes());
  if (!kiosk) return kiosk.error();
  int pair[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) return failed("socketpair");
  control_.reset(pair[0]);
  const UniqueFd childs_control(pair[1]);
  to_kiosk_.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  to_child_.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!to_kiosk_ || !to_child_) return failed("eventfd");

  child_memory_ = std::move(*child);
  kiosk_memory_ = std::move(*kiosk);
  Result<HostProcess> process = HostProcess::start(options_, protocol_.arguments(),
                                                   {{childs_control.get(), wire::kControlFd},
                                                    {child_memory_.fd(), wire::kChildPageFd},
                                                    {kiosk_memory_.fd(), wire::kKioskPageFd},
                                                    {to_kiosk_.get(), wire::kToKioskFd},
                                                    {to_child_.get(), wire::kToChildFd}});
  child_memory_.close_fd();
  kiosk_memory_.close_fd();
  if (!process) return process.error();
  process_ = std::move(*process);
  started_us_ = now_us;
  restart_us_ = INT64_MAX;
  expect_loaded(now_us);
  fault_ = {};
  complaint_.clear();
  last_line_.clear();
  layers_.clear();
  watch(to_kiosk_.get(), EPOLLIN | EPOLLET);
  watch(control_.get(), EPOLLIN);
  watch(process_.pidfd(), EPOLLIN);
  protocol_.started(now_us);
  if (!send(protocol_.start_message())) end_child(Message("Its process could not be given its parameters: they are too many"));
  return {};
}

// ---- messages --------------------------------------------------------------------------------------------

bool Supervisor::send(const wire::Message& message) {
  const std::string bytes = wire::encode(message);
  if (!control_ || bytes.size() > wire::kMaxToChild) return false;
  return ::send(control_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

void Supervisor::wake_child() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(to_child_.get(), &one, sizeof one);
}

void Supervisor::read_messages(int64_t now_us, int most) {
  char bytes[wire::kMaxToKiosk + 1];
  for (int i = 0; i < most; ++i) {
    // recv and not recvmsg: without room for them the kernel drops descriptors that a plugin sends along.
    const ssize_t length = recv(control_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (length == 0) return control_closed(now_us);
    if (length < 0) return;
    if (now_us / 1'000'000 != message_second_) {
      message_second_ = now_us / 1'000'000;
      messages_ = 0;
    }
    if (++messages_ > kMaxMessagesASecond) return end_child(broken_rule("a flood of messages"));
    if (static_cast<std::size_t>(length) > wire::kMaxToKiosk) return end_child(broken_rule("a message that is too long"));
    take_message(wire::decode(std::string_view(bytes, static_cast<std::size_t>(length)), 16), now_us);
    if (!fault_.empty()) return;
  }
}

/// The end of the child, most likely. One that closed its socket and lives on gets half a second.
void Supervisor::control_closed(int64_t now_us) {
  if (closed_us_ != INT64_MAX) return;
  unwatch(control_.get());
  closed_us_ = now_us + kClosedWaitUs;
}

void Supervisor::take_message(const wire::Message& given, int64_t now_us) {
  wire::Message message;
  for (const std::string& text : given) message.push_back(wire::clean_message(text, 1000));
  const std::string& kind = message.front();
  if (kind == "layer" && message.size() == 4) {
    if (layers_.size() < 32)
      layers_.push_back({wire::clean_text(message[1], 1000), message[2] == "1", wire::clean_text(message[3], 1000)});
  } else if (kind == "log" && message.size() == 3) {
    note_log(message);
  } else if (kind == "error" && message.size() == 2) {
    complaint_ = patella::read_messages(message[1]);
  } else {
    protocol_.message(message, now_us);
  }
}

void Supervisor::note_log(const wire::Message& message) {
  const int64_t level = std::clamp<int64_t>(wire::to_int(message[1]), 1, 4);
  log_.write(static_cast<LogLevel>(level), fmt::format("{}: {}", name_, wire::clean_text(message[2], 1000)));
  if (level >= static_cast<int>(LogLevel::warning)) last_line_ = wire::clean_text(message[2], 1000);
}

// ---- watching --------------------------------------------------------------------------------------------

void Supervisor::check_child(const Ready& ready, int64_t now_us) {
  if (fault_.empty()) {
    if (ready.messages) read_messages(now_us, kMessagesARound);
    // Also after a message against the rules: what it measured before is still checked one by one.
    const std::string wrong = protocol_.read_memory(now_us);
    if (!wrong.empty()) end_child(broken_rule(wrong));
  }
  if (ready.end)
    if (const std::optional<Ended> how = process_.reap()) return child_ended(*how, now_us);
  if (fault_.empty()) check_heartbeat(now_us);
  if (fault_.empty() && now_us >= start_limit_us_)
    end_child(Message("Its process was not ready within {0}", Quantity{kStartLimitUs / 1e6, 0, "s"}));
  if (fault_.empty() && now_us >= closed_us_) end_child(broken_rule("a closed control socket"));
  if (now_us >= stuck_us_) leave_behind(now_us);
}

void Supervisor::expect_loaded(int64_t now_us) { start_limit_us_ = now_us + kStartLimitUs; }

void Supervisor::expect_beats(int64_t now_us) {
  start_limit_us_ = INT64_MAX;
  hang_.start(now_us, head().beat_us.load(std::memory_order_relaxed), starved_us(process_.pid()));
}

void Supervisor::check_heartbeat(int64_t now_us) {
  if (now_us < hang_.next_us()) return;
  const int64_t beat_us = head().beat_us.load(std::memory_order_relaxed);
  // The child can write any value: one that this clock cannot have given yet is no beat.
  if (beat_us > clock_.now_us() || beat_us < started_us_) return end_child(broken_rule("an impossible heartbeat"));
  if (hang_.look(now_us, beat_us, starved_us(process_.pid())))
    end_child(Message("Its process did not answer for {0} and was ended", Quantity{options_.heartbeat_timeout_s, 2, "s"}));
}

void Supervisor::end_child(Message fault) {
  if (process_.pid() == 0 || !fault_.empty()) return;
  fault_ = std::move(fault);
  hang_.stop();
  start_limit_us_ = closed_us_ = INT64_MAX;
  stuck_us_ = clock_.now_us() + kStuckAfterUs;
  process_.signal(SIGKILL);
}

void Supervisor::leave_behind(int64_t now_us) {
  log_.warning("{}: process {} does not end although it was killed; it is left behind", name_, process_.pid());
  unwatch(process_.pidfd());
  left_behind_.push_back(std::move(process_));
  process_ = HostProcess();
  child_ended({true, SIGKILL}, now_us);
}

Messages Supervisor::reason_for(const Ended& how) const {
  if (!complaint_.empty()) return complaint_;
  Messages reason = fault_.empty() ? how.message() : fault_;
  if (!last_line_.empty()) reason.push_back(Message("Its last words: {0}", Name{last_line_}));
  return reason;
}

void Supervisor::child_ended(const Ended& how, int64_t now_us) {
  // What a dead child has left is still good: messages first, then samples and outputs.
  if (fault_.empty()) read_messages(now_us, kMaxMessagesASecond);
  if (fault_.empty()) {
    const std::string wrong = protocol_.read_memory(now_us);
    if (!wrong.empty()) fault_ = broken_rule(wrong);
  }
  hang_.stop();
  start_limit_us_ = closed_us_ = stuck_us_ = INT64_MAX;
  Messages reason = reason_for(how);
  // By hand: a child that was left behind still holds the same open files, so closing alone would not unwatch them.
  for (const int fd : {control_.get(), to_kiosk_.get(), process_.pidfd()}) unwatch(fd);
  control_.reset();
  to_kiosk_.reset();
  to_child_.reset();
  process_ = HostProcess();
  if (stopping_) return;
  const AfterEnd after = protocol_.ended(how, !fault_.empty(), reason);
  plan_after(after, reason, now_us);
}

void Supervisor::plan_after(AfterEnd after, const Messages& reason, int64_t now_us) {
  if (after == AfterEnd::at_leisure) {
    std::erase_if(leisure_us_, [&](int64_t then_us) { return then_us <= now_us - RestartPolicy::kWindowUs; });
    leisure_us_.push_back(now_us);
    restart_us_ = now_us + (leisure_us_.size() > kQuickAMinute ? kLeisurePauseUs : kFreeRestartPauseUs);
    return;
  }
  if (after == AfterEnd::at_once) {
    // A plugin that only pretends must not make us spin.
    const bool again = free_restart_us_ != 0 && now_us - free_restart_us_ < kFreeRestartPauseUs;
    restart_us_ = again ? now_us + kFreeRestartPauseUs : now_us;
    free_restart_us_ = now_us;
    return;
  }
  const std::optional<int64_t> again_us = policy_.died(now_us);
  quarantined_ = after == AfterEnd::quarantine || !again_us;
  restart_us_ = quarantined_ ? INT64_MAX : *again_us;
  log_.warning("{}: {}{}", name_, english(reason), quarantined_ ? "; given up" : "");
  Messages told =
      quarantined_ ? Message("{0} was given up", shown_name_) : Message("{0} has stopped and starts again", shown_name_);
  told.insert(told.end(), reason.begin(), reason.end());
  protocol_.told_state(quarantined_ ? LinkState::quarantined : LinkState::down, told);
}

// ---- ending ----------------------------------------------------------------------------------------------

void Supervisor::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  restart_us_ = INT64_MAX;
  stop_us_ = clock_.now_us();
  hang_.stop();
  process_.signal(SIGTERM);
}

void Supervisor::retry() {
  if (!quarantined_) return;
  quarantined_ = false;
  policy_.forget();
  restart_us_ = 0;
}

}  // namespace patella::plugin_link
