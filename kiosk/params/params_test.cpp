#include <patella/plugin.h>

#include <nlohmann/json.hpp>

#include "params/json.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::params;
using nlohmann::json;

namespace {
Spec spec_of(int type, const char* key, double preset = 0) {
  Spec spec;
  spec.type = type;
  spec.key = key;
  spec.default_value = preset;
  return spec;
}

Specs ride() {
  Spec phases = spec_of(PATELLA_PARAM_ROWS, "phases");
  phases.columns = {spec_of(PATELLA_PARAM_TEXT, "name"), spec_of(PATELLA_PARAM_DURATION, "duration_s", 60)};
  phases.default_rows = {{"phases.name", 0, 0, "Easy"}, {"phases.duration_s", 1, 90, std::nullopt}};
  Spec side = spec_of(PATELLA_PARAM_CHOICE, "side", 1);
  side.choices = {"left", "right"};
  Spec secret = spec_of(PATELLA_PARAM_TEXT, "site_key");
  secret.secret = true;
  return {spec_of(PATELLA_PARAM_REAL, "load_n", 12.5), side, spec_of(PATELLA_PARAM_BOOL, "loud", 1), phases, secret};
}
}  // namespace

TEST_CASE("defaults are complete: each parameter once, each cell of the default rows") {
  const Values values = defaults(ride());
  CHECK(values == Values{{"load_n", -1, 12.5, {}},
                         {"side", -1, 1, {}},
                         {"loud", -1, 1, {}},
                         {"phases.name", 0, 0, "Easy"},
                         {"phases.duration_s", 0, 60, {}},
                         {"phases.name", 1, 0, ""},
                         {"phases.duration_s", 1, 90, {}},
                         {"site_key", -1, 0, ""}});
  CHECK(number_of(values, "phases.duration_s", -1, 1) == 90);
  CHECK(number_of(values, "phases.duration_s", -1) == -1);
}

TEST_CASE("the log's form goes both ways, and reads what older kiosks wrote") {
  const Values values = defaults(ride());
  const Result<Values> back = from_log_json(to_log_json(values));
  REQUIRE(back);
  CHECK(*back == values);
  const Result<Values> older =
      from_log_json(R"([{"key":"sets","number":3.0,"row":-1},{"key":"phases.name","row":0,"text":"In"}])");
  REQUIRE(older);
  CHECK(*older == Values{{"sets", -1, 3, {}}, {"phases.name", 0, 0, "In"}});
  CHECK(to_log_json(*older) == R"([{"key":"sets","number":3.0,"row":-1},{"key":"phases.name","row":0,"text":"In"}])");
}

TEST_CASE("a damaged log is an error, and never an exception") {
  for (const char* text : {"", "{}", "[3]", "[{\"key\"", "null"}) CHECK_FALSE(from_log_json(text));
  const Result<Values> wrong_types = from_log_json(R"([{"key":7,"row":"x","number":"y"}])");
  REQUIRE(wrong_types);
  CHECK(*wrong_types == Values{{"", -1, 0, {}}});
}

TEST_CASE("by name: choices and flags in words, whole numbers whole, a secret left out") {
  Values values = defaults(ride());
  values.back().text = "0123";
  const std::string expected =
      R"json({"load_n":12.5,"loud":true,"phases":[{"duration_s":60,"name":"Easy"},{"duration_s":90,"name":""}],"side":"right","site_key":"(set)"})json";
  CHECK(to_named_json(ride(), values).dump() == expected);
}

TEST_CASE("what a plugin's child printed is taken with care") {
  const Spec spec = spec_from_json(json::parse(R"({"type": 7, "key": "phases", "min": "x", "choices": ["a", 3],
    "columns": [{"type": 1e300, "key": 4, "columns": [{"key": "deeper"}]}], "default_rows": [{"key": "phases.a", "row": 1e300}, 9]})"));
  CHECK(spec.key == "phases");
  CHECK(spec.min == 0);
  CHECK(spec.choices == std::vector<std::string>{"a"});
  REQUIRE(spec.columns.size() == 1);
  CHECK(spec.columns[0].type == 0);
  CHECK(spec.columns[0].columns.empty());
  CHECK(spec.default_rows == Values{{"phases.a", -1, 0, {}}, {"", -1, 0, {}}});
  CHECK(channel_from_json(json::array()).key.empty());
}
