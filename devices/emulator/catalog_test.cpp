#include "emulator/catalog.hpp"
#include "emulator/chronojump_model.hpp"
#include "support/catch.hpp"

using namespace patella::emulator;

TEST_CASE("a wish names kind, name and options") {
  const auto wish = parse_wish("chronojump:serial=A1:name=band");
  REQUIRE(wish);
  CHECK(wish->kind == "chronojump");
  CHECK(wish->name == "band");
  const auto made = make_model(*wish, 1);
  REQUIRE(made);
  REQUIRE(made->serial);
  CHECK(made->serial->identity().serial == "A1");
  CHECK(parse_wish("scale")->name == "scale");
}

TEST_CASE("every kind can be made, with the ids it is listed with") {
  for (const Kind& kind : kinds()) {
    if (!kind.whole) continue;  // lines_model_test
    const auto made = make_model(*parse_wish(kind.name), 1);
    REQUIRE(made);
    CHECK((made->usb != nullptr) != (made->serial != nullptr));
    const unsigned vendor = made->usb ? made->usb->descriptors().vendor() : made->serial->identity().vendor;
    CHECK(vendor == std::stoul(std::string(kind.ids).substr(0, 4), nullptr, 16));
  }
}

TEST_CASE("what is wrong with a wish is told, with what would be right") {
  CHECK(parse_wish("rower").error().text().find("Known are \"ant\", \"pm5\", ") != std::string::npos);
  CHECK(parse_wish("chronojmup").error().text().find("Did you mean \"chronojump\"?") != std::string::npos);
  CHECK_FALSE(parse_wish("scale:unit"));
  CHECK_FALSE(parse_wish("scale:name="));
  for (const char* text : {
           "ant:sensors=12",           "ant:number=0",        "ant:deaf=-1",           "ant:page=13",
           "cadence:bounces=x",        "chronojump:untidy=2", "chronojump:boot=-1",    "chronojump:wait=123456",
           "chronojump:unloaded=soon", "chronojump:pace=0",   "kettler:letters=greek", "kettler:leaves=x",
           "linescale3:unit=g",        "linescale3:locked=2", "linescale3:deaf=x",     "openscale:unit=g",
           "openscale:report=1",       "pm5:serial=12",       "pm5:node=disk",         "tacx:product=1902",
           "scale:unit=stone",         "scale:size=small",    "scale:colour=red",
       }) {
    const auto made = make_model(*parse_wish(text), 1);
    REQUIRE_FALSE(made);
    CHECK(made.error().text().find("Options:") != std::string::npos);
  }
}
