// One force sensor on the device, for `patella calibrate` and `patella band-check`: its driver's child, its live reading,
// and the person at the keyboard (or a script). One thread; the sensor goes on being read while somebody types.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "calibration/fit.hpp"
#include "calibration/steady.hpp"
#include "runtime/assembly.hpp"
#include "session/channel_quality.hpp"

namespace patella::cli {

using namespace runtime;

struct DeviceSessionOptions {
  std::string driver;        ///< folder of the driver: "chronojump_force"
  std::string serial, port;  ///< "" = any
  std::string channel;       ///< "" = its first one in newtons
  std::string script;        ///< lines instead of keys; a pipe is read as it is written; "" = standard input
  calibration::SteadyRules rules;
};

class DeviceSession final : public plugin_link::DriverSink {
 public:
  /// Error: no such driver, it measures no force, the script cannot be read. `assembly` outlives the device.
  static Result<std::unique_ptr<DeviceSession>> make(const DeviceSessionOptions& wish, const Assembly& assembly,
                                                     const plugin_link::HostOptions& host, const Clock& clock, Log& log);
  ~DeviceSession() override;

  /// Until the sensor sends; says what it waits for.
  Status wait_live();
  /// The next line that is typed, without its end. nullopt: the input ended, or a signal came.
  std::optional<std::string> next_line(const std::string& prompt);
  /// Who gets the readings, as the driver gives them, and is told of each device that is opened. Stays as long as this.
  struct Listener {
    std::function<void(int64_t t_us, double reading)> sample;
    std::function<void()> opened;
  };
  void listen(Listener listener) { listener_ = std::move(listener); }
  /// Reads on until then. Error: ended, or a device came that is set otherwise.
  Status wait_until(const std::function<bool(int64_t now_us)>& done);
  /// Waits for the reading to be still from now on.
  Result<calibration::Steady::Window> still_reading();
  /// The driver's own tare, only when the sensor is unloaded and still. Error: why not.
  Status tare();
  /// Readings are shown and returned after this line.
  void calibrate_by(const calibration::Line& line) { line_ = line; }

  const plugin_link::PluginInfo& driver() const { return driver_; }
  std::size_t channel_index() const { return channel_; }
  const params::ChannelSpec& channel() const { return driver_.channels[channel_]; }
  const std::string& serial() const { return serial_; }
  const std::string& port() const { return port_; }
  /// How many times a device was opened: when it grew, what was read before is of another device, or of this
  /// one before it was pulled out.
  int openings() const { return openings_; }
  double rate_hz() const { return quality_.figures().rate_hz; }

  bool used_by_a_station() const { return instance_of_device(assembly_, driver_.folder, serial_, port_) != nullptr; }

  void samples(std::span<const plugin_link::LinkSample> samples) override;
  void state(plugin_link::LinkState state, const Messages& text) override;
  void notice(const Messages& text) override;
  void identity(const std::string& product, const std::string& serial, const std::string& port) override;
  void command_done(const std::string& command, bool ok, const Messages& text) override;
  void lost_samples(uint64_t count) override { quality_.dropped(count); }

 private:
  DeviceSession(const Assembly& assembly, const plugin_link::PluginInfo& driver, std::size_t channel,
                const DeviceSessionOptions& wish, const Clock& clock);
  /// Error: the device that came is set otherwise by a station than the one that was expected.
  Status check_settings() const;
  Status open_input(const std::string& script);
  /// One turn of the loop; false: a signal came.
  bool turn(bool with_input);
  void take_input();
  void show_reading();
  void end_shown_line();

  const Assembly& assembly_;
  const plugin_link::PluginInfo driver_;
  std::size_t channel_;
  const Clock& clock_;
  UniqueFd own_input_, signals_;
  int input_ = 0;
  bool input_ended_ = false, shows_ = false, shown_ = false;
  std::string typed_;
  calibration::Line line_;
  calibration::PointTaker taker_;
  Listener listener_;
  calibration::SteadyRules rules_;
  calibration::Steady recent_;  ///< as the driver gives it: what a tare is judged by
  session::ChannelQuality quality_;
  plugin_link::LinkState state_ = plugin_link::LinkState::waiting;
  std::string told_, serial_, port_;
  params::Values settings_;  ///< what the driver was started with
  bool has_sample_ = false;
  int openings_ = 0;
  double newest_ = 0;
  int64_t shown_us_ = 0;
  std::optional<Status> command_;
  std::unique_ptr<plugin_link::DriverLink> link_;  // last: it calls back into the rest until it is gone
};

}  // namespace patella::cli
