#include "driver_run.hpp"

#include <patella/sample_rules.hpp>

#include <algorithm>
#include <climits>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "library.hpp"
#include "no_device.hpp"

namespace patella::host {
namespace {

constexpr uint64_t kTellGarbageEvery = 1000;
// A serial bridge that other drivers may take, too, is held for so long without a value. A board that resets when it is
// opened has answered by then.
constexpr int64_t kSilentTurnUs = 6'000'000, kTurnUs = 7'800'000;
constexpr uint64_t kGlitchBytes = 4;  ///< a line that is switched makes a few: still no answer

/// What the driver may call; puts samples into the ring.
class DriverRun final : public transport::PortEvents {
 public:
  DriverRun(KioskEnd& kiosk, const patella_device& driver, transport::Port& port, const Start& start, int term_fd)
      : kiosk_(kiosk),
        driver_(driver),
        port_(port),
        term_fd_(term_fd),
        serial_(start.transport == "serial"),
        takes_turns_(serial_ && start.wanted.sharers > 0),
        rules_({driver.channels, std::min<uint32_t>(driver.channel_count, PATELLA_MAX_CHANNELS)}) {}

  int run(const Start& start) {
    host_ = {sizeof host_, this, on_write, on_control, on_emit, on_deadline, on_status, on_command_done, on_log};
    self_ = driver_.create(&host_, start.values.data(), static_cast<uint32_t>(start.values.size()));
    if (!self_) {
      kiosk_.send({"error", written(Message("The driver did not accept its parameters; the log says why"))});
      return wire::kExitCannotStart;
    }
    connect();
    while (!exit_code_) turn();
    return finish();
  }

  // ---- from the port

  void received(std::span<const uint8_t> bytes, int64_t t_us) override {
    if (!here_ || bytes.empty()) return;
    now_us_ = t_us;
    bytes_ += bytes.size();
    driver_.received(self_, bytes.data(), static_cast<uint32_t>(bytes.size()), t_us);
  }
  void control_done(uint32_t tag, int status, std::span<const uint8_t> data, int64_t t_us) override {
    if (!here_ || !driver_.control_done) return;
    now_us_ = t_us;
    driver_.control_done(self_, tag, status, data.data(), static_cast<uint32_t>(data.size()), t_us);
  }
  void reported(const std::string& what) override { kiosk_.log(PATELLA_LOG_WARNING, what.c_str()); }
  void gone(transport::Gone reason, const std::string& why) override {
    here_ = false;
    gone_ = true;
    driver_.disconnected(self_, PATELLA_DISCONNECT_UNPLUGGED, monotonic_us());
    kiosk_.send({"gone", std::to_string(static_cast<int>(reason)), why});
    exit_code_ = wire::kExitDeviceGone;
  }

 private:
  static DriverRun& of(void* ctx) { return *static_cast<DriverRun*>(ctx); }
  static int32_t on_write(void* ctx, const uint8_t* data, uint32_t length) {
    DriverRun& run = of(ctx);
    return run.here_ && data && run.port_.write({data, length}) ? 0 : -1;
  }
  static int32_t on_control(void* ctx, uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                            const uint8_t* data, uint16_t length) {
    DriverRun& run = of(ctx);
    const std::span<const uint8_t> bytes = data ? std::span(data, length) : std::span<const uint8_t>();
    return run.here_ && run.port_.control(tag, type, request, value, index, bytes, length) ? 0 : -1;
  }
  static void on_emit(void* ctx, uint32_t channel, int64_t t_us, double value) { of(ctx).emit(channel, t_us, value); }
  static void on_deadline(void* ctx, int64_t t_us) { of(ctx).deadline_us_ = t_us; }
  static void on_status(void* ctx, uint32_t state, const char* text) { of(ctx).status(state, text); }
  static void on_command_done(void* ctx, const char* command, int32_t ok, const char* text) {
    of(ctx).kiosk_.send(
        {"command_done", wire::clean_text(command ? command : ""), ok ? "1" : "0", wire::clean_message(text ? text : "")});
  }
  static void on_log(void* ctx, uint32_t level, const char* text) { of(ctx).kiosk_.log(level, text); }

  /// Drops what device.h forbids, so that one bad packet is a line in the log and not a dead driver.
  void emit(uint32_t channel, int64_t t_us, double value) {
    if (const auto fault = rules_.take(channel, t_us, value, now_us_)) return count_garbage(channel, value, words_of(*fault));
    worked_ = true;
    push(channel, t_us, value);
  }

