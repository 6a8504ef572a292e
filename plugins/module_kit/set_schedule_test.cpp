#include "module_kit/set_schedule.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace patella::module_kit;

namespace {
constexpr int64_t kTickUs = PATELLA_TICK_US;
constexpr int64_t kSecondUs = 1'000'000;

const char* name_of(Step step) {
  switch (step) {
    case Step::kWaiting:
      return "waiting";
    case Step::kCountdown:
      return "countdown";
    case Step::kWork:
      return "work";
    case Step::kRest:
      return "rest";
    case Step::kSideChange:
      return "side change";
    case Step::kDone:
      return "done";
  }
  return "";
}

// Runs the plan with `work_us` of work in each set; one line for each step that begins.
std::vector<std::string> run(const SetOptions& plan, int64_t work_us) {
  SetSchedule schedule(plan);
  std::vector<std::string> lines;
  int64_t work_since_us = 0;
  auto note = [&](const Turn& turn) {
    if (!turn.began) return;
    if (turn.step == Step::kWork) work_since_us = turn.t_us;
    lines.push_back(std::to_string(turn.t_us / kSecondUs) + " " + name_of(turn.step) + " " + std::to_string(schedule.set()) +
                    "/" + std::to_string(schedule.side()));
  };
  note(schedule.start(0));
  for (int64_t t_us = kTickUs; !schedule.done() && t_us < 600 * kSecondUs; t_us += kTickUs) {
    note(schedule.tick(t_us));
    if (schedule.working() && t_us - work_since_us >= work_us) note(schedule.work_done(t_us));
  }
  return lines;
}
}  // namespace

TEST_CASE("sets, sides and rests follow each other") {
  const SetOptions plan{2, Sides::kRightFirst, 3 * kSecondUs, 20 * kSecondUs, 5 * kSecondUs};
  const std::vector<std::string> expected = {"0 countdown 1/3",    "3 work 1/3",  "13 side change 1/2",
                                             "18 work 1/2",        "28 rest 2/3", "48 work 2/3",
                                             "58 side change 2/2", "63 work 2/2", "73 done 2/2"};
  CHECK(run(plan, 10 * kSecondUs) == expected);
}

TEST_CASE("without countdown and rest the sets follow at once") {
  const SetOptions plan{2, Sides::kNone, 0, 0, 0};
  const std::vector<std::string> expected = {"0 work 1/1", "2 work 2/1", "4 done 2/1"};
  CHECK(run(plan, 2 * kSecondUs) == expected);
}

TEST_CASE("the last three seconds are counted once each") {
  SetSchedule schedule({1, Sides::kNone, 5 * kSecondUs, 0, 0});
  schedule.start(0);
  std::vector<int> counts;
  std::vector<int64_t> times;
  for (int64_t t_us = kTickUs; t_us <= 6 * kSecondUs; t_us += kTickUs) {
    const Turn turn = schedule.tick(t_us);
    if (turn.count == 0) continue;
    counts.push_back(turn.count);
    times.push_back(turn.t_us);
  }
  CHECK(counts == std::vector<int>{3, 2, 1});
  CHECK(times == std::vector<int64_t>{2 * kSecondUs, 3 * kSecondUs, 4 * kSecondUs});
}

TEST_CASE("a pause stops the rest and leads back into work") {
  SetSchedule schedule({2, Sides::kNone, 2 * kSecondUs, 10 * kSecondUs, 0});
  schedule.start(0);
  CHECK(schedule.tick(2 * kSecondUs).step == Step::kWork);
  schedule.pause(3 * kSecondUs);
  CHECK_FALSE(schedule.working());
  CHECK_FALSE(schedule.tick(50 * kSecondUs).began);
  Turn turn = schedule.resume(60 * kSecondUs);
  CHECK(turn.step == Step::kCountdown);
  turn = schedule.tick(62 * kSecondUs);
  CHECK(turn.began);
  CHECK(turn.continued);
  CHECK(schedule.set() == 1);

  schedule.work_done(70 * kSecondUs);
  schedule.tick(73 * kSecondUs);
  schedule.pause(74 * kSecondUs);
  schedule.resume(100 * kSecondUs);
  CHECK(schedule.step() == Step::kRest);
  CHECK(schedule.left_us() == 6 * kSecondUs);
  CHECK_FALSE(schedule.tick(106 * kSecondUs - 1).began);
  turn = schedule.tick(106 * kSecondUs);
  CHECK(turn.step == Step::kWork);
  CHECK_FALSE(turn.continued);
}

TEST_CASE("skip ends a rest, and only a rest") {
  SetSchedule schedule({2, Sides::kNone, 5 * kSecondUs, 60 * kSecondUs, 0});
  CHECK_FALSE(schedule.skip(0).began);
  schedule.start(0);
  CHECK_FALSE(schedule.skip(kSecondUs).began);
  schedule.tick(5 * kSecondUs);
  CHECK_FALSE(schedule.skip(6 * kSecondUs).began);
  schedule.work_done(7 * kSecondUs);
  CHECK(schedule.skip(8 * kSecondUs).step == Step::kCountdown);
  CHECK(schedule.left_us() == 3 * kSecondUs);
  CHECK(schedule.tick(11 * kSecondUs).step == Step::kWork);
}
