// The kiosk's end of a plugin's child process. One thread (the session thread) owns a link; nothing here blocks.
//
// Each link has one pollable descriptor. When it is readable, or `deadline_us()` has come, call `service()`. Death is seen
// by pidfd, a hang by the heartbeat, garbage by checks of the ring; the child is then ended and started again after
// 0.25 / 1 / 4 s, and after the fourth death within a minute quarantined with the reason. A driver whose device was
// unplugged starts again at once and waits for it.
#pragma once

#include <patella/exercise.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/record.hpp"
#include "base/result.hpp"
#include "params/value.hpp"
#include "plugin_link/plugin_info.hpp"

namespace patella::plugin_link {

/// How children are started. One object for the program, outlives the links.
struct HostOptions {
  std::filesystem::path host_program;                     ///< patella-plugin-host
  bool confine = true;                                    ///< only tests of the host itself turn it off
  bool under_umockdev = false;                            ///< explicit test switch: what the preload library needs stays allowed
  double heartbeat_timeout_s = PATELLA_HANG_MS / 1000.0;  ///< a hang is to be noticed within half a second
  bool allow_no_device = false;                           ///< explicit test switch: drivers with the transport "none" run
  bool inherit_stderr = false;                            ///< explicit test switch: a child's stderr is shown, not thrown away
  /// Counts drivers under umockdev: each gets its own range of descriptor numbers. Shared by copies.
  std::shared_ptr<std::atomic<int>> drivers_made = std::make_shared<std::atomic<int>>(0);
};

/// One layer of a child's confinement: is it on, and if not, why.
struct ConfinementLayer {
  std::string name;  ///< "landlock", "seccomp", "rlimits", …
  bool on = false;
  std::string text;
};

/// What this machine can do: runs the host once, at most 5 s. Error: it does not start.
Result<std::vector<ConfinementLayer>> confinement_report(const HostOptions& options);

enum class LinkState {
  waiting = 1,  ///< driver: no matching device is plugged in
  starting,
  live,        ///< driver: the device answers; module: ready
  silent,      ///< the device does not answer
  down,        ///< the child died or was ended; starts again at the deadline
  quarantined  ///< given up; `text` has the reason
};

struct LinkSample {
  uint16_t channel = 0;  ///< the driver's channel index
  int64_t t_us = 0;      ///< CLOCK_MONOTONIC
  double value = 0;
};

// ---- drivers ---------------------------------------------------------------------------------------------

struct DriverSink {
  virtual ~DriverSink() = default;
  virtual void samples(std::span<const LinkSample> samples) = 0;
  /// Also after each death: reason in `text`, one plain sentence.
  virtual void state(LinkState state, const Messages& text) = 0;
  virtual void notice(const Messages& text) = 0;  ///< patella_device_state NOTICE
  virtual void identity(const std::string& product, const std::string& serial, const std::string& port) = 0;
  virtual void command_done(const std::string& command, bool ok, const Messages& text) = 0;
  virtual void lost_samples(uint64_t count) = 0;  ///< the ring overran: a gap in the log
};

class DriverLink {
 public:
  /// Both given: the device of that serial number; where several bear it, the one at that port. It is found again at
  /// another port too.
  struct Which {
    std::string serial, port;  ///< "" = any
  };
  struct Binding : Which {
    params::Values params;
    std::vector<Which> others = {};  ///< what the kiosk's other links are bound to: left to them
    /// How many other drivers could take the same serial bridges and are bound to none: they take turns until one works.
    int sharers = 0;
  };
  /// Starts the first child at the first service(). `sink` outlives the link.
  static std::unique_ptr<DriverLink> make(const HostOptions& options, const PluginInfo& plugin, Binding binding,
                                          const Clock& clock, Log& log, DriverSink& sink);
  virtual ~DriverLink() = default;  ///< SIGTERM, 500 ms, SIGKILL
  virtual int wait_fd() const = 0;
  virtual int64_t deadline_us() const = 0;
  virtual void service() = 0;
  virtual LinkState state() const = 0;
  virtual int child_pid() const = 0;  ///< 0 = none now
  virtual Status command(const std::string& name, double argument) = 0;
  /// Ends quarantine: staff asked to try again.
  virtual void retry() = 0;
  /// What the present child reported; empty until it did.
  virtual const std::vector<ConfinementLayer>& confinement() const = 0;
  /// Asks the child to end, without waiting. With several links: call it on all, then destroy them. No restart follows.
  virtual void begin_stop() = 0;
};

// ---- modules ---------------------------------------------------------------------------------------------

/// One thing a module said, with the record that caused it.
struct ModuleOutput {
  enum class Kind { event = 1, metric = 2, cue = 3 } kind = Kind::event;
  uint32_t ordinal = 0;  ///< 0, 1, 2, … over the session, the same after a restart
  uint64_t after_seq = 0;
  patella_event event{};
  std::string key, unit;  ///< metric
  double value = 0;
  uint32_t cue = 0;
  std::string text;
};

struct ModuleSink {
  virtual ~ModuleSink() = default;
  /// Each output once, in order, also across restarts: what a restarted child says again is compared, not told.
  virtual void output(const ModuleOutput& output) = 0;
  /// A restarted child said something else than before, at this ordinal.
  virtual void differs(const ModuleOutput& before, const ModuleOutput& now) = 0;
  virtual void state(LinkState state, const Messages& text) = 0;
};

class ModuleLink {
 public:
  struct Start {
    params::Values params;
    uint64_t seed = 0;
    uint32_t present = 0;
    /// Outputs already known (a resumed session): compared, not told again.
    std::vector<ModuleOutput> known;
  };
  static std::unique_ptr<ModuleLink> make(const HostOptions& options, const PluginInfo& plugin, Start start, const Clock& clock,
                                          Log& log, ModuleSink& sink);
  virtual ~ModuleLink() = default;
  virtual int wait_fd() const = 0;
  virtual int64_t deadline_us() const = 0;
  virtual void service() = 0;
  virtual LinkState state() const = 0;
  virtual int child_pid() const = 0;
  /// Appends to the input. Never blocks: what does not fit the ring waits here. Kept until the link ends, for replay.
  virtual void feed(std::span<const Record> records) = 0;
  /// seq of the last record whose outputs have all been told.
  virtual uint64_t done_seq() const = 0;
  /// The newest view and the seq it was filled after; size 0 = none yet.
  virtual const patella_view& view() const = 0;
  virtual uint64_t view_seq() const = 0;
  virtual const std::vector<ConfinementLayer>& confinement() const = 0;
  virtual void begin_stop() = 0;  ///< as DriverLink's
};

/// Makes links: children of this program, or what stands for them in a test.
class Links {
 public:
  virtual ~Links() = default;
  /// `plugin` and `sink` outlive the link.
  virtual std::unique_ptr<DriverLink> driver(const PluginInfo& plugin, DriverLink::Binding binding, DriverSink& sink) = 0;
  virtual std::unique_ptr<ModuleLink> module(const PluginInfo& plugin, ModuleLink::Start start, ModuleSink& sink) = 0;
};

class ProcessLinks final : public Links {
 public:
  /// All of them outlive the links.
  ProcessLinks(const HostOptions& options, const Clock& clock, Log& log) : options_(options), clock_(clock), log_(log) {}
  std::unique_ptr<DriverLink> driver(const PluginInfo& plugin, DriverLink::Binding binding, DriverSink& sink) override {
    return DriverLink::make(options_, plugin, std::move(binding), clock_, log_, sink);
  }
  std::unique_ptr<ModuleLink> module(const PluginInfo& plugin, ModuleLink::Start start, ModuleSink& sink) override {
    return ModuleLink::make(options_, plugin, std::move(start), clock_, log_, sink);
  }

 private:
  const HostOptions& options_;
  const Clock& clock_;
  Log& log_;
};

/// Runs a stored stream through a child from start to end and returns what it said. For `replay`, benches and tests.
/// Blocks, at most `timeout_s` without progress.
Result<std::vector<ModuleOutput>> run_module(const HostOptions& options, const PluginInfo& plugin, const ModuleLink::Start& start,
                                             std::span<const Record> records, double timeout_s = 10);

}  // namespace patella::plugin_link
