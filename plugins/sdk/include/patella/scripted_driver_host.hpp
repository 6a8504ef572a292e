// Patella plugin SDK: the plugin host of a driver, for tests. It calls the driver as the real one does, in virtual time, keeps what
// the driver does, and reports each broken rule of device.h. Tests of drivers, fuzz targets, the device emulator and
// patella-plugin-check all use this one.
//
//   patella::testing::ScriptedDriverHost host(table, values);
//   host.connect();
//   host.receive("12.5\n");
//   host.run_for(2'000'000);
//   host.samples, host.states, host.violations …
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "breach.hpp"
#include "device.h"
#include "sample_rules.hpp"
#include "texts.hpp"

namespace patella::testing {

using rules::Breach;
using rules::OnBreach;

class ScriptedDriverHost {
 public:
  struct Write {
    int64_t t_us;
    std::vector<uint8_t> bytes;
  };
  /// A control transfer that was asked for. How it ends is up to the test: end_control().
  struct Control {
    int64_t t_us;
    uint32_t tag;
    uint8_t type, request;
    uint16_t value, index, length;
    std::vector<uint8_t> data;  ///< of one to the device
  };
  struct Sample {
    uint32_t channel;
    int64_t t_us;  ///< as emitted
    double value;
    int64_t at_us;  ///< when it was emitted
  };
  struct State {
    int64_t t_us;
    uint32_t state;
    std::string text;
  };
  struct Done {
    int64_t t_us;
    std::string command;
    bool ok;
    std::string text;
  };

  /// What a test wants to do as things happen, beyond looking at them afterwards. Any may be left out.
  struct Script {
    std::function<bool(const Write&)> on_write = {};      ///< false: refused, as by a full queue
    std::function<bool(const Control&)> on_control = {};  ///< false: refused
    std::function<void(const Sample&)> on_sample = {};    ///< that a kiosk would take
    std::function<void(const State&)> on_state = {};
    std::function<void(const Done&)> on_done = {};
    std::function<void(uint32_t level, const char* text)> on_log = {};
    OnBreach on_breach = {};                      ///< each time, also the same again
    std::function<void(const char*)> enter = {};  ///< before a call into the driver: its name
    std::function<void()> leave = {};             ///< after it
    bool keep = true;                             ///< false: nothing is kept, for long runs
  };

  /// Creates the driver with these parameters (patella_device.create; none = none). `table` outlives the host.
  explicit ScriptedDriverHost(const patella_device& table_of_driver, const std::vector<patella_value>& values = {})
      : ScriptedDriverHost(table_of_driver, values, Script()) {}
  ScriptedDriverHost(const patella_device& table_of_driver, const std::vector<patella_value>& values, Script script)
      : table(table_of_driver), script_(std::move(script)), rules_({table.channels, table.channel_count}) {
    host_ = {sizeof host_, this, do_write, do_control, do_emit, do_set_deadline, do_status, do_command_done, do_log};
    into("create", [&] { instance_ = table.create(&host_, values.data(), static_cast<uint32_t>(values.size())); });
  }
  ~ScriptedDriverHost() { destroy(); }
  ScriptedDriverHost(const ScriptedDriverHost&) = delete;
  ScriptedDriverHost& operator=(const ScriptedDriverHost&) = delete;

  // ---- what happens to the driver

