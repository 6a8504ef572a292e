#include "sound/cue_policy.hpp"

#include "support/catch.hpp"

using namespace patella;
using namespace patella::sound;

namespace {
constexpr int64_t ms = 1000;
SoundCue cue(CueKind kind, uint32_t lane = 1, int64_t at_us = 0) { return {kind, lane, Message("x"), at_us}; }
}  // namespace

TEST_CASE("a late count is dropped, a stop never is") {
  CuePolicy policy;
  CHECK(policy.decide(cue(CueKind::rep_counted), 150 * ms).speak);
  CHECK_FALSE(policy.decide(cue(CueKind::rep_counted), 151 * ms).speak);
  CHECK_FALSE(policy.decide(cue(CueKind::rep_counted), 151 * ms).chime);
  CHECK(policy.decide(cue(CueKind::pain_stopped), 60'000 * ms).speak);
}

TEST_CASE("after a stop nothing sounds but the stop, until the lane begins again") {
  CuePolicy policy;
  const SoundCue made = cue(CueKind::rest);
  CHECK(policy.decide(cue(CueKind::pain_stopped), 0).hush);
  for (int kind = 0; kind < static_cast<int>(CueKind::stopped); ++kind) {
    const Decision decision = policy.decide(cue(static_cast<CueKind>(kind)), 0);
    CHECK_FALSE(decision.speak);
    CHECK_FALSE(decision.chime);
  }
  CHECK_FALSE(policy.still_due(made, 0));
  CHECK(policy.decide(cue(CueKind::stay_seated), 0).speak);
  CHECK(policy.decide(cue(CueKind::rep_counted, 2), 0).chime);
  policy.begin(1);
  CHECK(policy.decide(cue(CueKind::set_up), 0).speak);
}

TEST_CASE("a level lets through what it says") {
  CuePolicy policy;
  policy.set_level(1, Level::chimes);
  CHECK(policy.decide(cue(CueKind::rep_counted), 0).chime);
  CHECK_FALSE(policy.decide(cue(CueKind::set_up), 0).speak);
  policy.set_level(1, Level::important);
  CHECK(policy.decide(cue(CueKind::set_up), 0).speak);
  CHECK_FALSE(policy.decide(cue(CueKind::rep_counted), 0).speak);
  policy.set_level(1, Level::off);
  CHECK_FALSE(policy.decide(cue(CueKind::pain_stopped), 0).chime);
}

TEST_CASE("one lane speaks at a time, a stop first") {
  CuePolicy policy;
  policy.speaking(cue(CueKind::rest), 2000 * ms);
  CHECK_FALSE(policy.decide(cue(CueKind::rest, 2, 1000 * ms), 1000 * ms).speak);
  CHECK(policy.decide(cue(CueKind::rest, 1, 1000 * ms), 1000 * ms).speak);
  CHECK(policy.decide(cue(CueKind::pain_stopped, 2, 1000 * ms), 1000 * ms).speak);
  policy.speaking(cue(CueKind::pain_stopped, 2), 3000 * ms);
  CHECK_FALSE(policy.decide(cue(CueKind::rest, 1, 2500 * ms), 2500 * ms).speak);
}
