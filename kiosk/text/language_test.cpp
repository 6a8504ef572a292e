#include "text/language.hpp"

#include <algorithm>
#include <clocale>
#include <fstream>
#include <thread>

#include "support/catch.hpp"

using namespace patella;
using namespace patella::text;

namespace {
std::vector<std::string> opened() {
  const Result<std::vector<std::string>> languages = open_catalogues(std::string(PATELLA_BUILD_DIR) + "/locale");
  REQUIRE(languages);
  return *languages;
}
}  // namespace

TEST_CASE("the catalogues of the build are found and translate, on a system without generated locales") {
  const std::vector<std::string> languages = opened();
  for (const char* language : {"de", "en", "qps"}) CHECK(std::count(languages.begin(), languages.end(), language) == 1);
  const Language german("de"), english("en"), pseudo("qps"), none("xx"), source;
  CHECK(german("Call staff") == "Team rufen");
  CHECK(english("Call staff") == "Call staff");
  CHECK(pseudo("Call staff") == "[Çáll štáff~~]");
  CHECK(none("Call staff") == "Call staff");
  CHECK(source("Call staff") == "Call staff");
  CHECK(german("what no catalogue has") == "what no catalogue has");
}

TEST_CASE("one English word can be two in another language") {
  opened();
  const Language german("de");
  CHECK(german.in("button", "Next") == "Weiter");
  CHECK(german.in("label", "Next") == "Danach");
  CHECK(german.in("label", "what no catalogue has") == "what no catalogue has");
  CHECK(Language().in("button", "Next") == "Next");
}

TEST_CASE("two threads read two languages at once") {
  opened();
  const auto read = [](const char* language, const std::string& expected, bool& right) {
    const Language words(language);
    for (int i = 0; i < 20'000; ++i) right &= words("Call staff") == expected;
  };
  bool german = true, pseudo = true;
  std::thread other(read, "de", "Team rufen", std::ref(german));
  read("qps", "[Çáll štáff~~]", pseudo);
  other.join();
  CHECK(german);
  CHECK(pseudo);
}

TEST_CASE("numbers keep their point: only the language of messages is set") {
  opened();
  CHECK(std::string(std::setlocale(LC_NUMERIC, nullptr)) == "C");
  CHECK(std::stod("2.5") == 2.5);
}

TEST_CASE("a folder without catalogues is English; one that does not translate is told") {
  const Result<std::vector<std::string>> empty = open_catalogues("/nowhere");
  REQUIRE(empty);
  CHECK(empty->empty());
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "patella-broken-locale";
  std::filesystem::create_directories(folder / "x/LC_MESSAGES");
  std::ofstream(folder / "x/LC_MESSAGES/patella_broken.mo") << "not a catalogue";
  const Result<std::vector<std::string>> broken = open_catalogues(folder);
  std::filesystem::remove_all(folder);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().what.find("\"broken\"") != std::string::npos);
  opened();
}

TEST_CASE("placeholders are filled in by their numbers, in any order, and never throw") {
  CHECK(fill_in("{0} of {1}", {"2", "3"}) == "2 of 3");
  CHECK(fill_in("von {1}: {0}", {"2", "3"}) == "von 3: 2");
  CHECK(fill_in("{0}", {"{1}", "x"}) == "{1}");
  CHECK(fill_in("{2} { {} {0", {"a"}) == "{2} { {} {0");
  CHECK(fill_in("", {"a"}).empty());
}
