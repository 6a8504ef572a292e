#include "session/session.hpp"

#include <algorithm>
#include <cstring>

#include "base/sentence.hpp"
#include "support/catch.hpp"
#include "support/log_fields.hpp"

using namespace patella;
using namespace patella::session;
using patella::test::number_of;
using patella::test::text_of;

namespace {

constexpr int64_t kStartUs = 1'000'000'000;

SessionSetup band_plan() {
  SessionSetup plan;
  plan.station.id = "tke";
  plan.station.title = "Terminal knee extension";
  plan.station.channels = {{"force", "N", "Band force sensor", true, true, 500'000, 1'000'000}};
  plan.station.metrics = {
      {"best_peak_n", "Highest force", 0, true}, {"impulse_ns", "Impulse", 0, false}, {"mean_peak_n", "", 0, true}};
  plan.station.reasons = {{"too_weak", "Pull further"}};
  plan.client = {"C-0007", "Anna K."};
  plan.questions = {{"well", "Do you feel well today?", -1}};
  return plan;
}

/// A session with the devices and the module played by the test.
struct Played {
  Session session;
  int64_t now_us = kStartUs;
  std::vector<Record> records;
  std::vector<LogEvent> events;
  std::vector<Effect> others;

  explicit Played(SessionSetup plan) : session(std::move(plan), kStartUs) { take(); }
  Played(SessionSetup plan, const Restored& restored) : session(std::move(plan), restored, kStartUs) { take(); }

  void take() {
    for (Effect& effect : session.take_effects()) {
      if (const auto* record = std::get_if<Record>(&effect))
        records.push_back(*record);
      else if (const auto* event = std::get_if<LogEvent>(&effect))
        events.push_back(*event);
      else
        others.push_back(effect);
    }
  }
  void tap(const taps::InSession& tap) {
    session.tap(tap, now_us);
    take();
  }
  /// Time passes; with `force`, samples come every 10 ms.
  void run(double seconds, bool force = true) {
    for (int i = 0; i < static_cast<int>(seconds * 100 + 0.5); ++i) {
      now_us += 10'000;
      if (force) session.sample(0, now_us - 1000, 20, now_us);
      session.advance(now_us);
      take();
    }
  }
  void view(uint32_t phase) {
    patella_view view{};
    view.size = sizeof view;
    view.phase = phase;
    view.trace_channel = 0;
    view.trace_seconds = 10;
    session.module_view(view, now_us);
    take();
  }
  void says_set_end(uint32_t ordinal, int set, uint32_t side, const char* reason = "") {
    patella_event event{};
    event.size = sizeof event;
    event.kind = PATELLA_EVENT_SET_END;
    event.set = set;
    event.side = side;
    std::snprintf(event.reason, sizeof event.reason, "%s", reason);
    event.t_us = now_us - kStartUs;
    session.module_event(event, ordinal, records.empty() ? 0 : records.back().seq, now_us);
    take();
  }
  void says(uint32_t kind, uint32_t ordinal, int n = 0) {
    patella_event event{};
    event.size = sizeof event;
    event.kind = kind;
    event.n = n;
    event.counted = 1;
    event.side = PATELLA_SIDE_LEFT;
    event.t_us = now_us - kStartUs;
    session.module_event(event, ordinal, records.empty() ? 0 : records.back().seq, now_us);
    take();
  }
  void to_set_up() {
    session.device(0, {Liveness::live, ""}, now_us);
    tap(taps::SetPain{2});
    tap(taps::Answer{"well", true});
    tap(taps::Next());
    run(0.2);
  }
  void to_work() {
    to_set_up();
    tap(taps::Start());
    view(PATELLA_PHASE_WORK);
  }
  int count(const std::string& kind) const {
    return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const LogEvent& e) { return e.kind == kind; }));
  }
  std::ptrdiff_t notices() const {
    return std::count_if(others.begin(), others.end(),
                         [](const Effect& e) { return std::holds_alternative<notices::Raised>(e); });
  }
  int actions(patella_action action) const {
    return static_cast<int>(std::count_if(records.begin(), records.end(),
                                          [&](const Record& r) { return r.kind == RecordKind::action && r.code == action; }));
  }
  Snapshot snapshot() const {
    Snapshot s;
    session.fill(s, now_us);
    return s;
  }
};

