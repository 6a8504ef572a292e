// Secrets that are wiped.
#include "pin/secret_text.hpp"

#include <new>
#include <string_view>

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
