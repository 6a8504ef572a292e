#include "plugin_link/manifest.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "support/catch.hpp"

using namespace patella::plugin_link;
namespace fs = std::filesystem;

namespace {

/// A folder of plugins that goes with the test.
struct Folder {
  fs::path path;
  Folder() {
    char name[] = "/tmp/patella-manifest-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
  void put(const std::string& plugin, const std::string& toml, const std::string& library = "x.so") {
    fs::create_directories(path / plugin);
    std::ofstream(path / plugin / "plugin.toml") << toml;
    if (!library.empty()) std::ofstream(path / plugin / library) << "x";
  }
  FoundPlugins find() { return find_plugins({path}); }
};

const std::string kDriver = R"([plugin]
id = "org.example.x"
name = "X"
version = "1.2.3"
kind = "driver"
abi = "1.0"
library = "x.so"
[device]
transport = "hid"
matches = [ { vendor = 0x17a4 }, { interface_class = 3, usage_page = 0x8d } ]
)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kDriver;
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("a driver's manifest is read whole") {
  Folder folder;
  folder.put("x", kDriver);
  const FoundPlugins found = folder.find();
  REQUIRE(found.problems.empty());
  REQUIRE(found.plugins.size() == 1);
  const Manifest& m = found.plugins[0];
  CHECK(m.folder == "x");
  CHECK(m.library == folder.path / "x" / "x.so");
  CHECK(m.id == "org.example.x");
  CHECK(m.version == "1.2.3");
  CHECK(m.kind == Manifest::Kind::driver);
  CHECK(m.abi_major == 1);
  CHECK(m.abi_minor == 0);
  CHECK(m.transport == "hid");
  REQUIRE(m.matches.size() == 2);
  CHECK(m.matches[0].vendor == 0x17a4);
  CHECK(m.matches[0].product == -1);
  CHECK(m.matches[1].vendor == -1);
  CHECK(m.matches[1].interface_class == 3);
  CHECK(m.matches[1].usage_page == 0x8d);
}

TEST_CASE("what is wrong is told with file, line, key and remedy, and the others stay usable") {
  struct Case {
    std::string from, to, key, line;
  };
  const Case cases[] = {
      {"id = \"org.example.x\"", "id = \"Example\"", "plugin.id", "line 2"},
      {"name = \"X\"", "name = 5", "plugin.name", "line 3"},
      {"version = \"1.2.3\"\n", "", "plugin.version", "line 1"},
      {"kind = \"driver\"", "kind = \"device\"", "plugin.kind", "line 5"},
      {"abi = \"1.0\"", "abi = \"one\"", "plugin.abi", "line 6"},
      {"library = \"x.so\"", "library = \"../x.so\"", "plugin.library", "line 7"},
      {"library = \"x.so\"", "library = \"y.so\"", "plugin.library", "line 7"},
      {"transport = \"hid\"", "transport = \"ble\"", "device.transport", "line 9"},
      {"vendor = 0x17a4", "vendor = 0x17a4a", "device.matches.vendor", "line 10"},
      {"{ vendor = 0x17a4 }", "{ }", "device.matches", "line 10"},
      {"{ vendor = 0x17a4 }", "7", "device.matches", "line 10"},
      {"[device]", "[devices]", "device", "line 1"},
      {"= \"X\"", "= \"X", "", "line 3"},
  };
  for (const Case& c : cases) {
    Folder folder;
    folder.put("good", kDriver);
    std::string bad = with(c.from, c.to);
    if (bad.find("org.example.x") != std::string::npos) bad.replace(bad.find("org.example.x"), 13, "org.example.y");
    folder.put("bad", bad);
    const FoundPlugins found = folder.find();
    INFO(c.to);
    REQUIRE(found.plugins.size() == 1);
    CHECK(found.plugins[0].folder == "good");
    REQUIRE(!found.problems.empty());
    const bool told = std::any_of(found.problems.begin(), found.problems.end(), [&](const patella::Error& e) {
      const bool key = c.key.empty() || e.where.find("key " + c.key) != std::string::npos;
      return key && e.where.find("bad/plugin.toml") != std::string::npos && e.where.find(c.line) != std::string::npos &&
             !e.remedy.empty();
    });
    INFO(found.problems[0].text());
    CHECK(told);
  }
}

TEST_CASE("a manifest that is deep, or no plain file, is told and ends nothing") {
  std::string key = "a";
  for (int i = 0; i < 12'000; ++i) key += ".a";
  Folder folder;
  folder.put("deep", key + " = 1\n");
  folder.put("x", kDriver);
  std::filesystem::create_directory(folder.path / "pipe");
  REQUIRE(::mkfifo((folder.path / "pipe" / "plugin.toml").c_str(), 0600) == 0);
  std::filesystem::create_directories(folder.path / "folder" / "plugin.toml");
  std::filesystem::create_directories(folder.path / "none");
  const FoundPlugins found = folder.find();
  CHECK(found.plugins.size() == 1);
  REQUIRE(found.problems.size() == 3);
  CHECK(found.problems[0].text().find("deep/plugin.toml, line 1: This file has a key of more than 16 parts") !=
        std::string::npos);
  CHECK(found.problems[1].text().find("folder/plugin.toml: is a folder") != std::string::npos);
  CHECK(found.problems[2].text().find("pipe/plugin.toml: is not a plain file") != std::string::npos);
}

TEST_CASE("a driver of wireless sensors says which parameter takes the number of which kind") {
  const auto read = [](const std::string& sensors) {
    Folder folder;
    folder.put("x", kDriver + "sensors = " + sensors + "\n");
    return folder.find();
  };
  const FoundPlugins good = read(
      "[ { kind = 121, param = \"speed_cadence\" }, { kind = 0x78, param = \"strap\" }, { kind = 0, "
      "param = \"strap\" }, { kind = 65535, param = \"z\" } ]");
  CHECK(good.problems.empty());
  REQUIRE(good.plugins.size() == 1);
  REQUIRE(good.plugins[0].sensors.size() == 4);
  CHECK(good.plugins[0].sensors[0].kind == 121);
  CHECK(good.plugins[0].sensors[0].param == "speed_cadence");
  CHECK(good.plugins[0].sensors[1].kind == 120);
  CHECK(good.plugins[0].sensors[3].kind == 65535);
  CHECK(read("[]").plugins.size() == 1);
  struct Case {
    const char *sensors, *key, *what;
  };
  const Case cases[] = {
      {"7", "device.sensors", "a list of tables"},
      {"[ 7 ]", "device.sensors", "must be a table"},
      {"[ { param = \"a\" } ]", "device.sensors.kind", "from 0 to 65535"},
      {"[ { kind = -1, param = \"a\" } ]", "device.sensors.kind", "from 0 to 65535"},
      {"[ { kind = 65536, param = \"a\" } ]", "device.sensors.kind", "from 0 to 65535"},
      {"[ { kind = 1.0, param = \"a\" } ]", "device.sensors.kind", "from 0 to 65535"},
      {"[ { kind = \"1\", param = \"a\" } ]", "device.sensors.kind", "from 0 to 65535"},
      {"[ { kind = 1, param = \"a\" }, { kind = 1, param = \"b\" } ]", "device.sensors.kind", "1 is named twice"},
      {"[ { kind = 1 } ]", "device.sensors.param", "missing"},
      {"[ { kind = 1, param = \"\" } ]", "device.sensors.param", "not empty"},
      {"[ { kind = 1, param = 2 } ]", "device.sensors.param", "not empty"}};
  for (const Case& c : cases) {
    INFO(c.sensors);
    const FoundPlugins bad = read(c.sensors);
    CHECK(bad.plugins.empty());
    REQUIRE(bad.problems.size() == 1);
    INFO(bad.problems[0].text());
    CHECK(bad.problems[0].where.ends_with(std::string("line 11, key ") + c.key));
    CHECK(bad.problems[0].what.find(c.what) != std::string::npos);
    CHECK_FALSE(bad.problems[0].remedy.empty());
  }
}

TEST_CASE("an exercise says how often its channels have to send") {
  const std::string exercise = with("kind = \"driver\"", "kind = \"exercise\"")
                                   .substr(0, with("kind = \"driver\"", "kind = \"exercise\"").find("[device]"));
  const auto read = [&](const std::string& needs) {
    Folder folder;
    folder.put("x", exercise + "[exercise]\nneeds = " + needs + "\n");
    return folder.find();
  };
  const FoundPlugins good = read(
      "[ { channel = \"force\", rate_hz = 10, what = \"counting\" }, { channel = \"force\", rate_hz = 80.5, "
      "what = \"rate of force development\", figure = \"rfd_n_per_s\" } ]");
  CHECK(good.problems.empty());
  REQUIRE(good.plugins.size() == 1);
  REQUIRE(good.plugins[0].needs.size() == 2);
  CHECK(good.plugins[0].needs[0].rate_hz == 10);
  CHECK(good.plugins[0].needs[0].what == "counting");
  CHECK(good.plugins[0].needs[0].figure == "");
  CHECK(good.plugins[0].needs[1].rate_hz == 80.5);
  CHECK(good.plugins[0].needs[1].figure == "rfd_n_per_s");
  for (const char* wrong : {"7", "[ 7 ]", "[ { rate_hz = 10, what = \"x\" } ]", "[ { channel = \"force\", what = \"x\" } ]",
                            "[ { channel = \"force\", rate_hz = -1, what = \"x\" } ]",
                            "[ { channel = \"force\", rate_hz = \"ten\", what = \"x\" } ]"}) {
    INFO(wrong);
    const FoundPlugins bad = read(wrong);
    CHECK(bad.plugins.empty());
    REQUIRE_FALSE(bad.problems.empty());
    CHECK(bad.problems[0].where.find("exercise.needs") != std::string::npos);
    CHECK_FALSE(bad.problems[0].remedy.empty());
  }
}

TEST_CASE("an unknown key is a warning, not an end") {
  Folder folder;
  folder.put("x", with("name = \"X\"", "name = \"X\"\ncolour = \"red\""));
  const FoundPlugins found = folder.find();
  CHECK(found.plugins.size() == 1);
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].where.find("line 4, key plugin.colour") != std::string::npos);
}

