// The kiosk in virtual time: the shipped stations as the program puts them together, the flow of screens, the real exercise
// modules in this process; a client is what the sensors say and what is tapped.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/assembly.hpp"
#include "session/kiosk_flow.hpp"
#include "support/module_rig.hpp"

namespace patella::test {

/// The configuration in config/ with the plugins of this build; read once.
const runtime::Assembly& shipped();

class VirtualKiosk {
 public:
  explicit VirtualKiosk(const std::string& station_id);

  void tap(const session::Tap& tap);
  /// Time passes in steps of 20 ms; sensors speak meanwhile.
  void run(double seconds);
  /// Until `reached`, at most so long. False: it was not.
  bool run_until(const std::function<bool()>& reached, double at_most_s);

  // What a client does.
  void choose_client();
  void answer_screening();
  void to_screening();
  void to_set_up();
  void start();

  session::Snapshot shown() const;
  session::Screen screen() const;
  uint32_t phase() const { return view_.phase; }
  bool home() const { return flow_.at_home(); }
  bool asked() const { return shown().asked_until_us != 0; }
  double now_s() const { return static_cast<double>(now_us_) / 1e6; }
  int count(const std::string& event_kind) const;
  const session::StationSetup& setup() const { return shipped().kiosk_setup.stations[station_]; }

  bool client_works = true;   ///< pulls, pedals; false: the sensors say that nothing moves
  bool sensors_there = true;  ///< false: unplugged
  int begun = 0, ended = 0;   ///< sessions
  session::SessionEnd end;    ///< of the last one
  std::vector<session::LogEvent> events;

 private:
  void speak();
  void execute();
  void feed(const patella::Record& record);
  void start_module();
  double value_of(const std::string& channel);
  static std::size_t index_of(const std::string& station_id);

  std::size_t station_;
  int64_t now_us_ = 1'000'000'000;
  session::KioskFlow flow_;
  std::unique_ptr<Rig> module_;
  patella_view view_{};
  std::size_t told_ = 0;  ///< of the module's events
  bool were_there_ = false;
};

}  // namespace patella::test
