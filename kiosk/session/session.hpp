// One client at one exercise station, from sign-in to summary, as a pure state machine: no thread, clock or
// file.
//
//   screening ─▶ set_up ─▶ live ⇄ rest ─▶ after ─▶ summary
//                    └───────┴──────┴─▶ pain_stop ─▶ after
//
// Everything that happens comes in through the functions below with the monotonic time `now_us` (never going
// back); what is to be done comes out through take_effects(), in order. Session time starts at 0 when the
// session begins; after a resume it goes on where the log ended, so that dead time does not count.
#pragma once

#include <patella/exercise.h>

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "session/channel_quality.hpp"
#include "session/effects.hpp"
#include "session/logged.hpp"
#include "session/module_event.hpp"
#include "session/setup.hpp"
#include "session/snapshot.hpp"
#include "session/tap.hpp"
#include "session/trace.hpp"

namespace patella::session {

/// How a bound device stands, as its link knows it.
struct DeviceReport {
  Liveness liveness = Liveness::absent;  ///< absent, starting, live or failed; staleness is derived here
  Messages text;
};

struct SessionSetup {
  StationSetup station;
  ClientEntry client;  ///< ref "guest" for a guest
  std::vector<Question> questions;
  std::vector<std::string> pain_places;
  params::Values dose = {};  ///< of the client's plan, over the station's numbers
  bool in_visit = false;     ///< the visit's own screens come after the questions: no summary of this session alone
};

/// What a log gives back after the kiosk was cut off.
struct Restored {
  std::span<const Record> records;
  std::span<const LogEvent> events;
};

class Session {
 public:
  /// A new session: emits begin with the first answer, so that who goes back before leaves nothing. Or one that goes on:
  /// emits start_module, then PAUSE and the gaps.
  Session(SessionSetup plan, int64_t now_us);
  Session(SessionSetup plan, const Restored& restored, int64_t now_us);

  /// Before anything else: pain and questions were asked earlier in this visit, and this was the last answer (0…10).
  void skip_screening(int pain, int64_t now_us);
  void tap(const taps::InSession& tap, int64_t now_us);
  void device(uint16_t channel, const DeviceReport& report, int64_t now_us);
  /// Which device fills the channel, and with which calibration: an event when that changes.
  void source(uint16_t channel, const ChannelSource& source, int64_t now_us);
  /// `t_us`: when it was measured, monotonic.
  void sample(uint16_t channel, int64_t t_us, double value, int64_t now_us);
  /// The device dropped this many samples before the next one (a ring overran).
  void samples_lost(uint16_t channel, uint64_t count, int64_t now_us);
  /// Time passed: ticks, stale and lost channels.
  void advance(int64_t now_us);
  /// When advance() is due next.
  int64_t deadline_us() const;

  void module_event(const patella_event& event, uint32_t ordinal, uint64_t after_seq, int64_t now_us);
  void module_metric(const std::string& key, const std::string& unit, double value);
  void module_cue(uint32_t cue, const std::string& text, int64_t now_us);
  void module_view(const patella_view& view, int64_t now_us);
  /// ok = false: the module's child is down (it comes back by itself) or, with `given_up`, quarantined.
  void module_state(bool ok, bool given_up, const Messages& text, int64_t now_us);
  /// A restarted module said something else than before.
  void module_differs(const std::string& what, int64_t now_us);

  /// Everything up to this event number is on the disk.
  void stored(uint64_t event_number);
  /// The end of the session is on the disk.
  void end_stored();
  /// Somebody acknowledged what this session has raised: the client may read that staff know.
  void staff_know(int64_t now_us);
  /// A notice of this session is open, though the kiosk was started again since.
  void staff_are_called();
  /// A member of staff (id) lets the exercise start, at this screen. Only on start_gate.
  void release_start(const std::string& member, int64_t now_us);
  /// Nobody gave a sign for long: they are asked, and an exercise that waits for them is paused meanwhile.
  void ask_whether_there(int64_t now_us);
  /// They answered, by word or by deed.
  void still_there(int64_t now_us);
  /// They are gone: closes what is open with every answer that was given. finished() at once, or as soon as the module
  /// has closed its open set.
  void leave(int64_t now_us);

  std::vector<Effect> take_effects();
  void fill(Snapshot& snapshot, int64_t now_us) const;
  Screen screen() const { return screen_; }
  bool begun() const { return begun_; }
  const std::vector<Question>& questions() const { return setup_.questions; }
  /// What came of it, for the visit that it is part of.
  Summary result() const { return make_summary(); }
  /// The summary was left, or the session closed: nothing more comes.
  bool finished() const { return finished_; }
  bool exercise_running() const { return screen_ == Screen::live || screen_ == Screen::rest; }
  /// A countdown, a rest or a timed hold that goes on to its end without the client doing anything the kiosk could see.
  bool runs_by_itself(int64_t now_us) const;
  uint64_t last_event_number() const { return next_number_ - 1; }

