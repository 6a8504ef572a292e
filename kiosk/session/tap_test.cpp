// Taps: what carries a digit of a PIN does not leave it behind; each is found whatever part it belongs to.
#include "session/tap.hpp"

#include <cstddef>
#include <new>
#include <utility>

#include "support/catch.hpp"

using namespace patella::session;

TEST_CASE("a tap that carries a digit of a PIN is wiped wherever it was") {
  constexpr char kDigit = '7';
  alignas(Tap) unsigned char places[3][sizeof(Tap)] = {};
  auto* first = new (places[0]) Tap(SignInView::Type{KeypadKey(kDigit)});
  auto* second = new (places[1]) Tap(*first);
  auto* third = new (places[2]) Tap(std::move(*second));
  REQUIRE(tap_if<SignInView::Type>(*third));
  CHECK(tap_if<SignInView::Type>(*third)->key.typed() == kDigit);
  // Only the byte of the key itself: what lies unused between the parts of a tap may hold anything.
  const auto* key = reinterpret_cast<const unsigned char*>(&tap_if<SignInView::Type>(*third)->key);
  const auto key_at = static_cast<std::size_t>(key - places[2]);
  const auto holds = [&](std::size_t place) { return places[place][key_at] == kDigit; };
  CHECK(holds(0));
  CHECK(holds(2));
  *first = taps::Touch();  // another one takes its place
  CHECK_FALSE(holds(0));
  first->~Tap();
  second->~Tap();
  third->~Tap();
  for (const std::size_t place : {0u, 1u, 2u}) CHECK_FALSE(holds(place));
}

TEST_CASE("a tap is found whatever part it belongs to, and no other is") {
  const Tap pain = taps::SetPain{4};
  REQUIRE(tap_if<taps::SetPain>(pain));
  CHECK(tap_if<taps::SetPain>(pain)->value == 4);
  CHECK_FALSE(tap_if<taps::SetEffort>(pain));
  const Tap row = SensorsView::Pair{2};
  REQUIRE(tap_if<SensorsView::Pair>(row));
  CHECK(tap_if<SensorsView::Pair>(row)->row == 2);
  CHECK_FALSE(tap_if<SensorsView::Retry>(row));
  CHECK(tap_if<StaffLeave>(Tap(StaffLeave())));
  CHECK(tap_if<StaffGoTo<NoticesView>>(Tap(StaffScreens::Go(StaffGoTo<NoticesView>()))));
}

TEST_CASE("keys type digits and the point, one takes back, others type nothing") {
  CHECK(KeypadKey('0').is_digit());
  CHECK(KeypadKey('9').is_digit());
  CHECK(KeypadKey(KeypadKey::kPoint).is_point());
  CHECK(KeypadKey(KeypadKey::kErase).erases());
  for (const char other : {'x', '/', ':', '\0'}) {
    const KeypadKey key(other);
    CHECK_FALSE((key.is_digit() || key.is_point() || key.erases()));
  }
}
