// patella-plugin-check against plugins with exactly one mistake each: the right check must say so, and no other.
#include <sys/wait.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "support/catch.hpp"

namespace {

struct Result {
  int status = -1;
  std::set<std::string> failed;
  std::map<std::string, std::string> lines;  // check → its whole line
  std::string last, text;
};

Result check(const std::string& name, const std::string& options = "") {
  const std::string command = std::string(PLUGIN_CHECK) + " " + FIXTURES + "/" + name + "/" + name.substr(name.rfind('/') + 1) +
                              ".so --bytes 20000 --hour 120 " + options;
  Result result;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe);
  char block[4096];
  while (const std::size_t got = std::fread(block, 1, sizeof block, pipe)) result.text.append(block, got);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  for (std::size_t at = 0; at < result.text.size();) {
    const std::size_t end = std::min(result.text.find('\n', at), result.text.size());
    result.last = result.text.substr(at, end - at);
    if (result.last.size() > 5 &&
        (result.last.starts_with("ok ") || result.last.starts_with("warn ") || result.last.starts_with("FAIL "))) {
      const std::string check_name = result.last.substr(5, result.last.find(' ', 5) - 5);
      result.lines[check_name] = result.last;
      if (result.last.starts_with("FAIL")) result.failed.insert(check_name);
    }
    at = end + 1;
  }
  return result;
}

bool says(const Result& result, const std::string& check_name, const std::string& words) {
  const auto line = result.lines.find(check_name);
  return line != result.lines.end() && line->second.find(words) != std::string::npos;
}

using Checks = std::set<std::string>;

}  // namespace

TEST_CASE("a driver that needs parameters and a handshake is checked where its samples are") {
  const std::string script = std::string(" --device ") + PATELLA_SOURCE_DIR + "/tests/conformance/devices/ant_plus.toml";
  for (const bool told : {false, true}) {
    const Result result = check("../../plugins/ant_plus", told ? script : "");
    INFO(result.text);
    CHECK(result.failed.empty());
    CHECK(says(result, "commands", told ? "accepts: identify" : "accepts: none"));
    CHECK(says(result, "random_bytes", ", 0 samples") == !told);
  }
}

TEST_CASE("plugins without a fault pass every check") {
  for (const char* name : {"calm_module", "calm_driver", "calm_sensors", "c_driver", "c_module"}) {
    const Result result = check(name);
    INFO(result.text);
    CHECK(result.status == 0);
    CHECK(result.failed.empty());
    CHECK(result.lines.size() >= 15);
    CHECK(result.last == std::to_string(result.lines.size()) + " passed, 0 failed");
  }
}

TEST_CASE("a mistake in the file or the tables is told by the check for it") {
  struct Row {
    const char* name;
    Checks failed;
    const char* check;
    const char* words;
  };
  const Row rows[] = {{"two_symbols", {"symbols"}, "symbols", "more than patella_entry"},
                      {"wrong_abi", {"abi"}, "abi", "abi 2.0, this is 1.1"},
                      {"small_table", {"abi"}, "abi", "size"},
                      {"other_manifest", {"manifest"}, "manifest", "org.patella.another"},
                      {"odd_sensors", {"manifest"}, "manifest", "wheel_mm is no INT parameter"},
                      {"odd_sensor_kinds", {"manifest"}, "manifest", "has the kind 121 twice"},
                      {"odd_sensors", {"manifest"}, "manifest", "the parameter gear does not take -1"},
                      {"odd_sensors", {"manifest"}, "manifest", "belt is no INT parameter"},
                      {"odd_sensors", {"manifest"}, "manifest", "the kind 118 has no param"},
                      {"odd_sensor_kinds", {"manifest"}, "manifest", "the channel sensor_moving does not reach 16842751"},
                      {"odd_sensor_kinds", {"manifest"}, "manifest", "kind is no whole number from 0 to 65535"},
                      {"deaf_sensors", {"manifest"}, "manifest", "needs the channel sensor_heard"},
                      {"deaf_sensors", {"manifest"}, "manifest", "strap is no INT parameter"},
                      {"odd_parameters", {"parameters"}, "parameters", "outside 1…100"},
                      {"odd_line_speed", {"matches"}, "matches", "choice \"fast\" is not baud_NUMBER"},
                      {"odd_line_speed", {"matches"}, "matches", "the preset is 57600, but the serial settings say 9600"},
                      {"forbidden_import", {"imports"}, "imports", "clock_gettime reads a clock"}};
  for (const Row& row : rows) {
    const Result result = check(row.name);
    INFO(row.name << "\n" << result.text);
    CHECK(result.status == 1);
    CHECK(result.failed == row.failed);
    CHECK(says(result, row.check, row.words));
  }
}

