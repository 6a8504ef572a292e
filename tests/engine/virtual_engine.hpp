// The kiosk's engine as the program runs it, in time that a test owns: no process, no disk, no waiting.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fake_links.hpp"
#include "memory_store.hpp"
#include "runtime/engine.hpp"

namespace patella::test {

struct VirtualClock final : Clock {
  int64_t us = 5'000'000'000;
  int64_t now_us() const override { return us; }
  WallTime wall() const override { return {1'795'000'000'000'000 + us, 60}; }
};

/// Stations "s0", "s1", …, each with a force sensor of its own (its driver's one parameter, zero_n, is 0) and band_reps: one set of 99,
/// pulls counted from 40 N.
runtime::Assembly assembly_of(std::size_t stations);

/// Two seconds a pull to 60 N, at each station at another moment.
double pulls_n(std::size_t index, int64_t t_us);

class VirtualEngine final : public runtime::EngineRunner, public runtime::EngineWatcher {
 public:
  /// `dice`: how long the disk takes each time.
  VirtualEngine(std::size_t stations, Disk& disk, uint32_t dice, Force force = pulls_n);
  ~VirtualEngine() override;

  /// As after kill -9: what was not on the disk is gone. The same engine again, on the same disk.
  void cut_and_start_again();

  void tap(const session::Tap& tap);
  void run(double seconds);
  /// False: it did not happen within that time.
  bool run_until(const std::function<bool()>& reached, double at_most_s);
  /// From home to the first view of the running exercise.
  bool to_live(std::size_t station);

  const session::Snapshot& shown() const { return *shown_; }
  /// Reps that were told as stored, of all sessions; of that station's sessions.
  int counted() const;
  int counted_at(std::size_t station) const;
  /// A session beside the one on the screen, up to the first view of the running exercise; kNoLane: it did not come so far.
  session::LaneId open_lane(std::size_t station);
  void tap(session::LaneId lane, const session::Tap& tap) { engine_->tap(lane, tap); }
  session::Snapshot shown_of(session::LaneId lane) const;
  const session::KioskFlow& flow() const { return engine_->flow(); }
  FakeSensor& sensor(std::size_t index) { return *links_->sensors.at(index); }
  FakeModule& module() { return *links_->modules.back(); }
  const std::vector<params::Values>& driver_params() const { return links_->driver_params; }
  /// As when edits were changed elsewhere, and this is the configuration now.
  void edits_changed(config::Config config) { engine_->edits_changed(std::move(config)); }
  /// By the order in which they were started.
  FakeModule& module(std::size_t index) { return *links_->modules.at(index); }
  Disk& disk() { return disk_; }
  VirtualClock& clock() { return clock_; }
  /// The first thing that must not be; "" = nothing was.
  const std::string& wrong() const { return wrong_.empty() ? disk_.wrong : wrong_; }

  void run(runtime::Engine& engine) override { running_ = &engine; }
  void wake() override { woken_ = true; }
  void watch(int) override {}
  void stop() override;
  void published() override;
  void stored(const std::string& session_id, const session::LogEvent& event) override;

 private:
  void start();
  void step(int64_t until_us);
  void check_shown();
  void check_queued_first();
  void judge(bool fine, const std::string& what);

  const std::size_t stations_;
  Disk& disk_;
  const Force force_;
  std::mt19937 dice_;
  VirtualClock clock_;
  Log log_{LogLevel::none};
  std::unique_ptr<FakeLinks> links_;
  std::unique_ptr<VirtualStore> store_;
  std::unique_ptr<runtime::SnapshotSlot> slot_;
  runtime::Engine* running_ = nullptr;
  std::unique_ptr<runtime::Engine> engine_;
  session::SnapshotPtr shown_ = std::make_shared<session::Snapshot>();
  bool woken_ = false;
  std::map<std::string, int> counted_;  ///< by session
  std::map<std::string, uint64_t> told_number_;
  int64_t shown_sample_us_ = -1;    ///< the newest that a snapshot had
  uint64_t queued_when_shown_ = 0;  ///< to the store, up to the snapshot before
  std::string wrong_;
};

/// "" = the module says to these records what the log says it said; else the first difference.
std::string replay_differs(const Disk::Session& session);
/// "" = ticks every 50 ms, events in the order of their numbers, counted reps 1, 2, 3, …
std::string log_wrong(const Disk::Session& session);

}  // namespace patella::test
