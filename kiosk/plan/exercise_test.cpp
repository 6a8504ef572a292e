#include "plan/exercise.hpp"

#include "support/catch.hpp"

using namespace patella::plan;

TEST_CASE("each group, position and source has one id, and the id leads back") {
  for (const std::string& id : group_ids()) CHECK(id_of(group_named(id).value()) == id);
  for (const std::string& id : position_ids()) CHECK(id_of(position_named(id).value()) == id);
  for (const std::string& id : dose_source_ids()) CHECK(id_of(dose_source_named(id).value()) == id);
  CHECK(group_ids().size() == 7);
  CHECK_FALSE(group_named("legs"));
  CHECK_FALSE(position_named(""));
}
