// The session thread: one sequencer. Everything that happens (samples, taps, ticks, deaths of children,
// acknowledgements) reaches the session core here, one after the other, and its effects go out to the log,
// the module and the snapshot.
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "app/assembly.hpp"
#include "app/calibration_book.hpp"
#include "app/driver_route.hpp"
#include "app/notify_program.hpp"
#include "app/sign_in.hpp"
#include "app/shown_clock.hpp"
#include "app/snapshot_slot.hpp"
#include "app/store_thread.hpp"
#include "base/unique_fd.hpp"
#include "notices/book.hpp"
#include "staff/area.hpp"

namespace patella::app {

/// What an onlooker (terminal, window, speech) may want to know. Called on the session thread: hand over, do
/// not work.
struct EngineWatcher {
  virtual ~EngineWatcher() = default;
  virtual void published() {}
  /// An event that is on the disk now.
  virtual void stored(const session::LogEvent&) {}
  virtual void cue(const std::string&) {}
  /// A notice to staff was raised, completed or acknowledged.
  virtual void notice(const notices::Notice&) {}
};

struct ResumePolicy {
  enum class Kind { offer = 1, at_once, close } kind = Kind::offer;
  std::string station;  ///< at_once: only a session of this station ("" = any)
};

class Engine final : public StoreThread::Listener {
 public:
  Engine(Assembly assembly, const plugin_link::HostOptions& host, StoreThread& store, SnapshotSlot& slot,
         const Clock& clock, Log& log, EngineWatcher& watcher);
  ~Engine() override;  ///< ends the thread: session left open for a resume, children stopped, then the store
                       ///< gets the rest

  void add_banner(const std::string& text);  ///< before start()
  /// Before start(): staff may sign in at the screen. `paths`: of the configuration that they may change, and of this
  /// machine's secret.
  void let_staff_in(const Paths& paths) { staff_paths_ = paths; }
  /// Finds what was cut off and acts by `policy`; then starts the thread.
  void start(const ResumePolicy& policy);
  void post(const session::Tap& tap);        ///< any thread
  /// Any thread: somebody who is not at the screen has seen to it. `by`: who, as the audit will say.
  void acknowledge(const std::string& notice_id, const std::string& by);
  /// Any thread: what edits are judged by. As it was found at the start.
  EditPlugins edit_plugins() const;
  /// Any thread: edits were changed elsewhere, and this is the configuration now. Drivers have it when no client is at a station.
  void edits_changed(config::Config config);
  bool resumed() const { return resumed_; }  ///< at_once found a session to go on with
  bool store_works() const { return store_works_; }  ///< any thread; false: what is going on is not on the disk

  void stored(const StoreAck& ack) override;
  void store_trouble(const std::string& text) override;
  void store_notice(const std::string& text) override;

 private:
  class ModuleRoute;
  void run();
  void service_links(std::span<const epoll_event> events);
  void take_posted();
  void carry_out();
  void flush(std::vector<Record>& records, std::vector<session::LogEvent>& events);
  void execute(const session::BeginSession& begin);
  void execute(const session::StartModule& start);
  void execute(const session::StopModule& stop);
  void execute(const session::SessionEnd& end);
  void execute(const session::Cue& cue);
  void execute(const notices::Raised& raised);
  void execute(const session::ResumeSession& left_open);
  void execute(const session::CloseInterrupted& left_open);
  void start_module();
  void look_at_view();
  /// Before anything else: what was left open goes on, is offered, or is closed.
  void take_up_left_open(const ResumePolicy& policy);
  void resume(const std::string& id);
  bool was_acknowledged(const std::string& session) const;
  void close_interrupted(const std::string& id);
  void close_too_old();
  session::ClientEntry client_of(const std::string& ref) const;
  void tell_stored(const StoreAck& ack);
  void publish();
  int64_t next_deadline_us();
  bool worth_publishing();
  bool home_changed();
  int64_t publish_again_us() const;
  void tap(const session::Tap& tap);