  void count_garbage(uint32_t channel, double value, const char* fault) {
    if (garbage_++ % kTellGarbageEvery == 0)
      kiosk_.log(PATELLA_LOG_WARNING,
                 fmt::format("A sample {} is dropped: channel {}, value {}; {} so far", fault, channel, value, garbage_).c_str());
  }

  void push(uint32_t channel, int64_t t_us, double value) {
    const auto ring = kiosk_.samples();
    const uint64_t tail = kiosk_.kiosk().tail.load(std::memory_order_acquire);
    if (pushed_ - tail >= ring.size()) {
      kiosk_.head().lost.store(++lost_, std::memory_order_release);
      return;
    }
    ring[pushed_ & (ring.size() - 1)] = {pushed_ + 1, t_us, value, channel, 0};
    kiosk_.head().head.store(++pushed_, std::memory_order_release);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (kiosk_.kiosk().tail.load(std::memory_order_relaxed) + 1 >= pushed_) kiosk_.wake_kiosk();
  }

  void status(uint32_t state, const char* text) {
    const std::string clean = wire::clean_message(text ? text : "");
    worked_ = worked_ || state == PATELLA_DEVICE_LIVE || state == PATELLA_DEVICE_NOTICE || state == PATELLA_DEVICE_FAILED;
    if (state == PATELLA_DEVICE_NOT_MINE) return serial_ && bytes_ < kGlitchBytes ? give_back(clean) : not_mine(clean);
    if (!worked_) last_text_ = clean;
    kiosk_.send({"state", std::to_string(state), clean});
  }

  void not_mine(const std::string& why) {
    kiosk_.send({"not_mine", port_.identity().port, why});
    if (!exit_code_) exit_code_ = wire::kExitNotMine;
  }

  /// Nobody answered: that is no word on whose device it is. It may be switched on later.
  void give_back(const std::string& why) {
    kiosk_.send({"no_answer", port_.identity().port, why});
    if (!exit_code_) exit_code_ = wire::kExitNoAnswer;
  }

  /// When it is another driver's turn; INT64_MAX: never.
  int64_t turn_ends_us() const {
    if (!takes_turns_ || worked_ || !here_) return INT64_MAX;
    return opened_us_ + (bytes_ < kGlitchBytes ? kSilentTurnUs : kTurnUs);
  }

  void connect() {
    const transport::Identity& device = port_.identity();
    patella_device_identity identity{};
    identity.size = sizeof identity;
    identity.vendor = device.vendor;
    identity.product = device.product;
    identity.manufacturer = device.manufacturer.c_str();
    identity.product_name = device.product_name.c_str();
    identity.serial = device.serial_number.c_str();
    identity.port = device.port.c_str();
    identity.in_packet_size = device.in_packet_size;
    identity.out_packet_size = device.out_packet_size;
    here_ = true;
    now_us_ = opened_us_ = monotonic_us();
    rules_.connected(opened_us_);
    driver_.connected(self_, &identity, now_us_);
  }

  void turn() {
    kiosk_.beat();
    fds_.clear();
    port_.wait_fds(fds_);
    fds_.push_back({wire::kControlFd, POLLIN, 0});
    fds_.push_back({term_fd_, POLLIN, 0});
    const int64_t beat_us = monotonic_us() + wire::kBeatEveryUs;
    wait_for(fds_, std::min({deadline_us_, port_.deadline_us(), beat_us, turn_ends_us()}));
    kiosk_.beat();
    const bool control = fds_[fds_.size() - 2].revents != 0;
    const bool term = fds_.back().revents != 0;
    port_.service(*this);
    if (here_ && monotonic_us() >= deadline_us_) tick();
    if (!exit_code_ && monotonic_us() >= turn_ends_us()) give_back(last_text_);
    if (control) take_message();
    if (term && !exit_code_) exit_code_ = wire::kExitOrderly;
  }

  void tick() {
    deadline_us_ = INT64_MAX;
    now_us_ = monotonic_us();
    driver_.tick(self_, now_us_);
  }

  void take_message() {
    const std::optional<wire::Message> message = kiosk_.receive();
    if (kiosk_.lost() || (message && message->front() == "stop")) {
      if (!exit_code_) exit_code_ = wire::kExitOrderly;
    } else if (message && message->front() == "command" && message->size() == 3 && here_) {
      now_us_ = monotonic_us();
      const char* name = (*message)[1].c_str();
      const int32_t accepted = driver_.command ? driver_.command(self_, name, wire::to_double((*message)[2]), now_us_) : -1;
      if (accepted != 0) kiosk_.send({"command_done", name, "0", written(Message("The device cannot do this now"))});
    }
  }