TEST_CASE("two plugins with one id: the first is used, the second is told") {
  Folder folder;
  folder.put("a", kDriver);
  folder.put("b", kDriver);
  const FoundPlugins found = folder.find();
  REQUIRE(found.plugins.size() == 1);
  CHECK(found.plugins[0].folder == "a");
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].where.find("b/plugin.toml") != std::string::npos);
}

TEST_CASE("what other users could change is not loaded, and the sentence says which path and what to do") {
  Folder folder;
  folder.put("x", kDriver);
  const fs::path plugin = folder.path / "x";
  const auto problem = [&] {
    const FoundPlugins found = folder.find();
    CHECK(found.plugins.size() + found.problems.size() == 1);
    return found.problems.empty() ? "" : found.problems[0].text();
  };
  CHECK(problem() == "");
  for (const fs::path& path : {plugin / "x.so", plugin / "plugin.toml", plugin, folder.path}) {
    INFO(path);
    fs::permissions(path, fs::perms::others_write, fs::perm_options::add);
    CHECK(problem().rfind(path.string() + ": Every user of this machine may change it", 0) == 0);
    CHECK(problem().find("chmod o-w '" + path.string() + "'") != std::string::npos);
    fs::permissions(path, fs::perms::others_write, fs::perm_options::remove);
    CHECK(problem() == "");
  }
  // In a folder as /tmp is, what is ours stays ours.
  fs::permissions(folder.path, fs::perms::others_write | fs::perms::sticky_bit, fs::perm_options::add);
  CHECK(problem() == "");
}

