#include "tables/tables.hpp"

#include <patella/sdk.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "tables/dose_1_0.hpp"

using namespace patella;

namespace {

/// An array as a plugin of another minor version has it: elements of `bytes` each.
template <class T>
std::vector<char> array_of(std::vector<T> elements, std::size_t bytes) {
  std::vector<char> raw(bytes * elements.size(), 'x');
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i].size = static_cast<uint32_t>(bytes);
    std::memcpy(raw.data() + i * bytes, &elements[i], std::min(bytes, sizeof(T)));
  }
  return raw;
}

patella_param param(uint32_t type, const char* key) {
  patella_param made{};
  made.type = type;
  made.key = key;
  return made;
}

const void* no_interface(const char*) { return nullptr; }

patella_plugin_entry entry_of(uint16_t minor, const std::vector<char>& params, uint32_t count) {
  return {sizeof(patella_plugin_entry),
          1,
          minor,
          "org.example.x",
          "X",
          "1.0.0",
          reinterpret_cast<const patella_param*>(params.data()),
          count,
          no_interface};
}

patella_exercise module_of(std::size_t bytes) {
  patella_exercise exercise{};
  exercise.size = static_cast<uint32_t>(bytes);
  return exercise;
}

const patella_param& find(const tables::Tables& tables, const std::string& key) {
  for (uint32_t i = 0; i < tables.entry().param_count; ++i)
    if (key == tables.entry().params[i].key) return tables.entry().params[i];
  throw std::logic_error("no parameter " + key);
}

const std::vector<patella_param> kSpelled = {
    param(PATELLA_PARAM_TEXT, "site_key"),        param(PATELLA_PARAM_CHOICE, "line_speed"),
    param(PATELLA_PARAM_REAL, "force_low_n"),     param(PATELLA_PARAM_REAL, "force_high_n"),
    param(PATELLA_PARAM_REAL, "min_rep_s"),       param(PATELLA_PARAM_REAL, "max_rep_s"),
    param(PATELLA_PARAM_REAL, "release_force_n"), param(PATELLA_PARAM_REAL, "start_force_n"),
    param(PATELLA_PARAM_REAL, "min_alone_s")};

}  // namespace

TEST_CASE("a plugin of 1.0 says by spelling what one of 1.1 says by flags") {
  const auto raw = array_of(kSpelled, tables::kSizeIn10<patella_param>);
  const patella_plugin_entry entry = entry_of(0, raw, static_cast<uint32_t>(kSpelled.size()));
  const patella_exercise exercise = module_of(tables::kSizeIn10<patella_exercise>);
  const tables::Tables tables(entry, nullptr, &exercise);
  CHECK(find(tables, "site_key").flags == PATELLA_PARAM_SECRET);
  CHECK(find(tables, "line_speed").flags == PATELLA_PARAM_LINE_SPEED);
  CHECK(std::string(find(tables, "force_low_n").less_than) == "force_high_n");
  CHECK(std::string(find(tables, "min_rep_s").less_than) == "max_rep_s");
  CHECK(std::string(find(tables, "release_force_n").less_than) == "start_force_n");
  CHECK(std::string(find(tables, "start_force_n").less_than) == "force_low_n");
  CHECK(find(tables, "start_force_n").flags == PATELLA_PARAM_OR_EQUAL);
  CHECK(find(tables, "min_alone_s").less_than == nullptr);
  CHECK(tables.exercise().metric_count == 11);
  CHECK(tables.exercise().describe_dose == nullptr);
}

