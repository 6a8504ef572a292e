#include "session/presence.hpp"

#include "support/catch.hpp"

using namespace patella::session;

namespace {
constexpr int64_t kSecond_us = 1'000'000;
using State = Presence::State;
}  // namespace

TEST_CASE("nobody there is a state: present, asked, gone", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecond_us, 30 * kSecond_us});
  CHECK(presence.deadline_us() == 90 * kSecond_us);
  CHECK(presence.advance(90 * kSecond_us - 1) == State::present);
  CHECK(presence.advance(90 * kSecond_us) == State::asked);
  CHECK(presence.gone_at_us() == 120 * kSecond_us);
  CHECK(presence.deadline_us() == 120 * kSecond_us);
  CHECK(presence.advance(120 * kSecond_us - 1) == State::asked);
  CHECK(presence.advance(120 * kSecond_us) == State::gone);
}

TEST_CASE("a sign begins the wait again, also in the countdown", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecond_us, 30 * kSecond_us});
  presence.sign(60 * kSecond_us);
  CHECK(presence.advance(149 * kSecond_us) == State::present);
  CHECK(presence.advance(150 * kSecond_us) == State::asked);
  presence.sign(170 * kSecond_us);
  CHECK(presence.state() == State::present);
  CHECK(presence.advance(259 * kSecond_us) == State::present);
  CHECK(presence.advance(260 * kSecond_us) == State::asked);
}

TEST_CASE("after a sleep of the machine the whole countdown is seen", "[presence]") {
  Presence presence(0);
  presence.be_patient({90 * kSecond_us, 30 * kSecond_us});
  CHECK(presence.advance(4000 * kSecond_us) == State::asked);
  CHECK(presence.advance(4029 * kSecond_us) == State::asked);
  CHECK(presence.advance(4030 * kSecond_us) == State::gone);
}
