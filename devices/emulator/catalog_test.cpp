#include "emulator/catalog.hpp"

#include <filesystem>
#include <set>

#include "emulator/chronojump_model.hpp"
#include "support/catch.hpp"

using namespace patella::emulator;

TEST_CASE("a wish names kind, name and options") {
  const auto wish = parse_wish("chronojump_force:serial=A1:name=band");
  REQUIRE(wish);
  CHECK(wish->kind == "chronojump_force");
  CHECK(wish->name == "band");
  const auto made = make_model(*wish, 1);
  REQUIRE(made);
  REQUIRE(made->serial);
  CHECK(made->serial->identity().serial == "A1");
  CHECK(parse_wish("hid_scale")->name == "hid_scale");
}

TEST_CASE("a kind is called like its driver, and every driver has one") {
  std::set<std::string> drivers, names;
  for (const auto& folder : std::filesystem::directory_iterator(PATELLA_SOURCE_DIR "/devices"))
    if (std::filesystem::exists(folder.path() / "plugin.toml") && folder.path().filename() != "template")
      drivers.insert(folder.path().filename());
  for (const Kind& kind : kinds())
    if (kind.whole) names.insert(kind.name);
  CHECK(names == drivers);
}

TEST_CASE("a short form is the same device, called as it was written") {
  const auto wish = parse_wish("pm5:serial=430000001");
  REQUIRE(wish);
  CHECK(wish->kind == "concept2_pm5");
  CHECK(wish->name == "pm5");
  CHECK(parse_wish("scale:name=left")->name == "left");
  for (const Kind& kind : kinds())
    if (*kind.alias) CHECK(parse_wish(kind.alias)->kind == kind.name);
  CHECK_FALSE(parse_wish(""));  // "" is no kind's alias
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
  CHECK(parse_wish("rower").error().text().find("Known are \"ant_plus\", \"concept2_pm5\", ") != std::string::npos);
  for (const char* slip : {"chronojump_froce", "chronojmup"})
    CHECK(parse_wish(slip).error().text().find("Did you mean \"chronojump_force\"?") != std::string::npos);
  CHECK_FALSE(parse_wish("hid_scale:unit"));
  CHECK_FALSE(parse_wish("hid_scale:name="));
  for (const char* text : {
           "ant_plus:sensors=12",
           "ant_plus:number=0",
           "ant_plus:deaf=-1",
           "ant_plus:page=13",
           "cadence_board:bounces=x",
           "chronojump_force:untidy=2",
           "chronojump_force:boot=-1",
           "chronojump_force:wait=123456",
           "chronojump_force:unloaded=soon",
           "chronojump_force:pace=0",
           "kettler:letters=greek",
           "kettler:leaves=x",
           "linescale3:unit=g",
           "linescale3:locked=2",
           "linescale3:deaf=x",
           "openscale:unit=g",
           "openscale:report=1",
           "concept2_pm5:serial=12",
           "concept2_pm5:node=disk",
           "tacx_1932:product=1902",
           "hid_scale:unit=stone",
           "hid_scale:size=small",
           "hid_scale:colour=red",
       }) {
    const auto made = make_model(*parse_wish(text), 1);
    REQUIRE_FALSE(made);
    CHECK(made.error().text().find("Options:") != std::string::npos);
  }
}
