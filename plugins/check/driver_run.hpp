// One instance of a driver at the SDK's scripted host, with a described device behind it; broken rules become findings.
#pragma once

#include <patella/scripted_driver_host.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device_script/script_player.hpp"
#include "device_talk.hpp"
#include "findings.hpp"
#include "plugin.hpp"

namespace patella::check {

using device_script::DeviceScript;

constexpr int64_t kSecond = 1'000'000;

class DriverRun {
 public:
  struct Sample {
    uint32_t channel;
    int64_t t_us;
    double value;
    bool operator==(const Sample&) const = default;
  };

  DriverRun(const Plugin& plugin, Findings& findings, Values values);
  DriverRun(const DriverRun&) = delete;
  DriverRun& operator=(const DriverRun&) = delete;

  /// What the device answers and says; before connect(). It outlives the run.
  void play(const DeviceScript& script);
  bool create();  ///< false: it gave NULL
  void connect();
  void receive(std::span<const uint8_t> bytes) { host_->receive(bytes); }
  /// Lets the time pass; the ticks asked for come at their time, and so does what the script says.
  void advance(int64_t us);
  /// Time that nobody noticed: the machine slept.
  void sleep(int64_t us) { host_->now_us += us; }
  void tick_now() { host_->tick(); }
  void control_answer(uint32_t tag, int32_t status, std::span<const uint8_t> bytes) { host_->end_control(tag, status, bytes); }
  bool command(const char* name, double argument) { return host_->command(name, argument); }
  void disconnect(uint32_t reason) { host_->disconnect(reason); }
  void destroy() { host_.reset(); }

  bool alive() const { return host_ && host_->created(); }
  int64_t start_us = 1'000'000'000;  ///< the clock's zero means nothing
  std::size_t slice = 0;             ///< the script's bytes come in pieces of that size; 0 = whole
  bool write_fails = false;          ///< the queue is full
  bool strict_end = true;            ///< calls after disconnected() are faults
  bool count_only = false;           ///< samples are counted and hashed, not kept
  std::vector<Sample> samples;
  uint64_t sample_count = 0, digest = 0xcbf29ce484222325;
  std::vector<uint8_t> last_write;
  uint64_t write_count = 0, log_count = 0;
  std::vector<std::string> done_commands;
  uint32_t last_state = 0;
  double slowest_s = 0;  ///< longest single call

 private:
  testing::ScriptedDriverHost::Script script();
  void find(testing::Breach kind, const std::string& what);
  void mix(uint64_t value) { digest = (digest ^ value) * 0x100000001b3u; }
  int64_t next_speech_us() const;
  void speak();
  int64_t saying_us() const { return player_ ? player_->next_us() : INT64_MAX; }
  void let_answer(const Bytes& written);

  const Plugin& plugin_;
  Findings& findings_;
  Values values_;
  std::deque<Bytes> replies_;
  int64_t reply_us_ = INT64_MAX;
  const DeviceScript* script_ = nullptr;
  std::optional<device_script::ScriptPlayer> player_;
  std::chrono::steady_clock::time_point entered_;
  std::optional<testing::ScriptedDriverHost> host_;  ///< last: its end may still write
};

}  // namespace patella::check