bool without_hole(const std::vector<Record>& records) {
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records[i].seq != i + 1) return false;
  return true;
}

}  // namespace

TEST_CASE("a session goes from screening to a stored summary") {
  Played played(band_plan());
  CHECK(played.session.screen() == Screen::screening);
  played.tap(taps::Next());
  CHECK(played.session.screen() == Screen::screening);  // pain and question are still open
  CHECK_FALSE(played.snapshot().why_not_continue.empty());
  played.to_set_up();
  CHECK(played.session.screen() == Screen::set_up);
  played.tap(taps::Start());
  CHECK(played.session.screen() == Screen::live);
  played.view(PATELLA_PHASE_WORK);
  played.run(1);
  played.says(PATELLA_EVENT_REP, 0, 1);
  CHECK(played.snapshot().unsaved_reps == 1);
  played.session.stored(played.session.last_event_number());
  CHECK(played.snapshot().unsaved_reps == 0);
  played.view(PATELLA_PHASE_REST);
  CHECK(played.session.screen() == Screen::rest);
  played.view(PATELLA_PHASE_WORK);
  CHECK(played.session.screen() == Screen::live);
  played.says(PATELLA_EVENT_DONE, 1);
  CHECK(played.session.screen() == Screen::after);
  const std::size_t records_at_end = played.records.size();
  played.run(1);
  CHECK(played.records.size() == records_at_end);  // nothing is recorded after the exercise
  played.tap(taps::SetPain{1});
  played.tap(taps::Next());
  CHECK(played.session.screen() == Screen::after);  // effort is still open
  played.tap(taps::SetEffort{4});
  played.tap(taps::Next());
  CHECK(played.session.screen() == Screen::summary);
  CHECK(std::holds_alternative<SessionEnd>(played.others.back()));
  const Snapshot last = played.snapshot();
  CHECK(last.summary->outcome == "completed");
  CHECK(last.summary->reps_counted == 1);
  CHECK(last.summary->pain_before == 2);
  CHECK(last.summary->pain_after == 1);
  CHECK_FALSE(last.summary->stored);
  played.session.end_stored();
  CHECK(played.snapshot().summary->stored);
  played.tap(taps::Next());
  CHECK(played.session.finished());
  CHECK(without_hole(played.records));
}

TEST_CASE("ticks come every 50 ms of session time, before what follows them") {
  Played played(band_plan());
  played.to_set_up();
  played.run(2);
  int64_t last_tick = -1;
  int ticks = 0;
  for (const Record& record : played.records) {
    if (record.kind != RecordKind::tick) continue;
    CHECK(record.t_us % PATELLA_TICK_US == 0);
    if (last_tick >= 0) CHECK(record.t_us == last_tick + PATELLA_TICK_US);
    last_tick = record.t_us;
    ++ticks;
  }
  CHECK(ticks >= 43);
}

TEST_CASE("a required sensor that goes silent pauses the exercise and resumes it when it is back") {
  Played played(band_plan());
  played.to_work();
  played.run(1);
  const int gaps = played.count("gap");  // the sensor had said nothing when the stream began
  played.run(0.7, false);
  CHECK(played.snapshot().channels[0].liveness == Liveness::stale);
  CHECK(played.actions(PATELLA_ACTION_PAUSE) == 0);
  played.run(0.5, false);
  CHECK(played.snapshot().channels[0].liveness == Liveness::lost);
  CHECK(played.actions(PATELLA_ACTION_PAUSE) == 1);
  CHECK(played.count("gap") == gaps + 1);
  CHECK(played.snapshot().pause != Pause::none);
  played.run(0.5);
  CHECK(played.actions(PATELLA_ACTION_RESUME) == 1);
  CHECK(played.snapshot().pause == Pause::none);
  CHECK(played.count("gap") == gaps + 2);
  CHECK(without_hole(played.records));
}

