// The texts that sdk.hpp makes are those that plugin.h describes.
#include <patella/sdk.hpp>
#include <patella/testing.hpp>
#include "support/catch.hpp"

#include <cmath>

using namespace patella::sdk;

TEST_CASE("a message is its sentence with the arguments in place") {
  CHECK(message("Pull to {0}", number(80, 0, "N")) == "Pull to {80 N}");
  CHECK(message("{0} of {1}", number(12), number(20)) == "{12} of {20}");
  CHECK(message("Rest {0}", duration(30)) == "Rest {0:30}");
  CHECK(message("{0} is waiting", name("Anna")) == "{'Anna'} is waiting");
  CHECK(message("{0} of {1}", counted(3, "{0} set", "{0} sets"), number(10)) == "{3|{0} set|{0} sets} of {10}");
  CHECK(message("Done") == "Done");
}

TEST_CASE("numbers have the decimals that are asked for, a point and no zero with a minus") {
  CHECK(number(1.25, 1, "s").braced == "{1.2 s}");  // to even, as the machine has it
  CHECK(number(-3.06, 1).braced == "{-3.1}");
  CHECK(number(-0.04, 1).braced == "{0.0}");
  CHECK(number(1e300, 0).braced.size() == 303);
  CHECK(number(NAN, 1, "N").braced == "{'\u2013 N'}");
  CHECK(number(INFINITY).braced == "{'\u2013'}");
}

TEST_CASE("durations are minutes and seconds, with hours where there are some") {
  CHECK(duration(0).braced == "{0:00}");
  CHECK(duration(89.6).braced == "{1:30}");
  CHECK(duration(3599.4).braced == "{59:59}");
  CHECK(duration(3725).braced == "{1:02:05}");
  CHECK(duration(-1).braced == "{0:00}");
  CHECK(duration(NAN).braced == "{0:00}");
}

TEST_CASE("a name keeps its quotes, loses its line ends and can be cut to a field") {
  CHECK(message("Next: {0}", term("Steady \"2\"")) == "Next: {\"Steady \"\"2\"\"\"}");
  CHECK(name("O'Neill").braced == "{'O''Neill'}");
  CHECK(name("two\nlines").braced == "{'two lines'}");
  CHECK(name("Übung am Seil", 3).braced == "{'Üb'}");
  CHECK(name("Übung", 1).braced == "{''}");
}

TEST_CASE("several messages are one a line") {
  CHECK(lines({"Not counted", "Pull further"}) == "Not counted\nPull further");
  CHECK(lines({"", "Pull further", ""}) == "Pull further");
  CHECK(lines({}).empty());
}

TEST_CASE("a text that is too long for its field is cut at a character") {
  char field[8];
  put_text(field, "abcdefü");
  CHECK(std::string(field) == "abcdef");
}

TEST_CASE("what the SDK makes is without a fault; what a kiosk could not read has one") {
  using patella::testing::message_fault;
  for (const std::string& text :
       {std::string("Done"), message("{0}: {1} of {2}", name("O'Neill {3}"), number(-1.5, 1, "N·m"), duration(3725)),
        message("{0} of {1}", counted(3, "{0} set", "{0} sets"), number(10)), message("{0}", number(NAN)),
        lines({"Not counted", message("Pull to {0}", number(8))})})
    CHECK(message_fault(text) == "");
  for (const char* text :
       {"{", "}", "{}", "{80N}", "{80 }", "{-}", "{1.}", "{1:2}", "{1:02:3}", "{1:02:03:04}", "{nan N}", "{1e5}", "{'Anna}",
        "{'An\nna'}", "{3|{0} set}", "{3|set|{0} sets}", "{3|{0} set|{0} sets", "{0} {x}", "Pull to {80"}) {
    INFO(text);
    CHECK(message_fault(text) != "");
  }
}
