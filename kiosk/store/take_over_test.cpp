#include "store/take_over.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::store;
using patella::test::Folder;

namespace {
notices::Notice notice(const std::string& id, int64_t acknowledged_utc_us = 0) {
  notices::Notice made;
  made.id = id;
  made.utc_us = 1000;
  made.kind = notices::Kind::pain_stop;
  made.session = "s-1";
  made.acknowledged_utc_us = acknowledged_utc_us;
  made.acknowledged_by = acknowledged_utc_us ? "anna" : "";
  return made;
}

std::unique_ptr<Store> opened(const std::filesystem::path& path) {
  auto store = Store::open(path);
  REQUIRE(store.ok());
  return std::move(store->store);
}
}  // namespace

TEST_CASE("notices that only the damaged log has are had back; none that was seen to is open again") {
  const Folder folder;
  const auto from = opened(folder.path / "from.db"), into = opened(folder.path / "into.db");
  for (const auto& one : {notice("only there"), notice("seen to meanwhile", 5), notice("seen to before")})
    REQUIRE(from->put_notice(one));
  for (const auto& one : {notice("seen to meanwhile"), notice("seen to before", 7), notice("only here")})
    REQUIRE(into->put_notice(one));
  REQUIRE(from->commit());
  REQUIRE(into->commit());
  const auto taken = take_over(*from, *into);
  REQUIRE(taken.ok());
  CHECK(taken->rows == 2);
  const auto rows = into->notices_to_staff({});
  REQUIRE(rows.ok());
  CHECK(rows->size() == 4);
  for (const auto& [id, open] :
       {std::pair{"only there", true}, {"seen to meanwhile", false}, {"seen to before", false}, {"only here", true}}) {
    INFO(id);
    const auto at = std::find_if(rows->begin(), rows->end(), [&, id = id](const auto& one) { return one.id == id; });
    REQUIRE(at != rows->end());
    CHECK(at->open() == open);
  }
}
