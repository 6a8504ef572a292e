// One instance of a driver in virtual time: plays the host, keeps what the driver says, and checks each word of it.
#pragma once

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
  ~DriverRun() { destroy(); }
  DriverRun(const DriverRun&) = delete;
  DriverRun& operator=(const DriverRun&) = delete;

  /// What the device answers and says; before connect(). It outlives the run.
  void play(const DeviceScript& script);
  bool create();  ///< false: it gave NULL
  void connect();
  void receive(std::span<const uint8_t> bytes);
  /// Lets the time pass until then; the ticks asked for come at their time, and so does what the script says.
  void advance_to(int64_t t_us);
  void tick_now();
  void control_answer(uint32_t tag, int32_t status, std::span<const uint8_t> bytes);
  int32_t command(const char* name, double argument);
  void disconnect(uint32_t reason);
  void destroy();

  bool alive() const { return self_ != nullptr; }
  int64_t now_us = 1'000'000'000;  ///< the clock's zero means nothing
  std::size_t slice = 0;           ///< the script's bytes come in pieces of that size; 0 = whole
  bool write_fails = false;        ///< the queue is full
  bool strict_end = true;          ///< calls after disconnected() are faults
  bool count_only = false;         ///< samples are counted and hashed, not kept
  std::vector<Sample> samples;
  uint64_t sample_count = 0, digest = 0xcbf29ce484222325;
  std::vector<uint8_t> last_write;
  uint64_t write_count = 0, log_count = 0;
  std::vector<std::string> done_commands;
  uint32_t last_state = 0;
  double slowest_s = 0;  ///< longest single call

 private:
  static DriverRun& of(void* ctx) { return *static_cast<DriverRun*>(ctx); }
  static int32_t on_write(void* ctx, const uint8_t* data, uint32_t length);
  static int32_t on_control(void* ctx, uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                            const uint8_t* data, uint16_t length);
  static void on_emit(void* ctx, uint32_t channel, int64_t t_us, double value);
  static void on_deadline(void* ctx, int64_t t_us);
  static void on_status(void* ctx, uint32_t state, const char* text);
  static void on_command_done(void* ctx, const char* command, int32_t ok, const char* text);
  static void on_log(void* ctx, uint32_t level, const char* text);
  template <class Call>
  void into(const char* name, Call&& call);
  void said(const char* what);
  void mix(uint64_t value);
  int64_t next_speech_us() const;
  void speak();
  int64_t saying_us() const { return player_ ? player_->next_us() : INT64_MAX; }
  void let_answer(const Bytes& written);

  const Plugin& plugin_;
  const patella_device& table_;
  Findings& findings_;
  Values values_;
  patella_device_host host_{};
  void* self_ = nullptr;
  int64_t deadline_us_ = INT64_MAX, opened_us_ = INT64_MIN;
  bool connected_ = false, ended_ = false, inside_ = false;
  std::vector<int64_t> last_sample_us_;
  std::deque<Bytes> replies_;
  int64_t reply_us_ = INT64_MAX;
  const DeviceScript* script_ = nullptr;
  std::optional<device_script::ScriptPlayer> player_;
};

}  // namespace patella::check
