#include "session/presence.hpp"

#include "support/catch.hpp"

using namespace patella::session;

namespace {
constexpr int64_t kSecondUs = 1'000'000;
using State = Presence::State;
}  // namespace

TEST_CASE("nobody there is a state: present, asked, gone", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecondUs, 30 * kSecondUs});
  CHECK(presence.deadline_us() == 90 * kSecondUs);
  CHECK(presence.advance(90 * kSecondUs - 1) == State::present);
  CHECK(presence.advance(90 * kSecondUs) == State::asked);
  CHECK(presence.gone_at_us() == 120 * kSecondUs);
  CHECK(presence.deadline_us() == 120 * kSecondUs);
  CHECK(presence.advance(120 * kSecondUs - 1) == State::asked);
  CHECK(presence.advance(120 * kSecondUs) == State::gone);
}

TEST_CASE("a sign begins the wait again, also in the countdown", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecondUs, 30 * kSecondUs});
  presence.sign(60 * kSecondUs);
  CHECK(presence.advance(149 * kSecondUs) == State::present);
  CHECK(presence.advance(150 * kSecondUs) == State::asked);
  presence.sign(170 * kSecondUs);
  CHECK(presence.state() == State::present);
  CHECK(presence.advance(259 * kSecondUs) == State::present);
  CHECK(presence.advance(260 * kSecondUs) == State::asked);
}

TEST_CASE("after a sleep of the machine the whole countdown is seen", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecondUs, 30 * kSecondUs});
  CHECK(presence.advance(4000 * kSecondUs) == State::asked);
  CHECK(presence.advance(4029 * kSecondUs) == State::asked);
  CHECK(presence.advance(4030 * kSecondUs) == State::gone);
}
