// A place that offers several exercises: each with its own dose and the devices that it reads.
#include "config/config.hpp"
#include "config/test_specs.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::config;
using namespace patella::config::test;

namespace {
constexpr const char* kPlace = R"(id = "place"
title = "Band and bike"
offers = ["curl", "ride", "spare"]

[[bind]]
channel = "force"
driver = "gauge"
serial = "A1"

[[bind]]
channel = "cadence"
driver = "bike"

[doses.curl]
reps = 5
)";

Folder& with_place(Folder& folder, const std::string& text = kPlace) {
  write_good_files(folder);
  folder.write("stations/place.toml", text);
  return folder;
}

std::vector<Station> at_place(const Config& config) {
  std::vector<Station> offered;
  for (const Station& station : config.stations)
    if (station.id == "place") offered.push_back(station);
  return offered;
}

/// The place with one text in the place of another: what is told of it.
std::string told(std::string_view from, std::string_view to) {
  Folder folder;
  std::string text = kPlace;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  const Config config = with_place(folder, text.replace(at, from.size(), to)).load();
  CHECK(at_place(config).empty() != config.broken.empty());
  return all_text(config);
}
bool says(const std::string& text, std::string_view part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("a place offers several exercises, in the order of its file") {
  Folder folder;
  const Config config = with_place(folder).load();
  CHECK(all_text(config) == "");
  const auto offered = at_place(config);
  REQUIRE(offered.size() == 3);
  CHECK(offered[0].exercise.id == "curl");
  CHECK(offered[1].exercise.id == "ride");
  CHECK(offered[2].exercise.id == "spare");
  for (const Station& one : offered) CHECK(one.title == "Band and bike");
}

TEST_CASE("each of them has the dose that the place sets of it, and the devices that it reads") {
  Folder folder;
  const auto offered = at_place(with_place(folder).load());
  REQUIRE(offered.size() == 3);
  CHECK(params::number_of(offered[0].exercise.params, "reps") == 5);     // the place's
  CHECK(params::number_of(offered[0].exercise.params, "rest_s") == 45);  // the library's
  CHECK(params::number_of(offered[2].exercise.params, "reps") == 10);    // the module's
  REQUIRE(offered[0].bindings.size() == 1);
  CHECK(offered[0].bindings[0].channel == "force");
  REQUIRE(offered[1].bindings.size() == 1);
  CHECK(offered[1].bindings[0].channel == "cadence");
  CHECK(offered[0].json != offered[2].json);  // a revision each
}

TEST_CASE("what is wrong with a place that offers several") {
  CHECK(says(told("\"spare\"", "\"sqare\""), "there is no exercise \"sqare\""));
  CHECK(says(told("\"spare\"", "\"curl\""), "\"curl\" is named twice"));
  CHECK(says(told("offers", "exercise = \"curl\"\noffers"), "stands beside exercise"));
  CHECK(says(told("[doses.curl]", "[doses.crul]"), "does not offer \"crul\""));
  CHECK(says(told("reps = 5", "reps = 5000"), "doses.curl.reps"));
  CHECK(says(told("channel = \"force\"", "channel = \"power_w\""), "none of the exercises here reads a channel \"power_w\""));
  CHECK(says(told("[\"curl\", \"ride\", \"spare\"]", "[]"), "names no exercise"));
  CHECK(says(told("[doses.curl]", "[params]"), "params"));
}

TEST_CASE("an exercise that needs a sensor is not offered without one") {
  CHECK(says(told("channel = \"cadence\"", "channel = \"power\""), "nothing is bound to \"cadence\""));
}