TEST_CASE("a device that is unplugged is lost at once, without waiting for its age") {
  Played played(band_plan());
  played.to_work();
  played.run(0.1);
  played.session.device(0, {Liveness::absent, "unplugged"}, played.now_us);
  played.take();
  CHECK(played.snapshot().channels[0].liveness == Liveness::lost);
  CHECK(played.actions(PATELLA_ACTION_PAUSE) == 1);
}

TEST_CASE("a notice of a device that goes on is in the log, once, and pauses nothing") {
  Played played(band_plan());
  played.to_work();
  played.run(0.1);
  const auto tell = [&](const char* text) {
    played.session.device(0, {Liveness::live, text}, played.now_us);
    played.take();
    return played.count("device");
  };
  const int before = played.count("device");
  CHECK(tell("The battery is low") == before + 1);
  CHECK(text_of(played.events.back(), "text") == "The battery is low");
  CHECK(tell("The battery is low") == before + 1);
  CHECK(tell("") == before + 1);
  CHECK(tell("The battery is low") == before + 2);
  CHECK(played.actions(PATELLA_ACTION_PAUSE) == 0);
}

TEST_CASE("a pause of the client is not undone by a sensor that comes back") {
  Played played(band_plan());
  played.to_work();
  played.run(0.5);
  played.tap(taps::Pause());
  played.run(1.5, false);
  played.run(0.5);
  CHECK(played.actions(PATELLA_ACTION_RESUME) == 0);
  played.tap(taps::Resume());
  CHECK(played.actions(PATELLA_ACTION_RESUME) == 1);
}

TEST_CASE("pain stop ends the set at once, asks, and tells staff") {
  Played played(band_plan());
  played.to_work();
  played.run(0.3);
  played.tap(taps::PainStop());
  CHECK(played.session.screen() == Screen::pain_stop);
  CHECK(played.actions(PATELLA_ACTION_PAIN) == 1);
  CHECK(played.notices() == 1);
  CHECK(english(played.snapshot().staff_notice) == "Staff are being called");
  played.says(PATELLA_EVENT_DONE, 0);
  CHECK(played.session.screen() == Screen::pain_stop);
  played.tap(taps::SetPain{6});
  played.tap(taps::SetPainPlace{"Left knee"});
  played.tap(taps::Next());
  CHECK(played.session.screen() == Screen::after);
  CHECK(played.notices() == 2);  // completed with what was answered
  CHECK(english(played.snapshot().staff_notice) == "Staff are being called");
  played.session.staff_know(played.now_us);
  played.take();
  CHECK(english(played.snapshot().staff_notice) == "Staff know");
  CHECK(played.count("staff_acknowledged") == 1);
  played.tap(taps::SetPain{6});
  played.tap(taps::SetEffort{5});
  played.tap(taps::Next());
  CHECK(played.snapshot().summary->outcome == "stopped_for_pain");
}

TEST_CASE("a pain stop at the set-up asks how strong and where, not how hard it was, and draws nothing") {
  Played played(band_plan());
  played.to_set_up();
  played.run(2);
  played.tap(taps::PainStop());
  CHECK(played.session.screen() == Screen::pain_stop);
  played.tap(taps::SetPain{6});
  played.tap(taps::SetPainPlace{"Left knee"});
  played.tap(taps::Next());
  CHECK(played.session.screen() == Screen::summary);
  CHECK(played.count("effort") == 0);
  CHECK(std::holds_alternative<SessionEnd>(played.others.back()));
  const Summary summary = *played.snapshot().summary;
  CHECK(summary.outcome == "stopped_for_pain");
  CHECK_FALSE(summary.exercised);
  CHECK(summary.trace.empty());
  CHECK(summary.pain_at_stop == 6);
  CHECK(summary.pain_place == "Left knee");
  CHECK(summary.pain_after == -1);
  CHECK(summary.effort == -1);
  played.says(PATELLA_EVENT_DONE, 0);  // said by a module that is slow to end
  CHECK(played.session.screen() == Screen::summary);
  played.tap(taps::Next());
  CHECK(played.session.finished());
}

