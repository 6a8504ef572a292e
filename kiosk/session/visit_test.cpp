#include "session/visit.hpp"

#include "base/sentence.hpp"
#include "session/kiosk_flow.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::session;

namespace {

constexpr int64_t kSecondUs = 1'000'000;

StationSetup exercise_at(const std::string& place, const std::string& exercise) {
  StationSetup station;
  station.id = place;
  station.title = verbatim("Place " + place);
  station.exercise = exercise;
  station.exercise_name = verbatim("Exercise " + exercise);
  station.plan_lines = {verbatim("the house's dose of " + exercise)};
  return station;
}

/// Six exercises at three places; one needs a go-ahead, one is offered at two of them.
KioskSetup gym() {
  KioskSetup setup;
  setup.stations = {exercise_at("bike", "ride"), exercise_at("mat", "bridge"), exercise_at("mat", "plank"),
                    exercise_at("mat", "lunge"), exercise_at("band", "pull"),  exercise_at("band", "bridge"),
                    exercise_at("band", "jump")};
  setup.stations.back().needs_go_ahead = true;
  setup.clients = {{"C-0001", "Anna K."}, {"C-0002", "Bo L."}};
  setup.questions = {{"swollen", Message("Is it swollen?"), -1, OnYes::notice}};
  setup.pain_places = {"Left knee"};
  return setup;
}

PlannedItem item(const std::string& id, const std::string& exercise, const std::string& place = "") {
  PlannedItem one;
  one.id = id;
  one.exercise = exercise;
  one.place = place;
  return one;
}

ClientFile annas() {
  ClientFile file;
  file.entry = {"C-0001", "Anna K."};
  file.plan_title = verbatim("Anna's plan");
  file.items = {item("i1", "ride"), item("i2", "bridge", "mat"), item("i3", "pull")};
  file.items[1].dose = {{"sets", -1, 5, std::nullopt}};
  return file;
}

struct Kiosk {
  KioskFlow flow{gym(), 0};
  int64_t now_us = kSecondUs;
  std::vector<Effect> effects;

