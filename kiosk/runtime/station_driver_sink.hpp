// What one driver's link says, handed to every station channel that is bound to it, and to the staff area. Session thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "calibration/fit.hpp"
#include "runtime/assembly.hpp"
#include "runtime/calibration_book.hpp"
#include "staff/area.hpp"

namespace patella::runtime {

/// Whom a route tells. All outlive it.
struct RouteSinks {
  session::KioskFlow& flow;
  staff::Area& area;
  const CalibrationBook& book;
  const Clock& clock;
  Log& log;
  bool& dirty;          ///< something is to be shown
  bool& samples_dirty;  ///< values only
};

class StationDriverSink final : public plugin_link::DriverSink {
 public:
  /// `index`: of the use, which is also the sensor's in the staff area. `use` and `plugin` outlive the route.
  StationDriverSink(RouteSinks ends, std::size_t index, const DriverInstance& use, const plugin_link::PluginInfo& plugin)
      : to_(ends),
        index_(index),
        use_(use),
        plugin_(plugin),
        name_(plugin_link::name_of(plugin)),
        lines_(plugin.channels.size()) {}

  void samples(std::span<const plugin_link::LinkSample> samples) override;
  void state(plugin_link::LinkState state, const Messages& text) override;
  void notice(const Messages& text) override;
  void identity(const std::string& product, const std::string& serial, const std::string& port) override;
  void command_done(const std::string& command, bool ok, const Messages& text) override;
  void lost_samples(uint64_t count) override;

  /// Looks its calibrations up again: the book has a new one.
  void calibrate();
  const std::string& serial() const { return serial_; }
  /// Where the device is that the driver has open; "" = none is.
  const std::string& open_port() const { return open_ ? port_ : kNoPort; }
  const DriverInstance& use() const { return use_; }

 private:
  Message which() const;
  void report(session::Liveness liveness, const Messages& text, bool open = false);

  RouteSinks to_;
  std::size_t index_;
  const DriverInstance& use_;
  const plugin_link::PluginInfo& plugin_;
  inline static const std::string kNoPort;
  const Message name_;
  std::string serial_, port_;
  bool open_ = false;
  std::vector<std::optional<calibration::Line>> lines_;  ///< by the driver's channel
};

}  // namespace patella::runtime