TEST_CASE("both sides of a set are one set, and clients read the metrics that are for them") {
  Played played(band_plan());
  played.to_work();
  patella_view view{};
  view.size = sizeof view;
  view.phase = PATELLA_PHASE_WORK;
  view.trace_channel = 0;
  view.set_index = view.set_count = 3;
  played.session.module_view(view, played.now_us);
  uint32_t ordinal = 0;
  for (int set = 1; set <= 3; ++set)
    for (const uint32_t side : {PATELLA_SIDE_LEFT, PATELLA_SIDE_RIGHT}) played.says_set_end(ordinal++, set, side);
  for (const char* key : {"impulse_ns", "reps_counted", "best_peak_n", "mean_peak_n"}) played.session.module_metric(key, "N", 12);
  played.says(PATELLA_EVENT_DONE, ordinal);
  played.tap(taps::SetPain{1});
  played.tap(taps::SetEffort{4});
  played.tap(taps::Next());
  const Summary summary = *played.snapshot().summary;
  CHECK(summary.sets_done == 3);
  CHECK(summary.sets_planned == 3);
  REQUIRE(summary.metrics.size() == 2);
  CHECK(summary.metrics[0].label == "Highest force");
  CHECK(english(summary.metrics[1].label) == "mean_peak_n");  // what a module gives no label keeps its key
  CHECK(played.count("metric") == 4);                         // the log has all
}

TEST_CASE("a set that was cut short is not one that was done, and the chart is from the same zero as the figures") {
  Played played(band_plan());
  played.to_work();
  patella_view view{};
  view.size = sizeof view;
  view.phase = PATELLA_PHASE_WORK;
  view.trace_channel = 0;
  view.trace_offset = 5;
  view.set_index = view.set_count = 3;
  played.session.module_view(view, played.now_us);
  for (int i = 0; i < 20; ++i) {
    played.now_us += 100'000;
    played.session.sample(0, played.now_us, 65, played.now_us);
  }
  played.says_set_end(0, 1, PATELLA_SIDE_LEFT);
  played.says_set_end(1, 2, PATELLA_SIDE_LEFT, "pain stop");
  played.tap(taps::PainStop());
  played.tap(taps::SetPain{7});
  played.says(PATELLA_EVENT_DONE, 2);
  played.tap(taps::Next());
  CHECK(played.snapshot().screen == Screen::after);
  CHECK(played.snapshot().pain_now == -1);  // asked again, nothing is chosen
  CHECK_FALSE(played.snapshot().can_continue);
  played.tap(taps::SkipQuestions());
  const Summary summary = *played.snapshot().summary;
  CHECK(summary.sets_done == 1);
  CHECK(summary.pain_at_stop == 7);
  CHECK(summary.pain_after == -1);
  REQUIRE_FALSE(summary.trace.empty());
  CHECK(summary.trace.back().value == 60);
}

namespace {
Played at_the_questions_after() {
  Played played(band_plan());
  played.to_work();
  played.says(PATELLA_EVENT_DONE, 1);
  REQUIRE(played.session.screen() == Screen::after);
  return played;
}
}  // namespace

