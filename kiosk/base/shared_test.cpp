#include <string>
#include <vector>

#include "base/shared.hpp"
#include "support/catch.hpp"

using namespace patella;

TEST_CASE("a copy of a shared value is the same value, until one of the two is edited") {
  Shared<std::vector<int>> first(std::vector<int>{1, 2, 3});
  Shared<std::vector<int>> second = first;
  CHECK(second.same(first));
  CHECK(second->data() == first->data());
  second.edit().push_back(4);
  CHECK_FALSE(second.same(first));
  CHECK(*first == std::vector<int>{1, 2, 3});
  CHECK(*second == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("a shared value that nobody else holds is edited where it lies") {
  Shared<std::vector<int>> only(std::vector<int>{1, 2, 3});
  const int* const at = only->data();
  only.edit()[0] = 7;
  CHECK(only->data() == at);
}

TEST_CASE("a shared value that was never given is an empty one") {
  Shared<std::string> nothing;
  CHECK(nothing->empty());
  CHECK(nothing.same(Shared<std::string>()));
  nothing.edit() = "said";
  CHECK(*nothing == "said");
  CHECK(Shared<std::string>()->empty());
}