  /// A last write that the driver queues in disconnected() leaves when the port is closed.
  int finish() {
    if (!gone_) driver_.disconnected(self_, PATELLA_DISCONNECT_CLOSED, monotonic_us());
    here_ = false;
    driver_.destroy(self_);
    return *exit_code_;
  }

  KioskEnd& kiosk_;
  const patella_device& driver_;
  transport::Port& port_;
  int term_fd_;
  patella_device_host host_{};
  void* self_ = nullptr;
  const bool serial_, takes_turns_;
  bool here_ = false, gone_ = false;
  bool worked_ = false;    ///< it gave a value, or the driver knows it for its own
  uint64_t bytes_ = 0;     ///< ever received
  std::string last_text_;  ///< what the driver said while nothing worked
  std::optional<int> exit_code_;
  int64_t now_us_ = 0, opened_us_ = 0, deadline_us_ = INT64_MAX;
  rules::SampleRules rules_;
  uint64_t pushed_ = 0, lost_ = 0, garbage_ = 0;
  std::vector<pollfd> fds_;
};

/// Polls until a device is open. Null: the kiosk wants an end.
std::unique_ptr<transport::Port> wait_for_device(KioskEnd& kiosk, transport::Finder& finder, int term_fd) {
  std::vector<pollfd> fds;
  std::string told = "-";
  while (true) {
    if (std::unique_ptr<transport::Port> port = finder.service()) return port;
    const std::string trouble = finder.trouble();
    if (trouble != told) kiosk.send({"waiting", wire::clean_text(told = trouble)});
    fds.clear();
    finder.wait_fds(fds);
    fds.push_back({wire::kControlFd, POLLIN, 0});
    fds.push_back({term_fd, POLLIN, 0});
    wait_for(fds, finder.deadline_us());
    if (fds.back().revents) return nullptr;
    if (fds[fds.size() - 2].revents) {
      kiosk.receive();  // commands make no sense without a device
      if (kiosk.lost()) return nullptr;
    }
  }
}

const char* transport_name(uint32_t transport) {
  return transport == PATELLA_TRANSPORT_HID ? "hid" : transport == PATELLA_TRANSPORT_BULK ? "bulk" : "serial";
}

int cannot_start(KioskEnd& kiosk, const std::string& why) {
  kiosk.send({"error", wire::clean_message(why)});
  return wire::kExitCannotStart;
}

int load_and_run(KioskEnd& kiosk, transport::Port& port, const std::filesystem::path& file, const Start& start,
                 const ConfineOptions& confine, int term_fd) {
  const transport::Identity& device = port.identity();
  kiosk.send({"opened", wire::clean_text(device.product_name), wire::clean_text(device.serial_number), device.port});
  const std::vector<Layer> loading = confine_for_loading(confine, file);
  const Result<Library> library = load_library(file);
  if (!library) return cannot_start(kiosk, written(library.error().messages()));
  const std::vector<Layer> running = confine_for_running(confine);
  kiosk.send_layers(loading);
  kiosk.send_layers(running);
  if (!library->is_driver) return cannot_start(kiosk, written(Message("The plugin is an exercise module, not a driver")));
  if (start.transport != "none" && start.transport != transport_name(library->device.transport))
    return cannot_start(kiosk, written(Message("The driver wants the transport {0}, its plugin.toml says {1}",
                                               Name{transport_name(library->device.transport)}, Name{start.transport})));
  kiosk.beat();
  kiosk.send({"loaded"});
  return DriverRun(kiosk, library->device, port, start, term_fd).run(start);
}

}  // namespace

int run_driver(KioskEnd& kiosk, const std::filesystem::path& library, const Start& start, const ConfineOptions& confine,
               bool allow_no_device, int term_fd) {
  if (start.transport == "none") {
    if (!allow_no_device) return cannot_start(kiosk, "The transport \"none\" is for tests only");
    NoDevice port;
    return load_and_run(kiosk, port, library, start, confine, term_fd);
  }
  const SystemClock clock;
  Result<std::unique_ptr<transport::Finder>> finder = transport::Finder::make(start.wanted, clock);
  if (!finder) return cannot_start(kiosk, finder.error().text());
  for (const std::string& refused : start.refused_ports) (*finder)->refuse(refused);  // by earlier children of this driver
  for (const auto& [postponed, for_us] : start.postponed_ports) (*finder)->postpone(postponed, for_us);
  const std::unique_ptr<transport::Port> port = wait_for_device(kiosk, **finder, term_fd);
  if (!port) return wire::kExitOrderly;
  return load_and_run(kiosk, *port, library, start, confine, term_fd);
}

}  // namespace patella::host
