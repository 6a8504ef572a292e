// A driver and a device model in one process, in virtual time: no libusb, no threads, an hour in a moment.
//
// The SDK's scripted host with a device behind it: keeps reading, hands bytes over, honours deadlines.
#pragma once

#include <patella/testing.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "emulator/serial_model.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

using BenchSample = testing::ScriptedDriverHost::Sample;
using BenchStatus = testing::ScriptedDriverHost::State;
using BenchCommand = testing::ScriptedDriverHost::Done;

struct LoadedDriver {
  const patella_device* table = nullptr;
  std::vector<patella_value> defaults;  ///< each scalar parameter with its default
};
/// The driver of a plugin file. The library stays loaded for good.
Result<LoadedDriver> load_driver(const std::string& plugin_path);

class DirectBench {
 public:
  /// Creates the driver, opens the device, calls connected(). `values` as patella_device.create takes them.
  DirectBench(const patella_device& driver, std::unique_ptr<UsbModel> model, const std::vector<patella_value>& values = {},
              int64_t start_us = 1'000'000);
  DirectBench(const patella_device& driver, std::unique_ptr<SerialModel> model, const std::vector<patella_value>& values = {},
              int64_t start_us = 1'000'000);
  DirectBench(const DirectBench&) = delete;
  DirectBench& operator=(const DirectBench&) = delete;
  ~DirectBench();  ///< disconnected (closed) if need be, destroy

  void run_for_us(int64_t duration_us);
  /// Until `done` or for at most limit_us; whether it was done.
  bool run_until(const std::function<bool()>& done, int64_t limit_us);
  int64_t now_us() const { return host_.now_us; }

  /// What the device's owner does.
  bool act(const Act& act);
  bool command(const std::string& name, double argument = 0);
  /// The plug is pulled, in mid-transfer if there is one.
  void unplug();
  bool is_connected() const { return host_.is_connected(); }

  Model& model();
  UsbModel* usb() { return usb_.get(); }
  SerialModel* serial() { return serial_.get(); }

  const std::vector<BenchSample>& samples() const { return host_.samples; }
  std::vector<BenchSample> samples_of(const std::string& channel_key) const;
  const std::vector<BenchStatus>& statuses() const { return host_.states; }
  const std::vector<BenchCommand>& commands_done() const { return host_.done; }
  const std::vector<std::string>& log() const { return host_.logs; }
  /// The state last reported, 0 before the first.
  uint32_t state() const { return host_.state(); }
  /// What the driver did against the contract, in words.
  const std::vector<std::string>& violations() const { return host_.violations; }
  const std::vector<Bytes>& written() const { return written_; }

 private:
  testing::ScriptedDriverHost::Script script();
  void connect();
  patella_device_identity identity_of(const UsbIdentity& identity) const;
  bool step(int64_t limit_us);
  void serve_usb();
  void serve_serial();
  void submit_read();
  void complete(const Completion& completion);
  bool write(const Bytes& bytes);
  bool control(const testing::ScriptedDriverHost::Control& control);

  std::unique_ptr<UsbModel> usb_;
  std::unique_ptr<SerialModel> serial_;
  uint8_t in_ = 0, out_ = 0;  ///< endpoints; 0 = none
  uint32_t in_size_ = 0, out_size_ = 0;
  uint64_t next_id_ = 1, read_id_ = 0;
  int stalls_in_a_row_ = 0;
  std::vector<Bytes> to_write_, written_;
  std::map<uint64_t, uint32_t> controls_;  ///< transfer id → tag
  testing::ScriptedDriverHost host_;       ///< last: its end may still write
};

}  // namespace patella::emulator
