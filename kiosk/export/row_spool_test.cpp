#include "export/row_spool.hpp"

#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/store_samples.hpp"

using namespace patella;
using namespace patella::exporting;

TEST_CASE("rows come back from the spool as they went in, and its file is gone with it") {
  const test::Folder folder;
  {
    Result<RowSpool> spool = RowSpool::make(folder.path / "rows");
    REQUIRE(spool.ok());
    std::vector<std::pair<std::string, uint32_t>> rows{{"", 0}, {std::string("a\r\n\0b", 5), 7}, {std::string(600'000, 'x'), 1}};
    for (uint32_t n = 0; n < 50'000; ++n) rows.emplace_back(std::to_string(n) + ",12.5,left", n);
    for (const auto& [row, tag] : rows) REQUIRE(spool->put(row, tag).ok());
    CHECK(spool->rows() == rows.size());
    CHECK_FALSE(std::filesystem::is_empty(folder.path));
    std::size_t at = 0;
    bool same = true;
    REQUIRE(spool
                ->each([&](std::string_view row, uint32_t tag) {
                  same = same && at < rows.size() && rows[at].first == row && rows[at].second == tag;
                  ++at;
                })
                .ok());
    CHECK(same);
    CHECK(at == rows.size());
  }
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("a spool in a folder that is not there is an error that says so") {
  const test::Folder folder;
  const Result<RowSpool> spool = RowSpool::make(folder.path / "nowhere" / "rows");
  REQUIRE_FALSE(spool.ok());
  CHECK(spool.error().text().find("nowhere") != std::string::npos);
}
