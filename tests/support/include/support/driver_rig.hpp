// A driver plugin under test in virtual time: a host that notes what the driver does, and checks that the
// driver keeps the rules of device.h.
#pragma once

#include <patella/sdk.hpp>
#include <patella/testing.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patella::test {

struct DriverRig {
  struct Write {
    int64_t t_us;
    std::vector<uint8_t> bytes;
  };
  struct Sample {
    uint32_t channel;
    int64_t t_us;
    double value;
  };
  struct State {
    int64_t t_us;
    uint32_t state;
    std::string text;
  };
  struct Done {
    std::string command;
    bool ok;
    std::string text;
  };

  /// A control transfer that was asked for; how it ends is up to the test: end_control().
  struct Control {
    int64_t t_us;
    uint32_t tag;
    uint8_t type, request;
    uint16_t value, index;
    std::vector<uint8_t> data;
  };

  std::vector<Write> writes;
  std::vector<Control> controls;
  std::vector<Sample> samples;
  std::vector<State> states;
  std::vector<Done> done;
  std::vector<std::string> logs;
  std::vector<std::string> violations;  ///< broken rules of device.h; a test checks that there are none
  bool refuse_writes = false;
  int64_t now_us = 1'000'000'000;
  int64_t deadline_us = std::numeric_limits<int64_t>::max();

  /// `values`: the parameters, as patella_device.create takes them.
  explicit DriverRig(const patella_device& driver_table, const std::vector<patella_value>& values = {}) : table(driver_table) {
    host.size = sizeof host;
    host.ctx = this;
    host.write = [](void* ctx, const uint8_t* data, uint32_t length) -> int32_t { return self(ctx).on_write(data, length); };
    host.control = [](void* ctx, uint32_t tag, uint8_t type, uint8_t request, uint16_t value, uint16_t index, const uint8_t* data,
                      uint16_t length) -> int32_t {
      return self(ctx).on_control({self(ctx).now_us, tag, type, request, value, index, {}}, data, length);
    };
    host.emit = [](void* ctx, uint32_t channel, int64_t t_us, double value) { self(ctx).on_emit(channel, t_us, value); };
    host.set_deadline = [](void* ctx, int64_t t_us) { self(ctx).deadline_us = t_us; };
    host.status = [](void* ctx, uint32_t state, const char* text) {
      self(ctx).states.push_back({self(ctx).now_us, state, text});
      self(ctx).read(text);
    };
    host.command_done = [](void* ctx, const char* command, int32_t ok, const char* text) {
      self(ctx).done.push_back({command, ok == 1, text});
      self(ctx).read(text);
    };
    host.log = [](void* ctx, uint32_t, const char* text) { self(ctx).logs.emplace_back(text); };
    instance = table.create(&host, values.data(), static_cast<uint32_t>(values.size()));
  }
  ~DriverRig() {
    if (connected) table.disconnected(instance, PATELLA_DISCONNECT_UNPLUGGED, now_us);
    table.destroy(instance);
  }
  DriverRig(const DriverRig&) = delete;
  DriverRig& operator=(const DriverRig&) = delete;

  void connect() {
    const patella_device_identity identity{sizeof identity, 0, 0, "", "", "", "usb:1-1", 64, 64};
    connected = true;
    table.connected(instance, &identity, now_us);
  }
  void receive(std::span<const uint8_t> bytes) {
    table.received(instance, bytes.data(), static_cast<uint32_t>(bytes.size()), now_us);
  }
  void receive(std::string_view text) { receive(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size())); }
  void end_control(uint32_t tag, int32_t status, std::span<const uint8_t> data = {}) {
    table.control_done(instance, tag, status, data.data(), static_cast<uint32_t>(data.size()), now_us);
  }
  bool command(const char* name) { return table.command(instance, name, 0, now_us) == 0; }
  void disconnect(uint32_t reason) {
    connected = reason == PATELLA_DISCONNECT_CLOSED;  // a last write is allowed
    table.disconnected(instance, reason, now_us);
    connected = false;
  }
  /// Lets time pass; each deadline the driver asks for is kept to the microsecond.
  void run_to(int64_t t_us) {
    while (deadline_us <= t_us) {
      now_us = std::max(now_us, std::exchange(deadline_us, std::numeric_limits<int64_t>::max()));
      table.tick(instance, now_us);
    }
    now_us = std::max(now_us, t_us);
  }
  void run_for(int64_t us) { run_to(now_us + us); }

  uint32_t state() const { return states.empty() ? 0 : states.back().state; }
  std::string text() const { return states.empty() ? "" : states.back().text; }
  bool was(uint32_t state) const {
    for (const State& one : states)
      if (one.state == state) return true;
    return false;
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

  const patella_device& table;
  patella_device_host host{};
  void* instance = nullptr;
  bool connected = false;

 private:
  static DriverRig& self(void* ctx) { return *static_cast<DriverRig*>(ctx); }
  void read(const char* text) {
    if (const std::string fault = testing::message_fault(text); !fault.empty())
      violations.push_back("a text with a fault, " + fault + ": " + text);
  }
  int32_t on_write(const uint8_t* data, uint32_t length) {
    if (!connected) violations.emplace_back("write while not connected");
    if (refuse_writes) return -1;
    writes.push_back({now_us, {data, data + length}});
    return 0;
  }
  int32_t on_control(Control control, const uint8_t* data, uint16_t length) {
    if (!connected) violations.emplace_back("control while not connected");
    if (refuse_writes) return -1;
    if (data) control.data.assign(data, data + length);
    controls.push_back(std::move(control));
    return 0;
  }
  void on_emit(uint32_t channel, int64_t t_us, double value) {
    if (!connected) violations.emplace_back("emit while not connected");
    if (channel >= table.channel_count) violations.emplace_back("emit of an unknown channel");
    if (t_us > now_us) violations.emplace_back("sample from the future");
    if (!std::isfinite(value)) violations.emplace_back("value not finite");
    const auto last_t = last_us_.find(channel);
    if (last_t != last_us_.end() && t_us < last_t->second) violations.emplace_back("sample before an earlier one");
    last_us_[channel] = t_us;
    samples.push_back({channel, t_us, value});
  }
  std::map<uint32_t, int64_t> last_us_;
};

}  // namespace patella::test