  bool created() const { return instance_ != nullptr; }  ///< false: create() gave NULL
  bool is_connected() const { return connected_; }
  /// A device without a name, at a port of the driver's transport.
  patella_device_identity usual_identity() const {
    const bool serial = table.transport == PATELLA_TRANSPORT_SERIAL;
    const uint32_t packet = serial ? 0 : 64;
    return {sizeof(patella_device_identity), 0, 0, "", "", "", serial ? "tty:ttyUSB0@1-1" : "usb:1-1", packet, packet};
  }
  void connect() { connect(usual_identity()); }
  void connect(const patella_device_identity& identity) {
    if (!connected_ && !ended_) rules_.connected(now_us);
    connected_ = !ended_;
    into("connected", [&] { table.connected(instance_, &identity, now_us); });
  }
  /// In a piece of memory of its own, so that reading past the end is seen under a memory checker.
  void receive(std::span<const uint8_t> bytes) {
    const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
    into("received", [&] { table.received(instance_, copy.data(), static_cast<uint32_t>(copy.size()), now_us); });
  }
  void receive(std::string_view text) { receive(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size())); }
  void end_control(uint32_t tag, int32_t status, std::span<const uint8_t> data = {}) {
    if (!table.control_done) return;
    const auto length = static_cast<uint32_t>(data.size());
    into("control_done", [&] { table.control_done(instance_, tag, status, data.data(), length, now_us); });
  }
  /// The tick that was asked for, or one that was not.
  void tick() {
    deadline_us = kNoDeadline;  // a wish holds once
    into("tick", [&] { table.tick(instance_, now_us); });
  }
  /// Whether it was accepted.
  bool command(const char* name, double argument = 0) {
    if (!table.command) return false;
    int32_t answer = -1;
    open_commands_.emplace_back(name);  // it may be done before command() returns
    into("command", [&] { answer = table.command(instance_, name, argument, now_us); });
    if (answer == 0) return true;
    if (answer != -1)
      breach(Breach::rule, "command(\"" + std::string(name) + "\") answers " + std::to_string(answer) + ", not 0 or -1");
    const auto refused = std::find(open_commands_.rbegin(), open_commands_.rend(), name);
    if (refused != open_commands_.rend())
      open_commands_.erase(std::next(refused).base());
    else
      breach(Breach::rule, "command_done for a command that was refused");
    return false;
  }
  /// Commands that were accepted and are not done yet.
  const std::vector<std::string>& open_commands() const { return open_commands_; }
  void disconnect(uint32_t reason = PATELLA_DISCONNECT_UNPLUGGED) {
    unplugged_ = reason == PATELLA_DISCONNECT_UNPLUGGED;  // else a last write is allowed
    into("disconnected", [&] { table.disconnected(instance_, reason, now_us); });
    if (connected_ && !open_commands_.empty())
      breach(Breach::doubtful, "no command_done of \"" + open_commands_.front() + "\", which was under way when the device went");
    ended_ = ended_ || connected_;
    connected_ = false;
    rules_.disconnected();
  }
  /// Unplugs it, when that is still to come, and destroys it. The destructor does so, too.
  void destroy() {
    if (!instance_) return;
    if (connected_) disconnect();
    into("destroy", [&] { table.destroy(instance_); });
    instance_ = nullptr;
  }
  /// Lets time pass; each tick that is asked for comes at its time.
  void run_to(int64_t t_us) {
    while (deadline_us <= t_us) tick_when_due();
    now_us = std::max(now_us, t_us);
  }
  void run_for(int64_t us) { run_to(now_us + us); }
  /// Moves on to the deadline, and ticks. A driver that never lets time pass loses its wish.
  void tick_when_due() {
    now_us = std::max(now_us, deadline_us);
    idle_ticks_ = now_us == ticked_us_ ? idle_ticks_ + 1 : 0;
    ticked_us_ = now_us;
    if (idle_ticks_ > kMaxIdleTicks) {
      breach(Breach::rule, "asks for tick at or before the present moment for ever: the host would never rest");
      idle_ticks_ = 0;
      deadline_us = kNoDeadline;
      return;
    }
    tick();
    if (deadline_us <= now_us) breach(Breach::doubtful, "asks from tick for the next one at once");
  }

  // ---- what the driver did

  static constexpr int64_t kNoDeadline = std::numeric_limits<int64_t>::max();
  const patella_device& table;
  int64_t now_us = 1'000'000'000;  ///< the clock's zero means nothing
  int64_t deadline_us = kNoDeadline;
  bool refuse_writes = false;  ///< as if the queue were full
  std::vector<Write> writes;
  std::vector<Control> controls;
  std::vector<Sample> samples;  ///< that a kiosk would take
  std::vector<State> states;
  std::vector<Done> done;
  std::vector<std::string> logs;
  std::vector<std::string> violations;  ///< broken rules of device.h, each once; a test checks that there are none

