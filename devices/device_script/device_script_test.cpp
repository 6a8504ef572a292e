#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "device_script/script_player.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::device_script;

namespace {

struct TempDir {
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "device_script-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~TempDir() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

std::string text_of(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

Result<DeviceScript> script(const TempDir& dir, const std::string& toml) {
  const auto file = dir.path / "device.toml";
  std::ofstream(file) << toml;
  return DeviceScript::read(file);
}

}  // namespace

TEST_CASE("a [[say]] above the first answer speaks from the start, one below from the first answer on") {
  const TempDir dir;
  const auto read = script(dir, R"(
[[say]]
times = 1
every_ms = 500
text = "boot\r\n"

[[answer]]
to = "go"
text = "ok\r\n"

[[say]]
every_ms = 10
text = "{us};{wave}\r\n"
)");
  REQUIRE(read);
  ScriptPlayer player(*read);
  CHECK(player.next_us() == ScriptPlayer::kNeverUs);
  player.connected(1'000'000);
  REQUIRE(player.next_us() == 1'500'000);
  CHECK(text_of(player.take()) == "boot\r\n");
  CHECK(player.next_us() == ScriptPlayer::kNeverUs);  // once
  REQUIRE(read->answer_to({'g', 'o'}).size() == 1);
  player.answered(2'000'000);
  CHECK(player.next_us() == 2'010'000);
  CHECK(text_of(player.take()) == "0;0.00\r\n");
  player.answered(2'015'000);  // only the first answer begins it
  CHECK(player.next_us() == 2'020'000);
  player.disconnected();
  CHECK(player.next_us() == ScriptPlayer::kNeverUs);
  player.connected(3'000'000);
  CHECK(player.next_us() == 3'500'000);
}

TEST_CASE("without an answer every [[say]] speaks from the start, each at its own pace") {
  const TempDir dir;
  const auto read = script(dir, "[[say]]\nevery_ms = 30\ntext = \"a\"\n[[say]]\nevery_ms = 20\nhex = [\"01\", \"02 ff\"]\n");
  REQUIRE(read);
  ScriptPlayer player(*read);
  player.connected(0);
  std::string said;
  while (player.next_us() <= 60'000) {
    const int64_t at_us = player.next_us();
    said += fmt::format("{}:{} ", at_us / 1000, player.take().size());
  }
  CHECK(said == "20:1 30:1 40:2 60:1 60:1 ");
}

TEST_CASE("plain lines are said in turn") {
  const DeviceScript lines = DeviceScript::of_lines({"1.0 kg", "2.0 kg"}, 100'000);
  ScriptPlayer player(lines);
  player.connected(0);
  CHECK(text_of(player.take()) == "1.0 kg\r\n");
  CHECK(text_of(player.take()) == "2.0 kg\r\n");
  CHECK(text_of(player.take()) == "1.0 kg\r\n");
}

TEST_CASE("what is wrong in the file is told") {
  const TempDir dir;
  const std::pair<const char*, const char*> wrong[] = {
      {"", "neither [[answer]] nor [[say]]"},
      {"[[say]]\nevery_ms = 0\ntext = \"a\"", "every_ms"},
      {"[[say]]\nevery_ms = 5", "neither text nor hex"},
      {"[[answer]]\nto = \"a\"\nhex = \"1g\"", "\"1g\" is not a byte"},
      {"[[answer", "device.toml"},
  };
  for (const auto& [toml, told] : wrong) {
    const auto read = script(dir, toml);
    REQUIRE_FALSE(read);
    CHECK(read.error().text().find(told) != std::string::npos);
  }
}