TEST_CASE("with pain and effort chosen it goes on by itself after a second, in which both may be changed") {
  Played played = at_the_questions_after();
  played.tap(taps::SetPain{2});
  played.run(5);
  CHECK(played.session.screen() == Screen::after);  // one of two
  played.tap(taps::SetEffort{4});
  CHECK(played.snapshot().goes_on_us == played.now_us + 1'000'000);
  CHECK(played.session.deadline_us() <= played.now_us + 1'000'000);
  played.run(.9);
  CHECK(played.session.screen() == Screen::after);
  played.tap(taps::SetPain{3});  // a second thought has its second, too
  played.run(.9);
  CHECK(played.session.screen() == Screen::after);
  played.run(.2);
  REQUIRE(played.session.screen() == Screen::summary);
  CHECK(played.snapshot().summary->pain_after == 3);
  CHECK(played.snapshot().summary->effort == 4);
}

TEST_CASE("when the time for the questions is over, what was not chosen is not answered") {
  Played played = at_the_questions_after();
  CHECK(played.snapshot().goes_on_us == played.now_us + 120'000'000);
  played.run(100);
  played.tap(taps::MoreTime());
  played.run(119);
  CHECK(played.session.screen() == Screen::after);
  played.tap(taps::SetEffort{6});
  played.run(119);
  CHECK(played.session.screen() == Screen::after);
  played.run(1.1);
  REQUIRE(played.session.screen() == Screen::summary);
  CHECK(played.snapshot().goes_on_us == 0);
  CHECK(played.snapshot().summary->pain_after == -1);
  CHECK(played.snapshot().summary->effort == 6);
}

TEST_CASE("a module that never says done does not hold the client") {
  Played played(band_plan());
  played.to_work();
  played.tap(taps::EndSession());
  CHECK(played.session.screen() == Screen::live);
  played.run(3.1);
  CHECK(played.session.screen() == Screen::after);
}

TEST_CASE("the session goes on recording when the module is given up") {
  Played played(band_plan());
  played.to_work();
  played.session.module_state(false, true, "died twice at the same record", played.now_us);
  const std::size_t before = played.records.size();
  played.run(1);
  CHECK(played.records.size() > before + 90);
  CHECK(played.snapshot().exercise_stopped_for_module);
}

TEST_CASE("End asks once; the exercise goes on until it is answered") {
  Played played(band_plan());
  played.to_work();
  played.tap(taps::AskEnd());
  CHECK(played.snapshot().asks_end);
  CHECK(played.actions(PATELLA_ACTION_END) == 0);
  CHECK(played.actions(PATELLA_ACTION_PAUSE) == 0);
  played.tap(taps::KeepGoing());
  CHECK_FALSE(played.snapshot().asks_end);
  played.tap(taps::AskEnd());
  played.tap(taps::EndSession());
  CHECK(played.actions(PATELLA_ACTION_END) == 1);
  CHECK_FALSE(played.snapshot().asks_end);
}

TEST_CASE("Resume is there when it does something, and the reason of every pause is told") {
  Played played(band_plan());
  played.to_work();
  SECTION("the client's own") {
    played.tap(taps::Pause());
    CHECK(played.snapshot().can_resume);
    CHECK(played.snapshot().pause == Pause::client);
    played.run(1.5, false);  // and then the sensor goes away, too
    CHECK_FALSE(played.snapshot().can_resume);
    CHECK(english(played.snapshot().pause_text) == "Sensor lost: waiting for it");
    played.run(0.5);
    CHECK(played.snapshot().can_resume);
    played.tap(taps::Resume());
    CHECK(played.actions(PATELLA_ACTION_RESUME) == 1);
    CHECK(played.snapshot().pause == Pause::none);
  }
  SECTION("a lost sensor's") {
    played.run(1.5, false);
    CHECK_FALSE(played.snapshot().can_resume);
    CHECK(english(played.snapshot().pause_text) == "Sensor lost: waiting for it");
  }
  SECTION("the exercise's own") {
    patella_event event{};
    event.kind = PATELLA_EVENT_PAUSED;
    std::copy_n("Pedalling stopped", 18, event.reason);
    played.session.module_event(event, 0, 0, played.now_us);
    patella_view view{};
    view.size = sizeof view;
    view.phase = PATELLA_PHASE_PAUSED;
    std::copy_n("Pedal to go on", 15, view.prompt);
    played.session.module_view(view, played.now_us);
    CHECK_FALSE(played.snapshot().can_resume);
    CHECK(english(played.snapshot().pause_text) == "Pedalling stopped. Pedal to go on");
  }
}

