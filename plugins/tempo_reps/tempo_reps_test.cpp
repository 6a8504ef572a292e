#include "tempo_reps/tempo_reps.hpp"

#include "support/catch.hpp"
#include "support/module_rig.hpp"

using namespace patella;
using namespace patella::test;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
const patella_exercise& kTable = sdk::ExerciseGlue<tempo_reps::TempoReps>::kTable;

/// 2 sets of 3 on each side, a repetition of 2 + 1 + 2 s and a pause of 1 s: 17 s a set.
Values values() {
  return Values(tempo_reps::kParams)
      .set("sets", 2)
      .set("reps", 3)
      .set("up_s", 2)
      .set("hold_s", 1)
      .set("down_s", 2)
      .set("pause_s", 1)
      .set("rest_s", 10)
      .set("sides", 1)
      .set("side_change_s", 5)
      .set("countdown_s", 3);
}
}  // namespace

TEST_CASE("the whole dose: both sides of both sets at the pace, and nothing is counted as measured") {
  Rig rig(kTable, values(), 0);
  Stream stream;
  stream.action(PATELLA_ACTION_START, kSecondUs);
  rig.play(stream.with_ticks(120 * kSecondUs));
  CHECK(rig.said().of_kind(PATELLA_EVENT_REP).empty());
  const auto starts = rig.said().of_kind(PATELLA_EVENT_SET_START), ends = rig.said().of_kind(PATELLA_EVENT_SET_END);
  REQUIRE(starts.size() == 4);
  REQUIRE(ends.size() == 4);
  CHECK(starts[0].t_us == 4 * kSecondUs);
  CHECK(ends[0].t_us == 21 * kSecondUs);
  CHECK(starts[1].side == PATELLA_SIDE_RIGHT);
  CHECK(starts[1].t_us == 26 * kSecondUs);
  for (const auto& end : ends) CHECK(end.n == 0);
  const auto notes = rig.said().of_kind(PATELLA_EVENT_NOTE);
  REQUIRE(notes.size() == 4);
  CHECK(field_of(notes[0], "reps_paced") == 3);
  CHECK(rig.said().metrics.at("reps_paced") == 12);
  CHECK(rig.said().metrics.at("paced_s") == 68);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
  CHECK(rig.view().phase == PATELLA_PHASE_DONE);
}

TEST_CASE("the view leads through the parts of a repetition") {
  Rig rig(kTable, values().set("countdown_s", 0), 0);
  rig.action(PATELLA_ACTION_START, 0);
  for (int64_t t_us = 50'000; t_us <= 2'500'000; t_us += 50'000) rig.tick(t_us);
  patella_view view = rig.view();
  CHECK(std::string(view.title) == "Hold");
  CHECK(view.timer_s == 0.5);
  CHECK(view.timer_rate == -1);
  REQUIRE(view.segment_count == 4);
  CHECK(view.segment_index == 1);
  CHECK(view.segments[0].done_s == 2);
  CHECK(view.segments[1].done_s == 0.5);
  CHECK(view.rep_index == 0);
  CHECK(view.rep_count == 3);
  CHECK(std::string(view.prompt) == "Paced, not measured");
  rig.tick(5'500'000);
  CHECK(rig.view().rep_index == 1);
}

TEST_CASE("a pause keeps the place; pain closes the set with what was done of it") {
  Rig rig(kTable, values().set("countdown_s", 0), 0);
  rig.action(PATELLA_ACTION_START, 0);
  rig.tick(6'500'000);  // half a second into the second repetition
  rig.action(PATELLA_ACTION_PAUSE, 7 * kSecondUs);
  rig.tick(60 * kSecondUs);
  CHECK(rig.view().phase == PATELLA_PHASE_PAUSED);
  CHECK(rig.view().timer_s == 1);
  CHECK(rig.view().timer_rate == 0);
  rig.action(PATELLA_ACTION_RESUME, 60 * kSecondUs);
  rig.tick(61 * kSecondUs);
  CHECK(std::string(rig.view().title) == "Hold");
  rig.action(PATELLA_ACTION_PAIN, 62 * kSecondUs);
  rig.action(PATELLA_ACTION_END, 63 * kSecondUs);
  const auto ends = rig.said().of_kind(PATELLA_EVENT_SET_END);
  REQUIRE(ends.size() == 1);
  CHECK(std::string(ends[0].reason) == "pain");
  CHECK(rig.said().metrics.at("reps_paced") == 1);
  CHECK(rig.said().of_kind(PATELLA_EVENT_DONE).size() == 1);
}

TEST_CASE("what begins is said once, and the last repetition is announced") {
  Rig rig(kTable, values().set("countdown_s", 0).set("sets", 1).set("sides", 0), 0);
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  rig.play(stream.with_ticks(30 * kSecondUs));
  std::vector<std::string> said;
  for (const auto& cue : rig.said().cues) said.push_back(cue.second);
  const std::vector<std::string> wanted = {"Go",   "Lift", "Hold",  "Lower",           "Lift",  "Hold",
                                           "Lower", "Last repetition", "Hold", "Lower", "Done"};
  CHECK(said == wanted);
}

TEST_CASE("a force is shown beside the pace while it is there, and moves nothing") {
  Rig rig(kTable, values().set("countdown_s", 0), 1);
  rig.action(PATELLA_ACTION_START, 0);
  for (int64_t t_us = 0; t_us <= kSecondUs; t_us += 12'500) rig.sample(0, t_us, 42);
  rig.tick(kSecondUs);
  REQUIRE(rig.view().readout_count == 1);
  CHECK(rig.view().readouts[0].value == 42);
  CHECK(std::string(rig.view().title) == "Lift");
  Stream lost;
  lost.gap(0, true, 1'100'000);
  for (const Record& record : lost.with_ticks(2'500'000))
    if (record.t_us > kSecondUs) rig.play(record);
  CHECK(rig.view().readout_count == 0);
  CHECK(std::string(rig.view().title) == "Hold");
}

TEST_CASE("the same stream in other batches says the same") {
  Stream stream;
  stream.action(PATELLA_ACTION_START, 0);
  for (int64_t t_us = 0; t_us <= 60 * kSecondUs; t_us += 50'000) stream.sample(0, t_us, 20 + static_cast<double>(t_us % 7));
  stream.action(PATELLA_ACTION_PAUSE, 20 * kSecondUs);
  stream.action(PATELLA_ACTION_RESUME, 25 * kSecondUs);
  CHECK(same_in_batches(kTable, values(), 1, stream.with_ticks(60 * kSecondUs), 20));
}

TEST_CASE("the dose in words") {
  const auto say = [](const Values& given) {
    return tempo_reps::TempoReps::describe_dose(
        sdk::Params(given.all().data(), static_cast<uint32_t>(given.all().size())));
  };
  CHECK(say(values()).find("on each side") != std::string::npos);
  CHECK(say(values()).find("up, hold") != std::string::npos);
  CHECK(say(values().set("hold_s", 0).set("starts", 1)).find("down, ") != std::string::npos);
}