  void tap(const Tap& tap) {
    now_us += 1000;
    flow.tap(tap, now_us);
    settle();
  }
  void settle() {
    for (auto more = flow.take_effects(); !more.empty(); more = flow.take_effects())
      effects.insert(effects.end(), more.begin(), more.end());
  }
  void wait(double seconds) {
    for (const int64_t until_us = now_us + static_cast<int64_t>(seconds * 1e6); now_us < until_us;) {
      now_us = std::min(until_us, std::max(now_us + 1, flow.deadline_us()));
      flow.advance(now_us);
      settle();
    }
  }
  Snapshot shown() const {
    Snapshot snapshot;
    flow.fill(snapshot, now_us);
    return snapshot;
  }
  Screen screen() const { return shown().screen; }
  template <class T>
  const T* last() const {
    for (auto at = effects.rbegin(); at != effects.rend(); ++at)
      if (const T* one = std::get_if<T>(&*at)) return one;
    return nullptr;
  }
  template <class T>
  int count() const {
    return static_cast<int>(
        std::count_if(effects.begin(), effects.end(), [](const Effect& e) { return std::holds_alternative<T>(e); }));
  }
  void type(const std::string& code) {
    for (const char digit : code) tap(taps::TypeCode{KeypadKey(digit)});
  }
  void sign_in(ClientFile file = annas()) {
    tap(taps::SignIn());
    tap(taps::ShowMeans{SignInMeans::name});
    tap(taps::ChooseClient{file.entry.ref});
    flow.client_loaded(last<LoadClient>()->request, std::move(file), now_us);
    settle();
  }
  void answer_screening(int pain = 2) {
    REQUIRE(screen() == Screen::screening);
    tap(taps::SetPain{pain});
    tap(taps::Answer{"swollen", false});
    tap(taps::Next());
  }
  /// From the start of the set-up to its end as planned.
  void exercise(int pain_after = 2) {
    REQUIRE(screen() == Screen::set_up);
    tap(taps::Start());
    REQUIRE(screen() == Screen::live);
    patella_event done{};
    done.kind = PATELLA_EVENT_DONE;
    flow.session()->module_event(done, 0, 0, now_us);
    settle();
    tap(taps::SetPain{pain_after});
    tap(taps::SetEffort{4});
    tap(taps::Next());
  }
};

/// Everything of a snapshot that could tell who was there.
bool tells_of(const Snapshot& snapshot, const std::string& text) {
  std::string all = english(snapshot.visit_label) + english(snapshot.session->client_label) + english(snapshot.today->title);
  for (const TodayItem& one : snapshot.today->items) all += one.id + english(one.name);
  for (const VisitExercise& one : snapshot.visit_summary->exercises) all += english(one.name);
  for (const LibraryCard& one : snapshot.library->cards) all += one.in_plan ? text : "";
  for (const ClientEntry& one : *snapshot.clients) all += one.ref + one.name;
  return all.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("signed in by name: today's plan, in its order, with the first one next") {
  Kiosk kiosk;
  kiosk.sign_in();
  const Snapshot shown = kiosk.shown();
  REQUIRE(shown.screen == Screen::today);
  CHECK(english(shown.visit_label) == "Anna K.");
  REQUIRE(shown.today->items.size() == 3);
  CHECK(shown.today->next == 0);
  CHECK(english(shown.today->items[0].name) == "Exercise ride");
  CHECK(english(shown.today->items[0].dose.at(0)) == "the house's dose of ride");
}

TEST_CASE("a dose of the plan reads as its module says, and as nothing until it has") {
  Kiosk kiosk;
  kiosk.sign_in();
  CHECK(kiosk.shown().today->items[1].dose.empty());
  REQUIRE(kiosk.last<DescribeDose>());
  CHECK(kiosk.last<DescribeDose>()->item == "i2");
  kiosk.flow.dose_described(kiosk.last<DescribeDose>()->visit + 1, "i2", verbatim("of another visit"));
  CHECK(kiosk.shown().today->items[1].dose.empty());
  kiosk.flow.dose_described(kiosk.last<DescribeDose>()->visit, "i2", verbatim("5 sets"));
  CHECK(english(kiosk.shown().today->items[1].dose.at(0)) == "5 sets");
  kiosk.tap(taps::MakeNext{"i2"});
  kiosk.tap(taps::StartNext());
  kiosk.answer_screening();
  CHECK(english(kiosk.shown().session->plan_lines.at(0)) == "5 sets");
  REQUIRE(kiosk.last<BeginSession>());
  CHECK(kiosk.last<BeginSession>()->dose == annas().items[1].dose);
}

TEST_CASE("the whole plan: screening once, each next one at its place, the summary at the end, signed out") {
  Kiosk kiosk;
  kiosk.sign_in();
  kiosk.tap(taps::StartNext());
  kiosk.answer_screening();
  kiosk.exercise();
  REQUIRE(kiosk.screen() == Screen::today);
  CHECK(kiosk.shown().today->items[0].state == TodayItem::State::done);
  CHECK(kiosk.shown().today->next == 1);
  CHECK(kiosk.shown().today->items[1].elsewhere);
  kiosk.tap(taps::StartNext());
  CHECK(kiosk.shown().station->id == "mat");
  kiosk.exercise();  // at the set-up: pain and questions were asked
  kiosk.tap(taps::StartNext());
  kiosk.exercise(3);
  REQUIRE(kiosk.screen() == Screen::visit_summary);
  const auto summary = kiosk.shown().visit_summary;
  CHECK(summary->exercises.size() == 3);
  CHECK(summary->exercises[2].done);
  CHECK(summary->pain_before == 2);
  CHECK(summary->pain_after == 3);
  CHECK(kiosk.count<BeginSession>() == 3);
  CHECK(kiosk.last<SessionEnd>()->pain_before == 2);
  CHECK_FALSE(summary->stored);
  for (LaneId lane = 1; lane <= 3; ++lane) kiosk.flow.end_stored(lane);
  CHECK(kiosk.shown().visit_summary->stored);
  kiosk.tap(taps::SignOut());
  CHECK(kiosk.screen() == Screen::home);
  CHECK(kiosk.count<EndVisit>() == 1);
}

TEST_CASE("from Today to running and from the end of one exercise to the next there are few taps") {
  Kiosk kiosk;
  kiosk.sign_in();
  kiosk.tap(taps::StartNext());
  kiosk.answer_screening();
  kiosk.exercise();
  // Today → running: StartNext, Start.
  kiosk.tap(taps::StartNext());
  kiosk.tap(taps::Start());
  CHECK(kiosk.screen() == Screen::live);
}

TEST_CASE("pain at or above the physio's number is asked about again before the next exercise") {
  Kiosk kiosk;
  kiosk.sign_in();
  kiosk.tap(taps::StartNext());
  kiosk.answer_screening();
  const int pain = GENERATE(4, 5);
  kiosk.exercise(pain);
  kiosk.tap(taps::StartNext());
  CHECK(kiosk.screen() == (pain < 5 ? Screen::set_up : Screen::screening));
}

TEST_CASE("a guest has the library and no plan; an exercise that needs a go-ahead is explained, not started") {
  Kiosk kiosk;
  kiosk.tap(taps::GoOnAsGuest());
  REQUIRE(kiosk.screen() == Screen::library);
  CHECK(kiosk.shown().library->guest);
  CHECK(kiosk.shown().library->cards.size() == 6);  // one card, wherever it can be done
  kiosk.tap(taps::TouchCard{"jump"});
  CHECK(kiosk.screen() == Screen::library);
  CHECK(kiosk.shown().library->explained == "jump");
  kiosk.tap(taps::TouchCard{"plank"});
  kiosk.answer_screening();
  kiosk.exercise();
  CHECK(kiosk.screen() == Screen::library);
  kiosk.tap(taps::StopForToday());
  CHECK(kiosk.screen() == Screen::visit_summary);
}

TEST_CASE("what needs a go-ahead starts for a client whose plan has it") {
  Kiosk kiosk;
  ClientFile file = annas();
  file.items.push_back(item("i4", "jump"));
  kiosk.sign_in(file);
  kiosk.tap(taps::SomethingElse());
  kiosk.tap(taps::TouchCard{"jump"});
  CHECK(kiosk.screen() == Screen::screening);
}

TEST_CASE("a place in use is passed over, and the library opens the other place that offers it") {
  Kiosk kiosk;
  REQUIRE(kiosk.flow.open_lane(1, {kGuest, ""}, kiosk.now_us) != kNoLane);
  kiosk.sign_in();
  CHECK(kiosk.shown().today->items[1].state == TodayItem::State::not_possible);
  kiosk.tap(taps::MakeNext{"i2"});
  CHECK(kiosk.shown().today->next == 0);
  kiosk.tap(taps::SignOut());
  kiosk.tap(taps::GoOnAsGuest());
  kiosk.tap(taps::TouchCard{"bridge"});
  CHECK(kiosk.shown().station->id == "band");
}

TEST_CASE("a code is tried at its full length, once, and read by nobody who came later") {
  Kiosk kiosk;
  kiosk.tap(taps::SignIn());
  kiosk.type("123456");
  REQUIRE(kiosk.last<CheckCode>());
  CHECK(kiosk.last<CheckCode>()->typed.size() == 6);
  CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::checking);
  CHECK(kiosk.shown().sign_in->typed == 0);
  const uint64_t request = kiosk.last<CheckCode>()->request;
  SECTION("right") {
    kiosk.flow.code_checked(request, ClientEntry{"C-0001", "Anna K."}, kiosk.now_us);
    kiosk.settle();
    REQUIRE(kiosk.last<LoadClient>());
    kiosk.flow.client_loaded(kiosk.last<LoadClient>()->request, annas(), kiosk.now_us);
    CHECK(kiosk.screen() == Screen::today);
  }
  SECTION("whoever typed it has gone") {
    kiosk.tap(taps::BackHome());
    kiosk.tap(taps::SignIn());
    kiosk.flow.code_checked(request, ClientEntry{"C-0001", "Anna K."}, kiosk.now_us);
    kiosk.settle();
    CHECK(kiosk.count<LoadClient>() == 0);
    CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::typing);
  }
  SECTION("the file comes late") {
    kiosk.flow.code_checked(request, ClientEntry{"C-0001", "Anna K."}, kiosk.now_us);
    kiosk.settle();
    kiosk.tap(taps::BackHome());
    kiosk.tap(taps::SignIn());
    kiosk.flow.client_loaded(kiosk.last<LoadClient>()->request, annas(), kiosk.now_us);
    CHECK(kiosk.screen() == Screen::sign_in);
  }
  SECTION("it cannot be looked up") {
    kiosk.flow.sign_in_failed(request, verbatim("not now"));
    CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::typing);
    CHECK(english(kiosk.shown().sign_in->trouble) == "not now");
  }
}

