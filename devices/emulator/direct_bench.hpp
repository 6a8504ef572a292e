// A driver and a device model in one process, in virtual time: no libusb, no threads, an hour in a moment.
//
// Plays the plugin host (patella/device.h): keeps reading, hands bytes over, honours deadlines, and writes
// down whatever the driver does against the contract.
#pragma once

#include <patella/device.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "emulator/serial_model.hpp"
#include "emulator/usb_model.hpp"

namespace patella::emulator {

struct BenchSample {
  uint32_t channel = 0;
  int64_t t_us = 0;  ///< as emitted
  double value = 0;
  int64_t at_us = 0;  ///< when it was emitted
};
struct BenchStatus {
  int64_t t_us = 0;
  uint32_t state = 0;  ///< enum patella_device_state
  std::string text;
};
struct BenchCommand {
  int64_t t_us = 0;
  std::string command;
  bool ok = false;
  std::string text;
};

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
  int64_t now_us() const { return now_us_; }

  /// What the device's owner does.
  bool act(const Act& act);
  bool command(const std::string& name, double argument = 0);
  /// The plug is pulled, in mid-transfer if there is one.
  void unplug();
  bool is_connected() const { return connected_; }

  Model& model();
  UsbModel* usb() { return usb_.get(); }
  SerialModel* serial() { return serial_.get(); }

  const std::vector<BenchSample>& samples() const { return samples_; }
  std::vector<BenchSample> samples_of(const std::string& channel_key) const;
  const std::vector<BenchStatus>& statuses() const { return statuses_; }
  const std::vector<BenchCommand>& commands_done() const { return commands_done_; }
  const std::vector<std::string>& log() const { return log_; }
  /// The state last told, 0 before the first.
  uint32_t state() const { return statuses_.empty() ? 0 : statuses_.back().state; }
  /// What the driver did against the contract, in words.
  const std::vector<std::string>& violations() const { return violations_; }
  const std::vector<Bytes>& written() const { return written_; }

 private:
  void start(const std::vector<patella_value>& values);
  patella_device_identity identity_of(const UsbIdentity& identity) const;
  bool step(int64_t limit_us);
  void serve_usb();
  void serve_serial();
  void submit_read();
  void complete(const Completion& completion);
  void hand_over(const Bytes& bytes);
  void disconnect(patella_disconnect_reason reason);
  void violation(const std::string& what);
  int32_t write(const uint8_t* data, uint32_t length);
  int32_t control(uint32_t tag, const Setup& setup, const uint8_t* data);
  void emit(uint32_t channel, int64_t t_us, double value);
  patella_device_host make_host();

  const patella_device& driver_;
  std::unique_ptr<UsbModel> usb_;
  std::unique_ptr<SerialModel> serial_;
  patella_device_host host_{};
  void* self_ = nullptr;
  bool connected_ = false;
  int64_t now_us_, deadline_us_ = kNever;
  uint8_t in_ = 0, out_ = 0;  ///< endpoints; 0 = none
  uint32_t in_size_ = 0, out_size_ = 0;
  uint64_t next_id_ = 1, read_id_ = 0;
  int stalls_in_a_row_ = 0;
  std::vector<Bytes> to_write_;
  std::map<uint64_t, uint32_t> controls_;  ///< transfer id → tag
  std::map<uint32_t, int64_t> last_sample_us_;
  std::vector<BenchSample> samples_;
  std::vector<BenchStatus> statuses_;
  std::vector<BenchCommand> commands_done_;
  std::vector<std::string> log_, violations_;
  std::vector<Bytes> written_;
};

}  // namespace patella::emulator