TEST_CASE("a library that a symbolic link leads to is looked at where it lies") {
  Folder folder, elsewhere;
  folder.put("x", kDriver, "");
  std::ofstream(elsewhere.path / "x.so") << "x";
  fs::create_symlink(elsewhere.path / "x.so", folder.path / "x" / "x.so");
  CHECK(folder.find().plugins.size() == 1);
  fs::permissions(elsewhere.path, fs::perms::others_write, fs::perm_options::add);
  const FoundPlugins found = folder.find();
  CHECK(found.plugins.empty());
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].where == elsewhere.path.string());
}

TEST_CASE("a plugin of another user is not loaded") {
  if (geteuid() != 0) return;  // only root can give a file away
  Folder folder;
  folder.put("x", kDriver);
  for (const char* name : {"x.so", "plugin.toml", "."}) {
    const fs::path path = (folder.path / "x" / name).lexically_normal();
    REQUIRE(chown(path.c_str(), 54321, 54321) == 0);
    const FoundPlugins found = folder.find();
    INFO(path);
    CHECK(found.plugins.empty());
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].what.find("another user (number 54321)") != std::string::npos);
    CHECK(found.problems[0].remedy.find("chown root") != std::string::npos);
    REQUIRE(chown(path.c_str(), 0, 0) == 0);
  }
}

TEST_CASE("random damage to a manifest never ends the program") {
  unsigned state = 12345;
  const auto random = [&] { return state = state * 1664525u + 1013904223u, state >> 8; };
  for (int round = 0; round < 500; ++round) {
    Folder folder;
    std::string damaged = kDriver;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random() & 0xFF);
    folder.put("x", damaged);
    const FoundPlugins found = folder.find();
    CHECK(found.plugins.size() + found.problems.size() > 0);
  }
}

TEST_CASE("a folder that is not there is told") {
  const FoundPlugins found = find_plugins({"/nonexistent/plugins"});
  REQUIRE(found.problems.size() == 1);
  CHECK(!found.problems[0].remedy.empty());
}
