#include "store/chunk_rows.hpp"

#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;

TEST_CASE("a stream whose number was damaged into something else is an error, and no list without an end") {
  const test::Folder folder;
  Failure failure{};
  auto db = Db::open(folder.path / "any.db", "", failure);
  REQUIRE(db.ok());
  // A text is greater than any number, and read as one it is 0.
  REQUIRE(
      (*db)->exec("CREATE TABLE chunk(session_key, channel, seq0); INSERT INTO chunk VALUES(1, 0, 1), (1, 2, 1), (1, 'x', 1)"));
  const auto streams = streams_of(**db, 1);
  REQUIRE_FALSE(streams.ok());
  CHECK(streams.error().text().find("out of order") != std::string::npos);
  REQUIRE((*db)->exec("DELETE FROM chunk WHERE channel='x'"));
  CHECK(*streams_of(**db, 1) == std::vector<int64_t>{0, 2});
}