  uint32_t state() const { return states.empty() ? 0 : states.back().state; }
  std::string text() const { return states.empty() ? "" : states.back().text; }
  bool was(uint32_t state) const {
    return std::any_of(states.begin(), states.end(), [&](const State& one) { return one.state == state; });
  }
  std::string written(std::size_t index) const {
    return index < writes.size() ? std::string(writes[index].bytes.begin(), writes[index].bytes.end()) : "(nothing)";
  }
  std::string last_written() const { return writes.empty() ? "(nothing)" : written(writes.size() - 1); }
  std::vector<double> values(uint32_t channel) const {
    std::vector<double> found;
    for (const Sample& sample : samples)
      if (sample.channel == channel) found.push_back(sample.value);
    return found;
  }
  double last(uint32_t channel) const {
    const auto all = values(channel);
    return all.empty() ? std::nan("") : all.back();
  }

 private:
  static constexpr int kMaxIdleTicks = 1000;
  static constexpr std::size_t kMaxWriteBytes = 4096, kMaxLogBytes = 4096, kMaxViolations = 100;

  static ScriptedDriverHost& of(void* ctx) { return *static_cast<ScriptedDriverHost*>(ctx); }
  static int32_t do_write(void* ctx, const uint8_t* data, uint32_t length) { return of(ctx).write(data, length) ? 0 : -1; }
  static int32_t do_control(void* ctx, uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                            const uint8_t* data, uint16_t length) {
    return of(ctx).control({of(ctx).now_us, tag, type, request, value, index, length, {}}, data) ? 0 : -1;
  }
  static void do_emit(void* ctx, uint32_t channel, int64_t t_us, double value) { of(ctx).emit(channel, t_us, value); }
  static void do_set_deadline(void* ctx, int64_t t_us) {
    if (of(ctx).may("set_deadline")) of(ctx).deadline_us = t_us;
  }
  static void do_status(void* ctx, uint32_t state, const char* text) { of(ctx).status(state, text); }
  static void do_command_done(void* ctx, const char* command, int32_t ok, const char* text) {
    of(ctx).command_done(command, ok, text);
  }
  static void do_log(void* ctx, uint32_t level, const char* text) { of(ctx).log(level, text); }

  template <class Call>
  void into(const char* name, Call&& call) {
    if (script_.enter) script_.enter(name);
    inside_ = true;
    call();
    inside_ = false;
    if (script_.leave) script_.leave();
  }
  void breach(Breach kind, const std::string& what) {
    if (script_.on_breach) script_.on_breach(kind, what);
    if (violations.size() < kMaxViolations && std::find(violations.begin(), violations.end(), what) == violations.end())
      violations.push_back(what);
  }
  /// A call of the host that is allowed while a device is there.
  bool may(const char* what) {
    if (!inside_) breach(Breach::rule, std::string("calls host->") + what + " from outside of a call into the driver");
    if (ended_)
      breach(Breach::order, std::string("calls host->") + what + " after disconnected");
    else if (!connected_)
      breach(Breach::doubtful, std::string("calls host->") + what + " before connected");
    return connected_;
  }
  /// The same, of what goes to the device.
  bool may_write(const char* what) {
    if (!may(what)) return false;
    if (unplugged_)
      breach(Breach::doubtful, std::string("calls host->") + what + " from disconnected, of a device that was unplugged");
    return !unplugged_ && !refuse_writes;
  }