TEST_CASE("where nobody can be asked, nothing is recorded as answered") {
  Played played(band_plan());
  played.session.device(0, {Liveness::live, ""}, played.now_us);
  played.tap(taps::SkipQuestions());
  CHECK(played.session.screen() == Screen::set_up);
  played.run(0.2);
  played.tap(taps::Start());
  played.view(PATELLA_PHASE_WORK);
  played.tap(taps::PainStop());
  played.tap(taps::SkipQuestions());
  CHECK(played.session.screen() == Screen::after);
  played.tap(taps::SkipQuestions());
  CHECK(played.session.screen() == Screen::summary);
  CHECK(played.count("pain") == 0);
  CHECK(played.count("answer") == 0);
  CHECK(played.count("effort") == 0);
  CHECK(played.snapshot().summary->pain_before == -1);
  CHECK(played.snapshot().summary->pain_after == -1);
  CHECK(played.snapshot().summary->effort == -1);
}

TEST_CASE("a resumed session goes on at the same set, paused, and logs nothing twice") {
  Played first(band_plan());
  first.to_work();
  first.run(1);
  first.says(PATELLA_EVENT_REP, 0, 1);
  first.run(0.5);

  Played second(band_plan(), {first.records, first.events});
  CHECK(second.session.screen() == Screen::live);
  CHECK(second.snapshot().pause == Pause::client);
  CHECK(second.actions(PATELLA_ACTION_PAUSE) == 1);
  REQUIRE_FALSE(second.records.empty());
  CHECK(second.records.front().seq == first.records.back().seq + 1);
  CHECK(second.records.front().t_us >= first.records.back().t_us);
  CHECK(second.events.front().number == first.events.back().number + 1);
  // the module says the first rep again, as it was, then a new one
  const int events_before = second.count("rep");
  const LogEvent* logged = nullptr;
  for (const LogEvent& event : first.events)
    if (event.kind == "rep") logged = &event;
  REQUIRE(logged);
  patella_event again{};
  again.kind = PATELLA_EVENT_REP;
  again.n = 1;
  again.counted = 1;
  again.side = PATELLA_SIDE_LEFT;
  again.t_us = logged->t_us;
  second.session.module_event(again, 0, logged->after_seq, second.now_us);
  second.take();
  CHECK(second.count("rep") == events_before);
  CHECK(second.count("replay_differs") == 0);
  second.says(PATELLA_EVENT_REP, 1, 2);
  CHECK(second.count("rep") == events_before + 1);
}

TEST_CASE("what a restart cut short was paused: the module reads of a lost sensor only after that") {
  Played first(band_plan());
  first.to_work();
  first.run(1);
  Played second(band_plan(), {first.records, first.events});
  second.run(1.5, false);
  std::vector<std::string> order;
  for (const Record& r : second.records) {
    if (r.kind == RecordKind::action && r.code == PATELLA_ACTION_PAUSE) order.push_back("paused");
    if (r.kind == RecordKind::gap && r.code == 1) order.push_back("lost");
  }
  CHECK(order == std::vector<std::string>{"paused", "lost"});
}

TEST_CASE("a replayed event that differs from the log is told") {
  Played first(band_plan());
  first.to_work();
  first.run(0.5);
  first.says(PATELLA_EVENT_REP, 0, 1);
  Played second(band_plan(), {first.records, first.events});
  second.says(PATELLA_EVENT_HOLD, 0, 1);
  CHECK(second.count("replay_differs") == 1);
}