TEST_CASE("five wrong codes slow the pad, longer each time and at most a minute; everything else stays open") {
  Kiosk kiosk;
  kiosk.tap(taps::SignIn());
  const auto wrong = [&] {
    kiosk.type("111111");
    kiosk.flow.code_checked(kiosk.last<CheckCode>()->request, std::nullopt, kiosk.now_us);
  };
  for (int i = 0; i < 4; ++i) {
    wrong();
    CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::wrong);
  }
  for (const double wait_s : {8, 16, 32, 60, 60}) {
    wrong();
    REQUIRE(kiosk.shown().sign_in->state == ClientSignInView::State::slowed);
    CHECK(kiosk.shown().sign_in->slowed_until_us == kiosk.now_us + static_cast<int64_t>(wait_s * 1e6));
    const int asked = kiosk.count<CheckCode>();
    kiosk.type("111111");
    CHECK(kiosk.count<CheckCode>() == asked);
    kiosk.tap(taps::BackHome());
    kiosk.tap(taps::SignIn());
    CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::slowed);  // leaving is no way around it
    kiosk.wait(wait_s + 0.1);
    CHECK(kiosk.shown().sign_in->state == ClientSignInView::State::typing);
  }
  wrong();
  kiosk.tap(taps::GoOnAsGuest());
  CHECK(kiosk.screen() == Screen::library);
}

