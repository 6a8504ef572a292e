// One sequencer, run by the session thread. Everything that happens (samples, taps, ticks, deaths of children,
// acknowledgements) reaches the session core here, one after the other, and its effects go out to the log,
// the module and the snapshot.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "notices/book.hpp"
#include "pin/pin_verifier.hpp"
#include "runtime/assembly.hpp"
#include "runtime/calibration_book.hpp"
#include "runtime/client_files.hpp"
#include "runtime/dose_words.hpp"
#include "runtime/notify_program.hpp"
#include "runtime/shown_clock.hpp"
#include "runtime/snapshot_slot.hpp"
#include "runtime/station_driver_sink.hpp"
#include "runtime/store_queue.hpp"
#include "staff/area.hpp"
#include "text/language.hpp"

namespace patella::runtime {

/// What an onlooker (terminal, window, speech) may want to know. Called on the session thread: hand over, do
/// not work.
struct EngineWatcher {
  virtual ~EngineWatcher() = default;
  virtual void published() {}
  /// An event of that session that is on the disk now; with the kind "ended": the session's end is.
  virtual void stored(const std::string& /*session_id*/, const session::LogEvent&) {}
  virtual void cue(const std::string&) {}
  /// A client chose it at the screen; "" = the client has gone, the site's own again.
  virtual void language(const std::string&) {}
  virtual void volume(int /*level, 0…7*/) {}
  /// A notice to staff was raised, completed or acknowledged.
  virtual void notice(const notices::Notice&) {}
};

struct ResumePolicy {
  enum class Kind { offer = 1, at_once, close } kind = Kind::offer;
  std::string station;  ///< at_once: only a session of this station ("" = any)
};

class Engine;

/// What runs an engine: the session thread (session_thread.hpp), or a test that owns the time.
class EngineRunner {
 public:
  virtual ~EngineRunner() = default;
  /// From here on it calls turn() whenever deadline_us() has come, wake() was called, or something it watches is readable.
  virtual void run(Engine& engine) = 0;
  /// Any thread.
  virtual void wake() = 0;
  /// On the thread that runs the engine, or before run(). A descriptor that is closed is watched no more.
  virtual void watch(int fd) = 0;
  /// No turn() after this. The links were ended, on the thread that ran the engine: a child dies with the thread that made it.
  virtual void stop() = 0;
};

/// The sequencer. Over interfaces of links, store, clock and of what runs it: it starts no thread and waits for nothing but the
/// store's answers before it runs. All of them stay longer than it.
class Engine final : public StoreQueue::Listener {
 public:
  Engine(Assembly assembly, plugin_link::Links& links, StoreQueue& store, SnapshotSlot& slot, const Clock& clock, Log& log,
         EngineWatcher& watcher, EngineRunner& runner);
  ~Engine() override;  ///< stops the runner: session left open for a resume, children stopped, then the store
                       ///< gets the rest

  void add_banner(const Messages& text);  ///< before start()
  /// Before start(): staff may sign in at the screen. `paths`: of the configuration that they may change, and of this
  /// machine's secret.
  void enable_staff_area(const Paths& paths) { staff_paths_ = paths; }
  /// Before start(): where clients' files are; else those of the configuration, without plans.
  void use_client_files(std::shared_ptr<ClientFiles> files) { client_files_ = std::move(files); }
  /// Before start(): who says how a plan's dose reads; without, nothing is shown of it.
  void use_dose_words(std::unique_ptr<DoseWords> words) { dose_words_ = std::move(words); }
  /// Finds what was cut off and acts by `policy`; then is run.
  void start(const ResumePolicy& policy);
  void post(const session::Tap& tap);  ///< any thread
  /// Any thread: somebody who is not at the screen has seen to it. `by`: who, as the audit will say.
  void acknowledge(const std::string& notice_id, const std::string& by);
  /// Any thread: what edits are judged by. As it was found at the start.
  EditPlugins edit_plugins() const;
  /// Any thread: edits were changed elsewhere, and this is the configuration now. Drivers have it when no client is at a station.
  void edits_changed(config::Config config);
  bool resumed() const { return resumed_; }          ///< at_once found a session to go on with
  bool store_works() const { return store_works_; }  ///< any thread; false: what is going on is not on the disk