TEST_CASE("a module of 1.0 has its declared numbers as what the client is to do") {
  static constexpr const char* kSides[] = {"none", "left_then_right"};
  patella_param low = sdk::real_param("force_low_n", "Force, from", "N", "", 60, 1, 500);
  patella_param high = sdk::real_param("force_high_n", "Force, to", "N", "", 0, 0, 500);
  static constexpr patella_param kColumns[] = {sdk::duration_param("duration_s", "Time", "", 300, 1, 3600),
                                               sdk::real_param("cadence_low_rpm", "Cadence, from", "rpm", "", 60, 0, 200)};
  static constexpr patella_value kRows[] = {{"phases.duration_s", 0, 300, nullptr}};
  const std::vector<patella_param> declared = {low,
                                               high,
                                               sdk::duration_param("hold_s", "Hold", "", 1.5, 0, 60, 0.5),
                                               sdk::choice_param("sides", "Sides", "", kSides, 1),
                                               sdk::bool_param("speak", "Count aloud", "", true),
                                               sdk::bool_param("strict", "Strict", "", false),
                                               sdk::text_param("note", "Note", "", 40),
                                               sdk::rows_param("phases", "Phase", "", 1, 4, kColumns, kRows)};
  const auto raw = array_of(declared, tables::kSizeIn10<patella_param>);
  const patella_plugin_entry entry = entry_of(0, raw, static_cast<uint32_t>(declared.size()));
  const patella_exercise exercise = module_of(tables::kSizeIn10<patella_exercise>);
  const tables::Tables tables(entry, nullptr, &exercise);
  REQUIRE(tables.describes_dose());
  std::vector<patella_value> values = {{"force_low_n", -1, 60, nullptr},
                                       {"force_high_n", -1, 0, nullptr},
                                       {"hold_s", -1, 1.5, nullptr},
                                       {"sides", -1, 1, nullptr},
                                       {"speak", -1, 1, nullptr},
                                       {"strict", -1, 0, nullptr},
                                       {"note", -1, 0, ""},
                                       {"phases.duration_s", 0, 300, nullptr},
                                       {"phases.cadence_low_rpm", 0, 60, nullptr},
                                       {"phases.duration_s", 1, 45, nullptr}};
  CHECK(tables.describe_dose(values) ==
        "{\"Force, from\"}: {60 N}\n"
        "{\"Hold\"}: {1.5 s}\n"
        "{\"Sides\"}: {\"left then right\"}\n"
        "{\"Count aloud\"}\n"
        "{\"Phase\"} {1}: {\"Time\"}: {5:00}, {\"Cadence, from\"}: {60 rpm}\n"
        "{\"Phase\"} {2}: {\"Time\"}: {45 s}");
  values[1].number = 80;
  CHECK(tables.describe_dose(values).find("{\"Force, to\"}: {80 N}") != std::string::npos);
  for (int32_t row = 2; row < 200; ++row) values.push_back({"phases.duration_s", row, 60, nullptr});
  const std::string many = tables.describe_dose(values);
  CHECK(std::count(many.begin(), many.end(), '\n') == tables::kMaxDoseLines - 1);
}

TEST_CASE("in 1.1 the spelling of a key means nothing") {
  const auto raw = array_of(kSpelled, sizeof(patella_param));
  const patella_plugin_entry entry = entry_of(1, raw, static_cast<uint32_t>(kSpelled.size()));
  const patella_exercise exercise = module_of(sizeof(patella_exercise));
  const tables::Tables tables(entry, nullptr, &exercise);
  for (const patella_param& one : kSpelled) {
    CHECK(find(tables, one.key).flags == 0);
    CHECK(find(tables, one.key).less_than == nullptr);
  }
  CHECK(tables.exercise().metric_count == 0);
  CHECK_FALSE(tables.describes_dose());
}

TEST_CASE("elements of a later version are longer; what they have more is not looked at") {
  patella_param last = param(PATELLA_PARAM_REAL, "last");
  last.flags = PATELLA_PARAM_ADVANCED;
  const auto raw = array_of<patella_param>({param(PATELLA_PARAM_INT, "first"), last}, sizeof(patella_param) + 24);
  const patella_plugin_entry entry = entry_of(7, raw, 2);
  const patella_exercise exercise = module_of(sizeof(patella_exercise));
  const tables::Tables tables(entry, nullptr, &exercise);
  CHECK(find(tables, "first").type == PATELLA_PARAM_INT);
  CHECK(find(tables, "last").flags == PATELLA_PARAM_ADVANCED);
}

TEST_CASE("what is missing or implausibly long stays as it is, for the caller to refuse") {
  const auto raw = array_of(kSpelled, sizeof(patella_param));
  const patella_plugin_entry entry = entry_of(1, raw, 4'000'000'000u);
  const patella_exercise exercise = module_of(sizeof(patella_exercise));
  CHECK(tables::Tables(entry, nullptr, &exercise).entry().param_count == 4'000'000'000u);
  CHECK_FALSE(tables::whole<patella_param>(nullptr));
  patella_param small{};
  small.size = 8;
  CHECK_FALSE(tables::whole(&small));
}
