// What stands for the children in virtual time: a sensor that is unplugged, crashes, hangs, floods or writes garbage; and the real
// exercise module in this process, which crashes and hangs. Restarts follow the rules of the real links (plugin_link/restart_policy.hpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin_link/known_outputs.hpp"
#include "plugin_link/links.hpp"
#include "plugin_link/restart_policy.hpp"
#include "support/module_rig.hpp"

namespace patella::test {

inline constexpr int64_t kSampleEveryUs = 20'000;  // 50 Hz
inline constexpr int64_t kHeartbeatUs = 300'000;   // a hang is noticed after this
inline constexpr int64_t kSensorStartsUs = 150'000;

/// Newtons of station `index` at that time.
using Force = std::function<double(std::size_t index, int64_t t_us)>;

class FakeSensor final : public plugin_link::DriverLink {
 public:
  FakeSensor(std::size_t index, const Clock& clock, const Force& force, plugin_link::DriverSink& sink);

  int wait_fd() const override { return -1; }
  int64_t deadline_us() const override { return next_us_; }
  void service() override;
  plugin_link::LinkState state() const override { return state_; }
  int child_pid() const override { return 0; }
  Status command(const std::string&, double) override { return Error{"it takes no commands", "", ""}; }
  void retry() override;
  const std::vector<plugin_link::ConfinementLayer>& confinement() const override { return layers_; }
  void begin_stop() override {}

  void unplug();
  void plug();
  void crash() { die("the driver crashed"); }
  void hang();
  /// More than it may say, then it is ended.
  void flood();
  /// Values that cannot be, then it is ended.
  void garbage();

  int64_t newest_us() const { return newest_us_; }  ///< of what it said since it is there; -1 = nothing

 private:
  void go(plugin_link::LinkState state, const Messages& text, int64_t next_us);
  void begin();
  void die(const std::string& reason);

  const std::size_t index_;
  const Clock& clock_;
  const Force& force_;
  plugin_link::DriverSink& sink_;
  plugin_link::RestartPolicy policy_;
  plugin_link::LinkState state_ = plugin_link::LinkState::waiting;
  bool plugged_ = true, hangs_ = false;
  int64_t next_us_ = 0, newest_us_ = -1, sampled_us_ = 0;
  std::vector<plugin_link::ConfinementLayer> layers_;
};

/// One life of the module: fed records, it says things.
class ModuleLife {
 public:
  explicit ModuleLife(const plugin_link::ModuleLink::Start& start);
  /// What it says to this record.
  std::vector<plugin_link::ModuleOutput> feed(const patella::Record& record);
  patella_view view() const { return rig_->view(); }

 private:
  params::Values params_;
  std::unique_ptr<Rig> rig_;
  std::size_t events_ = 0, cues_ = 0;
  std::map<std::string, double> metrics_;
  uint32_t next_ordinal_ = 0;
};

class FakeModule final : public plugin_link::ModuleLink {
 public:
  FakeModule(const Clock& clock, Start start, plugin_link::ModuleSink& sink);

  int wait_fd() const override { return -1; }
  int64_t deadline_us() const override { return next_us_; }
  void service() override;
  plugin_link::LinkState state() const override { return state_; }
  int child_pid() const override { return 0; }
  void feed(std::span<const patella::Record> records) override;
  uint64_t done_seq() const override { return done_seq_; }
  const patella_view& view() const override { return view_; }
  uint64_t view_seq() const override { return view_seq_; }
  const std::vector<plugin_link::ConfinementLayer>& confinement() const override { return layers_; }
  void begin_stop() override {}

  void crash() { die("the module crashed"); }
  void hang();
  /// From now on its second life says something else than its first.
  void forget_itself() { forgets_ = true; }

 private:
  void tell(const plugin_link::ModuleOutput& output);
  void die(const std::string& reason);

  const Clock& clock_;
  const Start start_;
  plugin_link::ModuleSink& sink_;
  plugin_link::RestartPolicy policy_;
  plugin_link::KnownOutputs known_;
  std::vector<patella::Record> fed_;
  std::size_t played_ = 0;
  std::unique_ptr<ModuleLife> life_;
  plugin_link::LinkState state_ = plugin_link::LinkState::starting;
  bool hangs_ = false, forgets_ = false;
  int64_t next_us_ = 0;
  uint64_t done_seq_ = 0, view_seq_ = 0;
  patella_view view_{};
  std::vector<plugin_link::ConfinementLayer> layers_;
};

class FakeLinks final : public plugin_link::Links {
 public:
  FakeLinks(const Clock& clock, Force force) : clock_(clock), force_(std::move(force)) {}
  std::unique_ptr<plugin_link::DriverLink> driver(const plugin_link::PluginInfo& plugin, plugin_link::DriverLink::Binding binding,
                                                  plugin_link::DriverSink& sink) override;
  std::unique_ptr<plugin_link::ModuleLink> module(const plugin_link::PluginInfo& plugin, plugin_link::ModuleLink::Start start,
                                                  plugin_link::ModuleSink& sink) override;

  /// By the order of their making, which for sensors is that of the stations. The newest module may be gone with its session.
  std::vector<FakeSensor*> sensors;
  std::vector<FakeModule*> modules;
  std::vector<params::Values> driver_params;  ///< with which each driver was started, in that order

 private:
  const Clock& clock_;
  const Force force_;
  std::vector<plugin_link::DriverSink*> sinks_;  ///< of the sensors: one that is started again is the same sensor
};

}  // namespace patella::test