  // For the runner.
  /// When turn() is to be called at the latest; monotonic.
  int64_t deadline_us();
  /// Everything that has come since the last one, in its order. `ready`: the watched descriptors that are readable.
  void turn(std::span<const int> ready);
  void end_links();

  // For whoever shows more than one lane. On the thread that runs the engine.
  /// A session beside what is on the screen: session/flow.hpp.
  session::LaneId open_lane(std::size_t station, const session::ClientEntry& client);
  void tap(session::LaneId lane, const session::Tap& tap);
  const session::KioskFlow& flow() const { return flow_; }

  void stored(const StoreAck& ack) override;
  void store_trouble(const Messages& text) override;
  void store_notice(const Messages& text) override;

 private:
  class LaneModuleSink;
  void service_links(std::span<const int> ready);
  void posted();
  void take_posted();
  /// What an open session has of the engine, and what is left of one until the disk has its end.
  struct Lane {
    session::LaneId id = session::kNoLane;
    std::size_t station = 0;
    store::SessionHead head;
    std::map<uint64_t, session::LogEvent> unstored;  ///< told to the watcher once acknowledged
    std::vector<Record> resumed_records;             ///< fed to the module first
    uint64_t replayed_cues_to = 0;                   ///< cues and views up to this record were given before the cut
    std::unique_ptr<LaneModuleSink> module_route;
    std::unique_ptr<plugin_link::ModuleLink> module;
    std::vector<Record> unfed;  ///< in the store's queue, and not handed to the module yet
    uint64_t seen_view_seq = 0;
    bool end_settled = false;  ///< its end is on the disk, or never will be
  };
  struct Batch {
    std::vector<Record> records;
    std::vector<session::LogEvent> events;
  };
  Lane& lane_of(session::LaneId id);
  Lane* lane_of_session(const std::string& session_id);
  void forget_closed_lanes();
  void execute_effects();
  void execute_all(std::vector<session::LaneEffect>& effects);
  void flush(Lane& lane, Batch& batch);
  static void feed(Lane& lane);
  void feed_modules();
  void execute(Lane& lane, const session::BeginSession& begin);
  void execute(Lane& lane, const session::StartModule& start);
  void execute(Lane& lane, const session::StopModule& stop);
  void execute(Lane& lane, const session::SessionEnd& end);
  void execute(Lane& lane, const session::Cue& cue);
  void execute(Lane& lane, const notices::Raised& raised);
  void execute(Lane& lane, const session::ResumeSession& left_open);
  void execute(Lane& lane, const session::CloseInterrupted& left_open);
  // engine_visit.cpp: what signing in and a visit ask for.
  void execute(Lane& lane, const session::CheckCode& check);
  void execute(Lane& lane, const session::LoadClient& load);
  void execute(Lane& lane, const session::BeginVisit& begin);
  void execute(Lane& lane, const session::EndVisit& end);
  void execute(Lane& lane, const session::DescribeDose& dose);
  void execute(Lane& lane, const session::StoreDayAfter& answer);
  void execute(Lane& lane, const session::VisitNotice& notice);
  void execute(Lane& lane, const session::ChangeLanguage& chosen);
  void execute(Lane& lane, const session::ChangeVolume& chosen);
  void cannot_sign_in(uint64_t request, const Error& error);
  void set_dose(store::SessionHead& head, std::size_t station, const params::Values& dose) const;
  void start_module(Lane& lane);
  void poll_views();
  /// Before anything else: what was left open goes on, is offered, or is closed.
  void take_up_left_open(const ResumePolicy& policy);
  void resume(const std::string& id);
  bool was_acknowledged(const std::string& session) const;
  void close_interrupted(const std::string& id);
  void close_too_old();
  session::ClientEntry client_of(const std::string& ref) const;
  void tell_stored(const StoreAck& ack);
  void publish();
  bool worth_publishing();
  bool home_changed();
  session::KioskInfo kiosk_info() const;
  int64_t publish_again_us() const;
  void tap(const session::Tap& tap);

