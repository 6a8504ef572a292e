// Secrets that are wiped.
#include "pin/secret_text.hpp"

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "pin/secrets_wiper.hpp"
#include "support/catch.hpp"

using namespace patella::pin;

TEST_CASE("a secret is wiped wherever it was") {
  alignas(SecretText) unsigned char places[3][sizeof(SecretText)] = {};
  const auto holds = [&] {
    const std::string_view all(reinterpret_cast<const char*>(places), sizeof places);
    return all.find("274961") != std::string_view::npos;
  };
  auto* first = new (places[0]) SecretText("274961");
  auto* second = new (places[1]) SecretText(*first);
  CHECK(second->text() == "274961");
  auto* third = new (places[2]) SecretText(std::move(*second));
  CHECK(third->text() == "274961");
  CHECK(second->empty());
  first->clear();
  third->remove_last();
  CHECK(third->text() == "27496");
  CHECK_FALSE(holds());
  *first = std::move(*third);
  first->add('1');
  CHECK(holds());
  first->~SecretText();
  second->~SecretText();
  third->~SecretText();
  CHECK_FALSE(holds());
}

TEST_CASE("what carried a digit is wiped at the end of the block, what carried none is left") {
  struct Tap {
    std::string text;
    bool digit;
  };
  std::vector<Tap> taps{{"4", true}, {"client", false}, {"7", true}};
  {
    const SecretsWiper<Tap> wiper(taps, [](Tap& tap) { return tap.digit ? &tap.text : nullptr; });
  }
  CHECK(taps[0].text == std::string(1, '\0'));
  CHECK(taps[1].text == "client");
  CHECK(taps[2].text == std::string(1, '\0'));
}