  bool write(const uint8_t* data, uint32_t length) {
    const bool may_now = may_write("write");
    if (!data || length == 0 || length > kMaxWriteBytes) {
      breach(Breach::rule, "writes " + std::to_string(length) + " bytes" + (data ? "" : " from NULL"));
      return false;
    }
    if (!may_now) return false;
    Write one{now_us, {data, data + length}};
    const bool taken = !script_.on_write || script_.on_write(one);
    if (taken && script_.keep) writes.push_back(std::move(one));
    return taken;
  }
  bool control(Control one, const uint8_t* data) {
    const bool may_now = may_write("control");
    const bool out = (one.type & 0x80) == 0;
    if (table.transport == PATELLA_TRANSPORT_SERIAL) breach(Breach::rule, "asks for a control transfer on a serial port");
    if (!table.control_done) breach(Breach::rule, "asks for a control transfer but has no control_done");
    if (out && one.length > 0 && !data) {
      breach(Breach::rule, "control transfer out from NULL");
      return false;
    }
    if (!may_now) return false;
    if (out && data) one.data.assign(data, data + one.length);
    const bool taken = !script_.on_control || script_.on_control(one);
    if (taken && script_.keep) controls.push_back(std::move(one));
    return taken;
  }
  void emit(uint32_t channel, int64_t t_us, double value) {
    if (!may("emit")) return;
    const auto fault = rules_.take(channel, t_us, value, now_us);
    if (fault) return breach(Breach::rule, sample_words(*fault, channel, value));
    if (unplugged_) breach(Breach::doubtful, "calls host->emit from disconnected, of a device that was unplugged");
    if (rules_.floods(now_us))
      breach(Breach::refused,
             "emits more than " + std::to_string(PATELLA_MAX_SAMPLES_PER_SECOND) + " samples of a channel in a second");
    const Sample one{channel, t_us, value, now_us};
    if (script_.on_sample) script_.on_sample(one);
    if (script_.keep) samples.push_back(one);
  }
  std::string sample_words(rules::SampleFault fault, uint32_t channel, double value) const {
    const char* key = channel < table.channel_count ? table.channels[channel].key : nullptr;
    std::string line = "emits a sample ";
    line += words_of(fault);
    line += ": channel " + (key ? std::string(key) : std::to_string(channel));
    if (fault == rules::SampleFault::not_finite) line += std::isnan(value) ? ", NaN" : ", infinite";
    if (fault == rules::SampleFault::out_of_range) {
      char range[80];
      std::snprintf(range, sizeof range, ", %g…%g allowed", table.channels[channel].min, table.channels[channel].max);
      line += range;
    }
    return line;
  }
  void status(uint32_t state, const char* text) {
    may("status");
    if (state < PATELLA_DEVICE_STARTING || state > PATELLA_DEVICE_FAILED)
      breach(Breach::rule, "status " + std::to_string(state) + " is not known");
    read(text, "the text of a status");
    if (text && text[0] == 0 && (state == PATELLA_DEVICE_NOTICE || state == PATELLA_DEVICE_FAILED))
      breach(Breach::rule, "status NOTICE or FAILED without words for staff");
    State one{now_us, state, text ? text : ""};
    if (script_.on_state) script_.on_state(one);
    if (script_.keep) states.push_back(std::move(one));
  }
  void command_done(const char* command, int32_t ok, const char* text) {
    may("command_done");
    if (ok != 0 && ok != 1) breach(Breach::rule, "command_done says ok = " + std::to_string(ok));
    read(text, "the text of command_done");
    if (!rules::is_text(command, PATELLA_MAX_STATUS_BYTES + 1))
      return breach(Breach::rule, "command_done without readable words");
    const auto open = std::find(open_commands_.begin(), open_commands_.end(), command);
    if (open == open_commands_.end())
      breach(Breach::rule, "command_done of \"" + std::string(command) + "\", which is not under way");
    else
      open_commands_.erase(open);
    Done one{now_us, command, ok == 1, text ? text : ""};
    if (script_.on_done) script_.on_done(one);
    if (script_.keep) done.push_back(std::move(one));
  }
  void log(uint32_t level, const char* text) {
    if (level < PATELLA_LOG_DEBUG || level > PATELLA_LOG_ERROR)
      breach(Breach::rule, "log level " + std::to_string(level) + " is not known");
    if (!rules::is_text(text, kMaxLogBytes)) return breach(Breach::rule, "logs what is not UTF-8 of one line");
    if (rules::tells_exception(text)) breach(Breach::rule, "an exception left the driver: " + std::string(text));
    if (script_.on_log) script_.on_log(level, text);
    if (script_.keep) logs.emplace_back(text);
  }
  void read(const char* text, const char* what) {
    if (!rules::is_text(text, PATELLA_MAX_STATUS_BYTES + 1, true))
      return breach(Breach::rule, std::string(what) + " is not UTF-8 that ends in NUL after at most " +
                                      std::to_string(PATELLA_MAX_STATUS_BYTES) + " bytes");
    if (const std::string fault = rules::message_fault(text); !fault.empty())
      breach(Breach::doubtful, std::string(what) + " is shown with its braces: " + fault + ": " + text);
  }

  Script script_;
  rules::SampleRules rules_;
  patella_device_host host_{};
  void* instance_ = nullptr;
  bool connected_ = false, ended_ = false, unplugged_ = false, inside_ = false;
  int idle_ticks_ = 0;  ///< in a row, at one and the same time
  int64_t ticked_us_ = std::numeric_limits<int64_t>::min();
  std::vector<std::string> open_commands_;
};

}  // namespace patella::testing
