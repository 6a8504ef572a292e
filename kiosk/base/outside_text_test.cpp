// Text from outside: bytes that are no UTF-8, control characters, TOML that is too deep.
#include "base/toml_depth.hpp"
#include "base/utf8.hpp"
#include "support/catch.hpp"

using namespace patella;

TEST_CASE("text is shown in UTF-8 on one line, whatever it was") {
  CHECK(shown_text("Knie, links – 5 °C 膝") == "Knie, links – 5 °C 膝");
  CHECK(shown_text("a\xff"
                   "b\xc3") ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
  CHECK(shown_text("\x1b[2J\r\n\x07") == "?[2J???");
  CHECK(shown_text("\xc2\x9b"
                   "2J") == "?2J");  // a terminal's own control character in UTF-8
  CHECK(shown_text(std::string_view("a\0b", 3)) == "a?b");
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const char bytes[] = {static_cast<char>(first), static_cast<char>(second)};
      REQUIRE_FALSE(first_bad_utf8(shown_text({bytes, 2})));
    }
}

TEST_CASE("what Patella reads is not too deep, and strings and comments are no depth") {
  CHECK_FALSE(toml_too_deep("[drivers.ant_plus]\nnetwork.key = '0'\n[[bind]]\nparams = { a = [ [ 1, 2 ], [ 3 ] ] }\n"));
  const std::string dots(40, '.'), brackets(40, '[');
  for (const std::string& inert : {dots, brackets}) {
    CHECK_FALSE(toml_too_deep("a = \"" + inert + "\"\n"));
    CHECK_FALSE(toml_too_deep("a = \"\\\"" + inert + "\"\n"));
    CHECK_FALSE(toml_too_deep("a = '" + inert + "\\'\n"));
    CHECK_FALSE(toml_too_deep("# " + inert + "\n"));
    CHECK_FALSE(toml_too_deep("a = \"\"\"\n" + inert + " \" \"\" " + inert + "\"\"\"\"\"\n"));
    CHECK_FALSE(toml_too_deep("a = '''" + inert + "\n'''\n"));
  }
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "a" + std::to_string(i) + ".b = [1.5, 2.5]\n";
  CHECK_FALSE(toml_too_deep(many));
}

TEST_CASE("what follows a string is looked at again, and the line is the right one") {
  const std::string deep = "a" + [] {
    std::string parts;
    for (int i = 0; i < 16; ++i) parts += ".a";
    return parts;
  }() + " = 1";
  CHECK_FALSE(toml_too_deep(deep.substr(2)));
  REQUIRE(toml_too_deep(deep));
  for (const char* before : {"a = \"x\"\n\n", "a = \"\"\"x\n\"\"\"\n", "a = '''\n'''\n", "a = 'it\n\n", "# it's\n\n"}) {
    INFO(before);
    const auto found = toml_too_deep(before + deep);
    REQUIRE(found);
    CHECK(found->line == 3);
  }
}