 private:
  /// How long the questions after the exercise wait for an answer, and for a second thought when both have one.
  static constexpr int64_t kAnswerWithinUs = 120'000'000, kSecondThoughtUs = 1'000'000;
  /// How long a module that was asked to end may take to say DONE before the session goes on without it.
  static constexpr int64_t kGiveUpUs = 3'000'000;
  /// A module answers every tick, 20 times a second. A view older than this is of a module that is away.
  static constexpr int64_t kViewOldUs = 1'000'000;
  /// What a client reads whose call nobody has acknowledged yet, and then: a promise is kept or not made.
  static Messages staff_called() { return Message("Staff are being called"); }
  static Messages staff_informed() { return Message("Staff know"); }

  struct Channel {
    ChannelSetup setup;
    DeviceReport report;
    int64_t newest_us = -1;  ///< monotonic arrival-time of the newest sample's measurement
    double newest_value = 0;
    bool told_lost = false;
    RecentTrace recent;
    SessionTrace whole;
    std::vector<TraceGap> gaps;
    ChannelQuality quality{};         ///< of the whole session
    ChannelQuality device_quality{};  ///< since this device is there: what it may count with
    ChannelSource source{};
  };

  int64_t session_time(int64_t now_us) const { return now_us - zero_us_; }
  double session_s(int64_t now_us) const { return static_cast<double>(session_time(now_us)) / 1e6; }
  Liveness liveness(const Channel& channel, int64_t now_us) const;
  void begin(int64_t now_us);
  void log_source(const Channel& channel, int64_t now_us);
  void begin_stream(int64_t now_us);
  void open_stream(int64_t now_us);
  void tell_losses(int64_t now_us);
  void end_stream(int64_t now_us);
  void record(Record record);
  void action(patella_action action, int64_t now_us);
  void log(LogEvent event);
  template <class T>
  void log(const T& occurrence, int64_t now_us) {
    LogEvent event = logged::to_log(occurrence);
    event.t_us = session_time(now_us);
    log(std::move(event));
  }
  void go(Screen screen, int64_t now_us);
  void tick_to(int64_t now_us);
  void judge_channels(int64_t now_us);
  void channel_lost(uint16_t channel, int64_t now_us);
  void channel_back(uint16_t channel, int64_t now_us);
  bool ready(Messages* why) const;
  bool fast_enough(const Channel& channel, Messages* why) const;
  bool screening_done(Messages* why) const;
  /// "pain", "questions", "pain,questions": for which answers the start needs staff; "" = it does not.
  std::string start_blocked_by() const;
  void waits_no_more();
  void give_pain(int value);
  void give_answer(std::size_t question, int value);
  void raise_pain(const char* when, const std::string& given, int highest);
  void raise_answers();
  void set_up(int64_t now_us);
  std::vector<Message> gate_reasons() const;
  void raise(notices::Raised raised, Messages open_text, Messages known_text);
  void pain_stop(int64_t now_us);
  void exercise_over(const std::string& outcome, int64_t now_us);
  void log_metrics(int64_t now_us);
  void log_quality(int64_t now_us);
  void close(int64_t now_us);
  void log_given_answers(int64_t now_us);
  void log_stop_pain(int64_t now_us);
  void log_after(int64_t now_us);
  bool paused() const { return paused_by_client_ || paused_by_loss_ || paused_by_absence_; }
  void set_pause(bool& reason, bool on, int64_t now_us);
  void note_reps(const LogEvent& event);
  void note_rep(const logged::Judged& judged, const LogEvent& event);
  void forget_wild(const LogEvent& event);
  void restore_event(const LogEvent& event);
  void restore_module_event(const LogEvent& event);
  void restore_own_event(const LogEvent& event);
  void restore_pain(const logged::PainAnswered& pain);
  // What each touch does, by the screen it is on; where it has nothing to do it does nothing.
  void on(const taps::SetPain& chosen, int64_t now_us);
  void on(const taps::Answer& given, int64_t now_us);
  void on(const taps::SetPainPlace& chosen, int64_t now_us);
  void on(const taps::SetEffort& chosen, int64_t now_us);
  void on(const taps::Next&, int64_t now_us);
  void on(const taps::SkipQuestions&, int64_t now_us);
  void on(const taps::MoreTime&, int64_t now_us);
  void on(const taps::Back&, int64_t now_us);
  void on(const taps::StaffStart&, int64_t now_us);
  void on(const taps::Start&, int64_t now_us);
  void on(const taps::Pause&, int64_t now_us);
  void on(const taps::Resume&, int64_t now_us);
  void on(const taps::SkipRest&, int64_t now_us);
  void on(const taps::AskEnd&, int64_t now_us);
  void on(const taps::KeepGoing&, int64_t now_us);
  void on(const taps::EndSession&, int64_t now_us);
  void on(const taps::PainStop&, int64_t now_us);
  void on(const taps::CallStaff&, int64_t now_us);
  bool exercises() const { return screen_ == Screen::live || screen_ == Screen::rest; }
  bool after_answered() const { return pain_now_ >= 0 && effort_ >= 0; }
  void think_again(int64_t now_us);
  void go_on_by_itself(int64_t now_us);
  bool asks_pain_after() const { return screen_ == Screen::pain_stop || screen_ == Screen::after; }
  void answer_pain(int value, int64_t now_us);
  void leave_screening(int64_t now_us);
  void leave_questions(int64_t now_us);
  SessionInfo make_info() const;
  void fill_exercise(Snapshot& snapshot, int64_t now_us) const;
  void fill_pause(Snapshot& snapshot) const;
  Messages module_pause_text() const;
  Summary make_summary() const;
  const Shared<StationTile>& station_shown(int64_t now_us) const;
  const Shared<SessionInfo>& info_shown() const;