TEST_CASE("a module's event keeps its figures, cuts runaway text and prints as one line") {
  patella_event event{};
  event.kind = PATELLA_EVENT_REP;
  event.n = 3;
  event.counted = 1;
  event.side = PATELLA_SIDE_LEFT;
  std::fill(std::begin(event.reason), std::end(event.reason), 'x');  // no NUL
  event.field_count = 99;
  std::copy_n("peak_n", 6, event.fields[0].key);
  event.fields[0].value = 61.2;
  const LogEvent entry = to_log(event, 4, 17);
  CHECK(text_of(entry, "reason").size() == sizeof event.reason);
  CHECK(number_of(entry, "peak_n") == 61.2);
  event.reason[0] = 0;
  event.field_count = 1;
  CHECK(to_line(to_log(event, 4, 17)) == "rep n=3 counted=yes side=left peak_n=61.2");
}

TEST_CASE("a sample that the module marked as wild is drawn in no trace") {
  SessionTrace whole;
  RecentTrace recent;
  for (int i = 0; i < 2000; ++i) {
    const double t_s = i / 80.0, value = i % 80 == 70 ? 1302.99 : 60;
    whole.add(t_s, value);
    recent.add(t_s, value);
    if (i % 80 != 75) continue;
    whole.forget((i - 5) / 80.0, 1302.99);
    recent.forget((i - 5) / 80.0, 1302.99);
    whole.forget((i - 4) / 80.0, 1302.99);  // another value at that time: stays
    recent.forget((i - 4) / 80.0, 1302.99);
  }
  const auto is_true = [](const TracePoint& p) { return p.value == 60.0f; };
  const auto drawn = whole.points();
  const TracePoints last = recent.points(25, 20);
  CHECK(drawn.size() > 400);
  CHECK(last.size() > 1500);
  CHECK(std::all_of(drawn.begin(), drawn.end(), is_true));
  CHECK(std::all_of(last.begin(), last.end(), is_true));

  patella_event event{};
  event.kind = PATELLA_EVENT_NOTE;
  std::strcpy(event.label, "wild_sample");
  CHECK(logged::as<logged::WildSample>(to_log(event, 0, 1)));
  std::strcpy(event.label, "Not tared: 20 N on the band");
  CHECK_FALSE(logged::as<logged::WildSample>(to_log(event, 0, 1)));
}

TEST_CASE("the whole-session trace is bounded and keeps the extremes") {
  SessionTrace trace;
  for (int i = 0; i < 360'000; ++i) trace.add(i / 100.0, i == 123'456 ? 500.0 : i % 100);
  const auto points = trace.points();
  CHECK(points.size() <= 2000);
  CHECK(std::any_of(points.begin(), points.end(), [](const TracePoint& p) { return p.value == 500.0f; }));
  CHECK(std::is_sorted(points.begin(), points.end(), [](const TracePoint& a, const TracePoint& b) { return a.t_s < b.t_s; }));
}

TEST_CASE("a client never reads whose sensor is missing, nor how it is connected") {
  SessionSetup plan = band_plan();
  plan.station.channels[0].device_label = "Chronojump force sensor";
  plan.station.channels[0].label = "Force";
  Played played(plan);
  played.session.device(0, {Liveness::absent, Message("Waiting for Chronojump force sensor: plug it in")}, played.now_us);
  played.tap(taps::SetPain{2});
  played.tap(taps::Answer{"well", true});
  played.tap(taps::Next());
  const Snapshot shown = played.snapshot();
  REQUIRE(shown.screen == Screen::set_up);
  CHECK(english(shown.why_not_continue).find("Force sensor not connected") == 0);
  CHECK(english(shown.why_not_continue).find("Chronojump") == std::string::npos);
  REQUIRE(shown.station->devices.size() == 1);
  CHECK(english(shown.station->devices[0].client_label) == "Force sensor");
}