  // engine_notices.cpp: what staff should know.
  void read_notices();
  /// `of`: the session that it is of; null = of none.
  void raise(const notices::Raised& raised, const store::SessionHead* of);
  void acknowledge_now(const std::string& notice_id, const std::string& by);
  void notice_changed(const notices::Notice& notice, const char* event);
  void hand_to_program(const notices::Notice& notice, const char* event);
  Message title_of(const std::string& station_id) const;
  void start_notify_program();
  void show_notices();
  Message question_text(const std::string& id) const;

  // engine_staff.cpp: what the staff area asks for.
  void make_area();
  void execute_requests();
  void ask(const staff::CheckPin& wish);
  void ask(const staff::SendCommand& wish);
  void ask(const staff::Retry& wish);
  void ask(const staff::StoreCalibration& wish);
  void ask(const staff::SetSensorNumber& wish);
  void ask(const staff::Acknowledge& wish);
  void ask(const staff::LetStart& wish);
  Messages take_over(std::size_t sensor, const config::Config& config);
  void take_over_settings(std::size_t sensor, const config::Config& config);
  /// `when_home`: not before the client at a station has gone.
  void answer_later(std::function<void()> answer, bool when_home = true);
  void take_answers();
  void read_calibrations();
  void renew_reminders();
  store::SessionHead head_for(std::size_t station) const;

  Assembly assembly_;
  plugin_link::Links& links_;
  StoreQueue& store_;
  SnapshotSlot& slot_;
  const Clock& clock_;
  Log& log_;
  EngineWatcher& watcher_;
  const text::Language language_;  ///< of what leaves the kiosk as text
  EngineRunner& runner_;
  session::KioskFlow flow_;
  std::vector<Messages> banners_, reminders_;
  std::vector<store::BandCheck> band_checks_;
  std::vector<std::function<void()>> kept_answers_;  ///< for home: they change what a session would see
  std::optional<Paths> staff_paths_;
  std::unique_ptr<staff::Area> area_;
  /// Used on the store thread only, which may still be at it when the engine has gone.
  std::shared_ptr<pin::PinVerifier> sign_in_ = std::make_shared<pin::PinVerifier>();
  int64_t reminders_day_ = -1;  ///< they are of: a kiosk may run for months
  Messages store_trouble_;
  notices::Book notices_book_;
  session::OpenNotices open_notices_;
  CalibrationBook book_;  ///< read once: while the kiosk runs nobody else can add to the log

  std::vector<std::unique_ptr<StationDriverSink>> routes_;
  std::vector<std::unique_ptr<plugin_link::DriverLink>> drivers_;
  std::map<session::LaneId, std::unique_ptr<Lane>> lanes_;
  struct LeftOpenSession : session::LeftOpen {
    int64_t started_utc_us = 0;
  };
  std::vector<LeftOpenSession> left_open_;  ///< not yet gone on with or closed
  bool resumed_ = false;
  std::shared_ptr<ClientFiles>
      client_files_;  ///< used on the store thread only, which may still be at it when the engine has gone
  std::unique_ptr<DoseWords> dose_words_;
  struct OpenVisit {
    uint64_t number = 0;
    std::string id;  ///< UUIDv7; "" = none
  };
  OpenVisit visit_;

  bool dirty_ = true;           ///< anything may be different from what was published last
  bool samples_dirty_ = false;  ///< values are
  bool views_dirty_ = false;    ///< what a module makes of them is
  int64_t published_us_ = 0, view_published_us_ = 0;
  uint64_t version_ = 0;
  ShownClock wall_clock_{clock_};
  std::string shown_clock_;
  Shared<session::KioskInfo> kiosk_info_;
  Shared<std::vector<session::StationTile>> shown_tiles_;

  std::atomic<bool> posted_{false};  ///< there is something in what mutex_ guards, but for what waits for home
  std::mutex mutex_;                 ///< guards what other threads post
  std::vector<session::Tap> taps_;
  std::vector<StoreAck> acks_;
  std::vector<Messages> troubles_, notices_;
  std::vector<std::pair<std::string, std::string>> acknowledged_;  ///< from elsewhere: id of the notice, and who
  std::vector<std::function<void()>> answers_, answers_now_;       ///< to what staff asked for
  std::unique_ptr<NotifyProgram> notify_program_;                  ///< null: the site has none
  std::atomic<bool> store_works_{true};
};

}  // namespace patella::runtime