  SessionSetup setup_;
  std::vector<Channel> channels_;
  std::vector<Effect> effects_;
  Screen screen_ = Screen::screening;
  int64_t zero_us_ = 0;
  int64_t last_now_us_ = 0;
  bool begun_ = false;  ///< `begin` was emitted
  bool stream_open_ = false;
  bool started_ = false;
  bool over_ = false;            ///< after a resume: the module had said DONE
  bool stop_pain_told_ = false;  ///< after a resume: the pain-stop question was answered
  bool finished_ = false;
  bool closed_ = false;  ///< `end` was emitted
  uint64_t next_seq_ = 1;
  uint64_t next_number_ = 1;
  int64_t next_tick_us_ = 0;  ///< session time
  int64_t give_up_us_ = -1;   ///< session time by which a module asked to end must have said DONE

  bool paused_by_client_ = false, paused_by_loss_ = false, paused_by_absence_ = false;
  bool leaving_ = false;  ///< gone: the module closes its set, then the session closes
  Messages loss_text_;
  std::string module_pause_;  ///< why, as the module wrote it
  bool asks_end_ = false;     ///< "End the exercise?" is on the screen
  bool module_down_ = false, module_given_up_ = false;

  /// after: when it goes on by itself, monotonic; -1 = on another screen.
  int64_t after_until_us_ = -1;
  bool pain_chosen_ = false;  ///< on this screen: pain_now_ may still be what the screen before asked for
  int pain_now_ = -1, pain_before_ = -1, pain_at_stop_ = -1, pain_after_ = -1, effort_ = -1;
  std::string pain_place_;
  // Before the exercise: what was answered counts, also when it was changed afterwards.
  std::string pain_given_;  ///< "7,3"
  int pain_highest_ = -1;
  std::vector<std::string> answers_given_;  ///< by question: "yes,no"
  bool released_ = false;                   ///< a member of staff lets it start
  std::string outcome_;
  /// What the client reads of a notice: until somebody acknowledged it, and then. Empty = nothing to read.
  Messages staff_notice_, staff_notice_known_;
  bool staff_know_ = false;
  bool waits_for_staff_ = false;  ///< start_blocked was raised
  int64_t exercise_from_us_ = 0, exercise_to_us_ = 0;
  bool end_stored_ = false;

  patella_view view_{};
  int64_t view_made_us_ = 0;
  std::vector<RepSummary> reps_;
  std::vector<uint64_t> rep_numbers_;  ///< event number of each entry of reps_
  std::set<int> sets_done_;            ///< their numbers
  std::map<std::string, MetricValue> metrics_;
  std::vector<std::string> metric_order_;
  std::map<std::string, double> metrics_told_;  ///< as last logged
  int summary_channel_ = -1;
  /// What snapshots hold in common, until it changes.
  struct Shown {
    Shared<SessionInfo> info;
    std::vector<Message> slow;  ///< the last of its plan lines
    Shared<std::vector<Question>> questions;
    std::optional<Shared<StationTile>> station;
    std::vector<Liveness> stands;  ///< by channel, as `station` says
    std::optional<Shared<Summary>> summary;
  };
  mutable Shown shown_;

  std::vector<LogEvent> known_;  ///< module events of the log, to compare with after a resume
  std::size_t known_next_ = 0;
};

/// Empty = fast enough; else what this rate is too slow for, for the client.
Messages too_slow_text(double rate_hz, const RateNeed& need);

/// One line a device, however many of its channels are used: the channel the exercise needs speaks for it,
/// else one that is live.
void add_device(std::vector<DeviceState>& devices, DeviceState device);

}  // namespace patella::session