TEST_CASE("the question of the day after is asked 12 to 48 hours after the last visit, once") {
  Kiosk kiosk;
  ClientFile file = annas();
  file.last_visit = "v1";
  const int hours = GENERATE(11, 13, 47, 49);
  file.last_visit_ago_us = hours * 3600 * kSecondUs;
  kiosk.sign_in(file);
  const bool asked = hours == 13 || hours == 47;
  REQUIRE((kiosk.screen() == Screen::day_after) == asked);
  if (!asked) return;
  kiosk.tap(taps::SetDayAfter{3});
  CHECK(kiosk.screen() == Screen::today);
  REQUIRE(kiosk.count<StoreDayAfter>() == 1);
  CHECK(kiosk.last<StoreDayAfter>()->value == 3);
  CHECK(kiosk.last<StoreDayAfter>()->last_visit == "v1");
}

TEST_CASE("pain stop between the exercises: staff are told at once and what was answered; then the summary") {
  Kiosk kiosk;
  const Screen from = GENERATE(Screen::today, Screen::library, Screen::visit_summary);
  kiosk.sign_in();
  if (from == Screen::library) kiosk.tap(taps::SomethingElse());
  if (from == Screen::visit_summary) kiosk.tap(taps::StopForToday());
  kiosk.tap(taps::PainStop());
  REQUIRE(kiosk.screen() == Screen::pain_stop);
  REQUIRE(kiosk.count<VisitNotice>() == 1);
  CHECK(kiosk.last<VisitNotice>()->raised.kind == notices::Kind::pain_stop);
  CHECK(kiosk.last<VisitNotice>()->client_ref == "C-0001");
  CHECK_FALSE(kiosk.shown().can_continue);
  CHECK(kiosk.shown().session->pain_places == std::vector<std::string>{"Left knee"});
  kiosk.tap(taps::SetPain{7});
  kiosk.tap(taps::SetPainPlace{"Left knee"});
  kiosk.tap(taps::Next());
  REQUIRE(kiosk.screen() == Screen::visit_summary);
  CHECK(kiosk.last<VisitNotice>()->raised.completes);
  CHECK(notices::number_in(kiosk.last<VisitNotice>()->raised.detail, "pain") == 7);
  const auto summary = kiosk.shown().visit_summary;
  CHECK(summary->stopped_for_pain);
  CHECK(summary->pain_place == "Left knee");
  CHECK(english(summary->told_staff) == "Staff are being called");
  kiosk.flow.staff_know(kiosk.last<VisitNotice>()->visit);
  CHECK(english(kiosk.shown().visit_summary->told_staff) == "Staff know");
  kiosk.tap(taps::BackToToday());
  kiosk.tap(taps::StartNext());
  CHECK(kiosk.screen() == Screen::screening);
}

TEST_CASE("a pain stop in an exercise leads to the summary, and the item was stopped for pain") {
  Kiosk kiosk;
  kiosk.sign_in();
  kiosk.tap(taps::StartNext());
  kiosk.answer_screening();
  kiosk.tap(taps::PainStop());
  kiosk.tap(taps::SetPain{6});
  kiosk.tap(taps::Next());
  REQUIRE(kiosk.screen() == Screen::visit_summary);
  CHECK(kiosk.shown().visit_summary->stopped_for_pain);
  CHECK(english(kiosk.shown().visit_summary->exercises[0].what) == "Stopped for pain");
}