TEST_CASE("what SDK 1.0 knew by its key alone, and 1.1 is not told, is a hint with the remedy") {
  const Result forgotten = check("forgotten_flags", "--only parameters");
  INFO(forgotten.text);
  CHECK(forgotten.status == 0);
  CHECK(forgotten.lines.at("parameters").starts_with("warn"));
  CHECK(says(forgotten, "parameters", "site_key: in SDK 1.0 its key alone made it a secret"));
  CHECK(says(forgotten, "parameters", "secret(text_param(…))"));
  CHECK(says(forgotten, "parameters", "line_speed(choice_param(…))"));
  CHECK(says(forgotten, "parameters", "force_low_n: in SDK 1.0 its key alone made it the lower end of force_high_n"));
  CHECK(says(forgotten, "parameters", "less_than(…, \"force_high_n\")"));

  // The same keys in a plugin of 1.0 say it still; one that says it by flags has no hint.
  for (const char* name : {"../plugins/driver_1_0", "../../plugins/ant_plus"}) {
    const Result said = check(name, "--only parameters");
    INFO(said.text);
    CHECK(said.lines.at("parameters").starts_with("ok"));
  }
}

TEST_CASE("a crash or a hang is a result and names the call") {
  const Result crash = check("crash_in_create");
  INFO(crash.text);
  CHECK(crash.status == 1);
  CHECK(crash.failed ==
        Checks{"replay", "batches", "view", "done", "random_stream", "missing_channels", "limits", "hour", "many_lives"});
  CHECK(says(crash, "replay", "in create"));

  const Result hang = check("hang_in_tick", "--timeout 1 --only symbols,replay,done");
  INFO(hang.text);
  CHECK(hang.failed == Checks{"replay", "done"});
  CHECK(says(hang, "replay", "hangs in on_tick"));

  const Result gap = check("abort_on_gap");
  INFO(gap.text);
  CHECK(gap.failed.count("replay") == 1);
  CHECK(says(gap, "replay", "in on_gap"));
  CHECK(gap.failed.count("done") == 0);  // 30 s without a gap
}

TEST_CASE("a module that is not deterministic is found out") {
  const Result address = check("address_dependent");
  INFO(address.text);
  CHECK(address.failed.count("replay") == 1);

  const Result memory = check("remembers");
  INFO(memory.text);
  CHECK(memory.failed.count("replay") == 1);
  CHECK(says(memory, "replay", "second replay said something else"));

  const Result batch = check("batch_dependent");
  INFO(batch.text);
  CHECK(batch.failed == Checks{"batches"});
  CHECK(says(batch, "batches", "than one by one"));

  if (!SANITIZED) {  // the sanitizers bring an allocator of their own
    const Result unset = check("uninitialised");
    INFO(unset.text);
    CHECK(unset.failed.count("replay") == 1);
  }
}

TEST_CASE("a module's rules about the end and the view are checked") {
  const Result twice = check("done_twice");
  INFO(twice.text);
  CHECK(twice.failed.count("done") == 1);
  CHECK(says(twice, "done", "DONE twice"));

  const Result never = check("never_done");
  INFO(never.text);
  CHECK(never.failed == Checks{"done"});
  CHECK(says(never, "done", "no DONE on the action PAIN"));

  const Result counts = check("view_counts");
  INFO(counts.text);
  CHECK(counts.failed == Checks{"view"});
  CHECK(says(counts, "view", "different bytes"));

  const Result endless = check("view_unterminated");
  INFO(endless.text);
  CHECK(endless.failed.count("view") == 1);
  CHECK(says(endless, "view", "prompt is not UTF-8 that ends in NUL"));

  const Result throws = check("throws");
  INFO(throws.text);
  CHECK(throws.failed.count("replay") == 1);
  CHECK(says(throws, "replay", "an exception left the module"));

  if (!SANITIZED) {
    const Result leaks = check("leaks");
    INFO(leaks.text);
    CHECK(leaks.failed == Checks{"many_lives"});
  }
}

TEST_CASE("a driver's mistakes are told by the check for them") {
  const Result nan = check("nan_sample");
  INFO(nan.text);
  CHECK(nan.failed.count("random_bytes") == 1);
  CHECK(says(nan, "random_bytes", "NaN"));

  const Result sliced = check("slice_dependent");
  INFO(sliced.text);
  CHECK(sliced.failed == Checks{"slices"});

  if (!SANITIZED) {
    const Result hoards = check("endless_line");
    INFO(hoards.text);
    CHECK(hoards.failed == Checks{"endless_line"});
  }

  const Result busy = check("busy");
  INFO(busy.text);
  CHECK(busy.failed.count("no_answer") == 1);
  CHECK(says(busy, "no_answer", "never rest"));

  const Result yes = check("accepts_all");
  INFO(yes.text);
  CHECK(yes.failed == Checks{"commands"});
  CHECK(says(yes, "commands", "unknown command"));

  const Result trusts = check("reads_past_end");
  INFO(trusts.text);
  CHECK(trusts.failed.count("random_bytes") == 1);
  CHECK(says(trusts, "random_bytes", "in received"));

  const Result order = check("wrong_order");
  INFO(order.text);
  CHECK(order.failed == Checks{"wrong_order"});
  CHECK(says(order, "wrong_order", "in received"));
}

TEST_CASE("wrong use and wrong files are told in words") {
  const Result missing = check("no_such_plugin");
  CHECK(missing.status == 1);
  CHECK(missing.failed.count("symbols") == 1);
  CHECK(check("calm_module", "--no-such-option 2>/dev/null").status == 2);

  const Result json = check("two_symbols", "--json");
  CHECK(json.status == 1);
  CHECK(json.text.find("{\"name\":\"symbols\",\"result\":\"FAIL\",") != std::string::npos);
  CHECK(json.text.find("\"failed\":1") != std::string::npos);
}