  // engine_notices.cpp: what staff should know.
  void read_notices();
  void raise(const notices::Raised& raised, bool of_session = true);
  void acknowledge_now(const std::string& notice_id, const std::string& by);
  void notice_changed(const notices::Notice& notice, const char* event);
  void hand_to_program(const notices::Notice& notice, const char* event);
  std::string title_of(const std::string& station_id) const;
  void start_notify_program();
  void show_notices();
  std::string question_text(const std::string& id) const;

  // engine_staff.cpp: what the staff area asks for.
  void make_area();
  void carry_out_staff();
  void ask(const staff::CheckPin& wish);
  void ask(const staff::SendCommand& wish);
  void ask(const staff::Retry& wish);
  void ask(const staff::StoreCalibration& wish);
  void ask(const staff::SetSensorNumber& wish);
  void ask(const staff::Acknowledge& wish);
  void ask(const staff::LetStart& wish);
  std::string take_over(std::size_t sensor, const config::Config& config);
  void take_over_settings(std::size_t sensor, const config::Config& config);
  /// `when_home`: not before the client at a station has gone.
  void answer_later(std::function<void()> answer, bool when_home = true);
  void take_answers();
  void watch(int fd);
  void read_calibrations();
  void renew_reminders();
  store::SessionHead head_for(std::size_t station) const;

  Assembly assembly_;
  plugin_link::HostOptions host_;
  StoreThread& store_;
  SnapshotSlot& slot_;
  const Clock& clock_;
  Log& log_;
  EngineWatcher& watcher_;
  session::Floor floor_;
  std::vector<std::string> banners_, reminders_;
  std::vector<store::BandCheck> band_checks_;
  std::vector<std::function<void()>> kept_answers_;  ///< for home: they change what a session would see
  std::optional<Paths> staff_paths_;
  std::unique_ptr<staff::Area> area_;
  /// Used on the store thread only, which may still be at it when the engine has gone.
  std::shared_ptr<SignInDesk> sign_in_ = std::make_shared<SignInDesk>();
  int64_t reminders_day_ = -1;  ///< they are of: a kiosk may run for months
  std::string store_trouble_;
  notices::Book notices_book_;
  session::OpenNotices open_notices_;
  CalibrationBook book_;  ///< read once: while the kiosk runs nobody else can add to the log

  UniqueFd epoll_, wake_;
  std::vector<std::unique_ptr<DriverRoute>> routes_;
  std::vector<std::unique_ptr<plugin_link::DriverLink>> drivers_;
  std::unique_ptr<ModuleRoute> module_route_;
  std::unique_ptr<plugin_link::ModuleLink> module_;
  uint64_t seen_view_seq_ = 0;

  store::SessionHead head_;                         ///< of the open session
  std::map<uint64_t, session::LogEvent> unstored_;  ///< told to the watcher once acknowledged
  std::vector<Record> resumed_records_;    ///< fed to the module first
  uint64_t replayed_cues_to_ = 0;  ///< cues and views up to this record were given before the cut
  struct LeftOpenSession : session::LeftOpen {
    int64_t started_utc_us = 0;
  };
  std::vector<LeftOpenSession> left_open_;  ///< not yet gone on with or closed
  bool resumed_ = false;

  bool dirty_ = true, samples_dirty_ = false;
  int64_t published_us_ = 0;
  uint64_t version_ = 0;
  ShownClock wall_clock_{clock_};
  std::string home_state_, shown_clock_;

  std::mutex mutex_;  ///< guards what other threads post
  std::vector<session::Tap> taps_;
  std::vector<StoreAck> acks_;
  std::vector<std::string> troubles_, notices_;
  std::vector<std::pair<std::string, std::string>> acknowledged_;  ///< from elsewhere: id of the notice, and who
  std::vector<std::function<void()>> answers_, answers_now_;  ///< to what staff asked for
  std::unique_ptr<NotifyProgram> notify_program_;  ///< null: the site has none
  std::atomic<bool> stop_{false}, store_works_{true};
  std::thread thread_;
};

}  // namespace patella::app