TEST_CASE("whoever comes next sees nothing of the one before, however that one left") {
  Kiosk kiosk;
  ClientFile file = annas();
  file.last_visit = "v1";
  file.last_visit_ago_us = 20 * 3600 * kSecondUs;
  const int point = GENERATE(0, 1, 2, 3, 4, 5, 6, 7);
  INFO("left at point " << point);
  kiosk.sign_in(file);
  REQUIRE(tells_of(kiosk.shown(), "Anna"));
  if (point > 0) kiosk.tap(taps::SkipDayAfter());
  if (point == 2) kiosk.tap(taps::SomethingElse());
  if (point == 3) kiosk.tap(taps::StopForToday());
  if (point == 4) kiosk.tap(taps::PainStop());
  if (point >= 5) kiosk.tap(taps::StartNext());
  if (point >= 6) kiosk.answer_screening();
  if (point == 7) kiosk.exercise();
  const uint64_t visit = kiosk.flow.visit()->id();
  kiosk.wait(300);
  CHECK(kiosk.flow.visit() == nullptr);
  CHECK(kiosk.count<EndVisit>() == 1);
  const auto nothing = [&] {
    const Snapshot shown = kiosk.shown();
    for (const char* of : {"Anna", "C-0001", "i1"}) CHECK_FALSE(tells_of(shown, of));
    CHECK(shown.staff_notice.empty());
  };
  REQUIRE(kiosk.screen() == Screen::home);
  nothing();
  kiosk.flow.dose_described(visit, "i2", verbatim("Anna"));
  kiosk.flow.staff_know(visit);
  kiosk.tap(taps::GoOnAsGuest());
  nothing();
  CHECK(kiosk.shown().library->cards[0].in_plan == false);
  kiosk.tap(taps::TouchCard{"ride"});
  REQUIRE(kiosk.screen() == Screen::screening);  // asked anew: nothing is taken over
  CHECK(kiosk.shown().pain_now == -1);
  nothing();
}

TEST_CASE("the summary counts down to signing out, longer after a touch") {
  Kiosk kiosk;
  kiosk.sign_in();
  kiosk.tap(taps::StopForToday());
  const int64_t first_us = kiosk.shown().visit_summary->sign_out_at_us;
  CHECK(first_us == kiosk.now_us + 60 * kSecondUs);
  CHECK(kiosk.shown().asked_until_us == 0);  // one countdown, not two
  kiosk.wait(30);
  kiosk.tap(taps::MoreTime());
  CHECK(kiosk.shown().visit_summary->sign_out_at_us == kiosk.now_us + 180 * kSecondUs);
  kiosk.wait(179);
  CHECK(kiosk.screen() == Screen::visit_summary);
  kiosk.wait(2);
  CHECK(kiosk.screen() == Screen::home);
}

TEST_CASE("a session that was cut off is offered to its client where the visit opens that station") {
  Kiosk kiosk;
  kiosk.flow.offer_resume({{"s1", 0, {"C-0001", "Anna K."}, "Ride"}});
  kiosk.tap(taps::BackHome());
  kiosk.sign_in();
  kiosk.tap(taps::StartNext());
  REQUIRE(kiosk.screen() == Screen::resume_offer);
  SECTION("and taken up: the visit goes on after it") {
    kiosk.tap(taps::GoOn());
    REQUIRE(kiosk.last<ResumeSession>());
    kiosk.flow.adopt(std::make_unique<Session>(kiosk.flow.setup_for(0, {"C-0001", "Anna K."}), kiosk.now_us), 0, kiosk.now_us);
    kiosk.tap(taps::Back());
    CHECK(kiosk.screen() == Screen::today);
  }
  SECTION("or closed, and a new one begins") {
    kiosk.tap(taps::CloseInterrupted());
    CHECK(kiosk.last<CloseInterrupted>());
    CHECK(kiosk.screen() == Screen::screening);
  }
  SECTION("or left") {
    kiosk.tap(taps::BackHome());
    CHECK(kiosk.screen() == Screen::today);
  }
}

TEST_CASE("a station chosen at home without signing in ends at home") {
  Kiosk kiosk;
  kiosk.tap(taps::OpenStation{"bike"});
  kiosk.tap(taps::ChooseGuest());
  kiosk.answer_screening();
  kiosk.exercise();
  CHECK(kiosk.screen() == Screen::summary);
  kiosk.tap(taps::Next());
  CHECK(kiosk.screen() == Screen::home);
}
