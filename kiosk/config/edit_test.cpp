// A number that is put into a station's file changes that number and no other byte.
#include "config/edit.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <sstream>

#include "base/files.hpp"
#include "config/test_specs.hpp"
#include "config/toml.hpp"
#include "support/catch.hpp"
#include "support/plain_rights.hpp"

using namespace patella;
using namespace patella::config;
using namespace patella::config::test;

namespace fs = std::filesystem;

namespace {

using Edits = std::vector<ParamEdit>;

std::string changed(const std::string& text, const Edits& edits) {
  const Result<std::string> result = with_bind_params(text, edits);
  return result ? *result : "ERROR " + result.error().text();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Every value by its path, as text: an independent look at what a file says.
void flatten(const toml::node& node, const std::string& path, std::map<std::string, std::string>& into) {
  if (const toml::table* table = node.as_table()) {
    if (table->empty()) into[path] = "{}";
    for (const auto& [key, child] : *table) flatten(child, path + '.' + std::string(key.str()), into);
  } else if (const toml::array* array = node.as_array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      flatten(*array->get(i), path + '.' + std::to_string(i), into);
  } else {
    std::ostringstream value;
    node.visit([&](const auto& leaf) { value << static_cast<int>(leaf.type()) << ' ' << leaf; });
    into[path] = value.str();
  }
}

std::map<std::string, std::string> values_of(const std::string& text) {
  std::map<std::string, std::string> values;
  flatten(toml::parse(text), "", values);
  return values;
}

/// The same after an edit.
void expect(std::map<std::string, std::string>& values, const ParamEdit& edit) {
  const std::string bind = ".bind." + std::to_string(edit.bind);
  values.erase(bind);  // neither is empty any longer
  values.erase(bind + ".params");
  values[bind + ".params." + edit.param] =
      std::to_string(static_cast<int>(toml::node_type::integer)) + ' ' + std::to_string(edit.value);
}

}  // namespace

TEST_CASE("a number is changed or added where the file has its place, and nothing else") {
  struct Case {
    const char *name, *before;
    Edits edits;
    const char* after;
  };
  const Case cases[] = {
      {"inline, there", "[[bind]]\nparams = { a = 0, b = 2 } # why\n", {{0, "a", 12345}},
       "[[bind]]\nparams = { a = 12345, b = 2 } # why\n"},
      {"inline, negative and oddly spaced", "[[bind]]\nparams={a=-1 ,b = +2}\n", {{0, "a", 7}, {0, "b", -1}},
       "[[bind]]\nparams={a=7 ,b = -1}\n"},
      {"inline, hexadecimal and underscores", "[[bind]]\nparams = { a = 0x1F, b = 1_000 }\n",
       {{0, "a", 7}, {0, "b", 8}}, "[[bind]]\nparams = { a = 7, b = 8 }\n"},
      {"the same number is left as it is written", "[[bind]]\nparams = { a = 0x1F }\n", {{0, "a", 31}},
       "[[bind]]\nparams = { a = 0x1F }\n"},
      {"inline, not there", "[[bind]]\nparams = { a = 0 }\nport = \"\"\n", {{0, "b", 5}},
       "[[bind]]\nparams = { a = 0, b = 5 }\nport = \"\"\n"},
      {"inline, behind brackets in a text", "[[bind]]\nparams = { t = \"}#\\\"\", u = '\\', a = [1, [2]]}\n",
       {{0, "b", 5}}, "[[bind]]\nparams = { t = \"}#\\\"\", u = '\\', a = [1, [2]], b = 5}\n"},
      {"inline, empty", "[[bind]]\nparams = {}\n", {{0, "b", 5}}, "[[bind]]\nparams = { b = 5 }\n"},
      {"inline, a blank", "[[bind]]\nparams = { }\n", {{0, "b", 5}}, "[[bind]]\nparams = { b = 5 }\n"},
      {"letters of several bytes before it", "# é\n[[bind]]\nparams = { \"né\" = \"€ 😀\", a = 0 }\n",
       {{0, "a", 5}}, "# é\n[[bind]]\nparams = { \"né\" = \"€ 😀\", a = 5 }\n"},
      {"a byte order mark", "\xEF\xBB\xBF" "bind = [{ params = { a = 0 } }]\n", {{0, "a", 5}},
       "\xEF\xBB\xBF" "bind = [{ params = { a = 5 } }]\n"},
      {"a table, there", "[[bind]]\nport = \"\"\n\n[bind.params]\na = 0 # first\n\n[rules]\na = 0\n", {{0, "a", 5}},
       "[[bind]]\nport = \"\"\n\n[bind.params]\na = 5 # first\n\n[rules]\na = 0\n"},
      {"a table, not there", "[[bind]]\n  [bind.params]\n  a = 0 # x\n  # more\n\n[rules]\nb = 1\n", {{0, "b", 5}},
       "[[bind]]\n  [bind.params]\n  a = 0 # x\n  b = 5\n  # more\n\n[rules]\nb = 1\n"},
      {"a table, behind a value of many lines", "[[bind]]\n[bind.params]\na = [ 1, # ]\n\n 2 ]\nt = \"\"\"\n[x]\n\"\"\"\"\n# end\n",
       {{0, "b", 5}}, "[[bind]]\n[bind.params]\na = [ 1, # ]\n\n 2 ]\nt = \"\"\"\n[x]\n\"\"\"\"\nb = 5\n# end\n"},
      {"a table, empty", "[[bind]]\n[bind.params]\n\n[rules]\n", {{0, "b", 5}},
       "[[bind]]\n[bind.params]\nb = 5\n\n[rules]\n"},
      {"a table of its own far away", "[[bind]]\n[rules]\nx = 1\n[ bind . params ]\na = 0", {{0, "b", 5}},
       "[[bind]]\n[rules]\nx = 1\n[ bind . params ]\na = 0\nb = 5"},
      {"none", "[[bind]]\nchannel = \"x\" # the x\n# more\n\n[rules]\n", {{0, "b", 5}},
       "[[bind]]\nchannel = \"x\" # the x\nparams = { b = 5 }\n# more\n\n[rules]\n"},
      {"none, and another one after it", "[[bind]]\nchannel = \"x\"\n[[bind]]\nchannel = \"y\"\n", {{0, "b", 5}},
       "[[bind]]\nchannel = \"x\"\nparams = { b = 5 }\n[[bind]]\nchannel = \"y\"\n"},
      {"none, at an end without a line end", "[[bind]]\nchannel = \"x\"", {{0, "b", 5}},
       "[[bind]]\nchannel = \"x\"\nparams = { b = 5 }"},
      {"none, and the bind is empty", "[[bind]] # nothing yet", {{0, "b", 5}},
       "[[bind]] # nothing yet\nparams = { b = 5 }"},
      {"the second of two", "[[bind]]\nparams = { a = 0 }\n[[bind]]\nparams = { a = 0 }\n", {{1, "a", 5}},
       "[[bind]]\nparams = { a = 0 }\n[[bind]]\nparams = { a = 5 }\n"},
      {"dotted, there", "[[bind]]\nparams.a = 0 # é\n", {{0, "a", 5}}, "[[bind]]\nparams.a = 5 # é\n"},
      {"dotted, not there", "[[bind]]\nparams.a = 0\nport = \"\"\n[rules]\n", {{0, "b", 5}},
       "[[bind]]\nparams.a = 0\nport = \"\"\nparams.b = 5\n[rules]\n"},
      {"a list of tables in braces", "bind = [ { channel = \"x\", params = { a = 0 } },\n  { channel = \"y\" } ]\n",
       {{0, "a", 5}, {1, "a", 6}, {1, "b", 7}},
       "bind = [ { channel = \"x\", params = { a = 5 } },\n  { channel = \"y\", params = { a = 6, b = 7 } } ]\n"},
      {"dotted, in braces", "bind = [ { channel = \"x\", params.a = 0 } ]\n", {{0, "b", 5}},
       "bind = [ { channel = \"x\", params.a = 0, params.b = 5 } ]\n"},
      {"two for the same parameter: the last one", "[[bind]]\nparams = { a = 0 }\n", {{0, "a", 5}, {0, "a", 6}},
       "[[bind]]\nparams = { a = 6 }\n"},
      {"a value that is no number", "x = nan\n[[bind]]\nparams.a = 0\n", {{0, "a", 5}}, "x = nan\n[[bind]]\nparams.a = 5\n"},
      {"no edit", "[[bind]]\n", {}, "[[bind]]\n"}};
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(changed(c.before, c.edits) == c.after);
    const auto returns = [](const char* text) { return replaced(text, "\n", "\r\n"); };
    // An end without any line end says nothing of their kind.
    if (returns(c.before) != c.before) CHECK(changed(returns(c.before), c.edits) == returns(c.after));
  }
}

TEST_CASE("what cannot be changed is told with its key and what to do") {
  struct Case {
    const char* before;
    ParamEdit edit;
    const char* told;
  };
  const Case cases[] = {
      {"[[bind]]\nparams = { a = 0\n", {0, "a", 5}, "line 2: is not valid TOML: "},
      {"[[bind]]\nparams = { a = 0, \xFF = 1 }\n", {0, "a", 5}, "is not valid TOML"},
      {"", {0, "a", 5}, "key bind[1].params.a: there is no bind number 1; the file has 0. Start the kiosk again"},
      {"[[bind]]\n", {1, "a", 5}, "key bind[2].params.a: there is no bind number 2; the file has 1."},
      {"[bind]\n", {0, "a", 5}, "there is no bind number 1"},
      {"bind = [ 1 ]\n", {0, "a", 5}, "this bind is no table"},
      {"[[bind]]\nparams = 7\n", {0, "a", 5}, "params is no table"},
      {"[[bind]]\nparams = { a = \"0\" }\n", {0, "a", 5}, "has no whole number in the file. Correct it by hand"},
      {"[[bind]]\nparams = { a = 0.0 }\n", {0, "a", 5}, "has no whole number in the file"},
      {"[[bind]]\n", {0, "a = 1 #", 5}, "is no name of a parameter"},
      {"[[bind]]\ndriver = \"y\"\n", {0, "a", 5, BindMark{"x", "", ""}}, "this bind has driver \"y\", not driver \"x\". Start the kiosk again"},
      {"[[bind]]\ndriver = \"x\"\nserial = \"2\"\n", {0, "a", 5, BindMark{"x", "1", ""}},
       "this bind has driver \"x\", serial \"2\", not driver \"x\", serial \"1\". Start"},
      {"[[bind]]\ndriver = \"x\"\nport = \"usb-1\"\n", {0, "a", 5, BindMark{"x", "", ""}},
       "this bind has driver \"x\", port \"usb-1\", not driver \"x\". Start"},
      {"[[bind]]\ndriver = \"x\"\n", {0, "a", 5, BindMark{"x", "", "usb-1"}},
       "this bind has driver \"x\", not driver \"x\", port \"usb-1\". Start"},
      // A table below params without one of its own: the next key would go into that one.
      {"[[bind]]\n[bind.params.deep]\na = 0\n", {0, "b", 5},
       "key bind[1].params.b: could not be changed safely. Edit it by hand"}};
  for (const Case& c : cases) {
    INFO(c.before);
    const std::string text = changed(c.before, {c.edit});
    INFO(text);
    CHECK(text.starts_with("ERROR "));
    CHECK(text.find(c.told) != std::string::npos);
  }
  const std::string one = "[[bind]]\ndriver = \"x\"\nserial = \"1\"\nport = \"usb-1\"\n";
  const Edits fits = {{0, "a", 5, BindMark{"x", "1", "usb-1"}}}, any = {{0, "a", 5}};
  CHECK(changed(one, fits) == one + "params = { a = 5 }\n");
  CHECK(changed(one, any) == changed(one, fits));
}

namespace {

using Random = std::mt19937;
std::size_t below(Random& random, std::size_t count) { return random() % count; }

/// Some binds of a station with parameters, each written in another way; every such line has "params" or "keep".
std::string dressed(const std::string& text, Random& random) {
  std::string out;
  const std::string number = std::to_string(below(random, 70000));
  for (const std::string& line : lines_of(text)) {
    out += line + '\n';
    if (!line.starts_with("driver =")) continue;
    switch (below(random, 6)) {
      case 0: out += "params = { speed = " + number + ", power=-1 } # keep\n"; break;
      case 1: out += "params = {} # keep é\n"; break;
      case 2: out += "params.speed = " + number + " # keep\n\n"; break;
      case 3: out += "  [bind.params] # keep\n  speed = " + number + " # keep { [\n"; break;
      default: break;
    }
  }
  if (below(random, 4) == 0) out.pop_back();
  return below(random, 3) == 0 ? replaced(out, "\n", "\r\n") : out;
}

/// The lines that say nothing of parameters; a line end of the very last one is not looked at.
std::vector<std::string> other_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::string line : lines_of(text)) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.find("params") == std::string::npos && line.find("keep") == std::string::npos &&
        line.find("power = ") == std::string::npos && line.find("strap = ") == std::string::npos &&
        line.find("speed = ") == std::string::npos)
      lines.push_back(line);
  }
  return lines;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

std::vector<fs::path> shipped_stations() {
  std::vector<fs::path> files;
  for (const char* folder : {"/config/stations", "/config/demo/stations"})
    for (const auto& entry : fs::directory_iterator(std::string(PATELLA_SOURCE_DIR) + folder))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("random edits of the shipped stations change the edited values only") {
  Random random(20261002);
  const char* const keys[] = {"speed", "power", "strap"};
  int edited = 0;
  for (const fs::path& file : shipped_stations()) {
    const Result<std::string> shipped = read_file(file);
    REQUIRE(shipped.ok());
    for (int round = 0; round < 60; ++round) {
      const std::string before = round == 0 ? *shipped : dressed(*shipped, random);
      const std::size_t binds = count_of(before, "[[bind]]");
      REQUIRE(binds > 0);
      Edits edits;
      std::map<std::string, std::string> expected = values_of(before);
      for (std::size_t i = 0; i <= below(random, 4); ++i) {
        edits.push_back({below(random, binds), keys[below(random, 3)], static_cast<int64_t>(below(random, 65537)) - 1});
        expect(expected, edits.back());
      }
      INFO(file << " round " << round << "\n" << before);
      const std::string after = changed(before, edits);
      INFO("became\n" << after);
      REQUIRE_FALSE(after.starts_with("ERROR"));
      CHECK(values_of(after) == expected);
      CHECK(other_lines(after) == other_lines(before));
      CHECK(count_of(after, "# keep") == count_of(before, "# keep"));
      if (before.find('\r') != std::string::npos) CHECK(count_of(after, "\r\n") == count_of(after, "\n"));
      else CHECK(after.find('\r') == std::string::npos);
      edited += after != before;
    }
  }
  CHECK(edited > 300);
}

TEST_CASE("a damaged file is refused or changed in that one value, and never ends the program") {
  Random random(7);
  const std::string good =
      "id = \"x\"\n[[bind]]\ndriver = \"a\"\nparams = { t = \"}\", a = 0 }\n[[bind]]\n[bind.params]\na = [1,\n2]\nb = '''\n'''\n";
  const std::string marks = "{}[]\"'#\\\n\r=.,- 0ax\xC3\xA9";
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = good;
    for (std::size_t i = 0; i <= below(random, 3); ++i) text[below(random, text.size())] = marks[below(random, marks.size())];
    const ParamEdit edit{below(random, 2), below(random, 2) ? "a" : "c", 12345};
    const Result<std::string> result = with_bind_params(text, {&edit, 1});
    if (!result) {
      ++refused;
      CHECK_FALSE(result.error().remedy.empty());
      continue;
    }
    INFO(text << "became\n" << *result);
    auto expected = values_of(text);
    expect(expected, edit);
    CHECK(values_of(*result) == expected);
  }
  CHECK(refused > 100);
  CHECK(refused < 3900);
}

namespace {

Status edit_station(const fs::path& config_folder, const std::string& id, const Edits& edits) {
  const StationEdit one{id, edits};
  return edit_stations(config_folder, {&one, 1});
}

}  // namespace

TEST_CASE("a station's file is saved with the version before it kept") {
  Folder folder;
  write_good_files(folder);
  const std::string before = folder.read("stations/ride.toml");
  fs::permissions(folder.path() / "stations/ride.toml", fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read);
  const Edits edits = {{0, "wheel", 5, BindMark{"bike", "", ""}}};
  REQUIRE(edit_station(folder.path(), "ride", edits).ok());
  const std::string after = folder.read("stations/ride.toml");
  CHECK(after == replaced(before, "driver = \"bike\"\n", "driver = \"bike\"\nparams = { wheel = 5 }\n"));
  CHECK(folder.read("stations/ride.toml.previous") == before);
  CHECK_FALSE(fs::exists(folder.path() / "stations/ride.toml.new"));
  CHECK(fs::status(folder.path() / "stations/ride.toml").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read));
  // What is so already is not written once more: the version before stays the one before.
  REQUIRE(edit_station(folder.path(), "ride", edits).ok());
  CHECK(folder.read("stations/ride.toml.previous") == before);
}

TEST_CASE("a station's file that is a link stays one") {
  Folder folder;
  write_good_files(folder);
  fs::rename(folder.path() / "stations/ride.toml", folder.path() / "elsewhere.toml");
  fs::create_symlink("../elsewhere.toml", folder.path() / "stations/ride.toml");
  REQUIRE(edit_station(folder.path(), "ride", Edits{{0, "wheel", 5}}).ok());
  CHECK(fs::is_symlink(folder.path() / "stations/ride.toml"));
  CHECK(folder.read("elsewhere.toml").find("params = { wheel = 5 }") != std::string::npos);
}

namespace {
/// Nobody, not even root, can make a new file beside it: its name is as long as a name may be. What it is called now.
fs::path make_unsavable(const fs::path& file) {
  const fs::path longest = file.parent_path() / std::string(250, 'x');
  fs::rename(file, longest);
  fs::create_symlink(longest.filename(), file);
  return longest;
}
}  // namespace

TEST_CASE("a station that cannot be changed or saved is told with its file, and stays as it was") {
  Folder folder;
  write_good_files(folder);
  const std::string before = folder.read("stations/ride.toml");
  const auto told = [&](const std::string& id, std::size_t bind) {
    const Status status = edit_station(folder.path(), id, Edits{{bind, "wheel", 5}});
    return status ? "" : status.error().text();
  };
  CHECK(told("ride", 1).starts_with("stations/ride.toml, key bind[2].params.wheel: there is no bind number 2"));
  CHECK(told("rode", 0).starts_with("stations/rode.toml: is missing"));
  CHECK(told("../kiosk", 0).find("is no id of a station") != std::string::npos);
  folder.write("stations/rode.toml", "id = \n");
  CHECK(told("rode", 0).starts_with("stations/rode.toml, line 1: is not valid TOML"));
  REQUIRE(mkfifo((folder.path() / "stations/pipe.toml").c_str(), 0600) == 0);
  CHECK(told("pipe", 0).find("no plain file") != std::string::npos);

  const fs::path back = make_unsavable(folder.path() / "stations/ride.toml");
  CHECK(told("ride", 0).find("cannot be made: File name too long") != std::string::npos);
  CHECK(folder.read("stations/ride.toml") == before);
  fs::rename(back, folder.path() / "stations/ride.toml");

  fs::permissions(folder.path() / "stations", fs::perms::owner_read | fs::perms::owner_exec);
  const std::string text = [&] {
    const PlainRights plain;
    return told("ride", 0);
  }();
  fs::permissions(folder.path() / "stations", fs::perms::owner_all);
  CHECK(text.find("Permission denied. Make the folder writable for this user") != std::string::npos);
  CHECK(folder.read("stations/ride.toml") == before);
}

namespace {

/// Two stations with one sensor, whose number is 12345 in both.
struct TwoStations {
  TwoStations() {
    write_good_files(folder);
    for (const char* name : {"ride", "curl"}) folder.write(file(name), text(name, 12345));
  }
  static std::string file(const std::string& name) { return "stations/" + name + ".toml"; }
  static std::string text(const std::string& name, int number) {
    const std::string filler = name == "curl" ? "# " + std::string(6000, '.') + "\n" : "";
    return "id = \"" + name + "\"\n[[bind]]\ndriver = \"stick\"\nparams = { number = " + std::to_string(number) + " }\n" + filler;
  }
  bool has(const std::string& name, int number) const { return folder.read(file(name)) == text(name, number); }
  Status edit(const std::string& second = "curl") const {
    const Edits edits = {{0, "number", 5, BindMark{"stick", "", ""}}};
    return edit_stations(folder.path(), std::vector<StationEdit>{{"ride", edits}, {second, edits}});
  }
  std::string told(const std::string& second = "curl") const {
    const Status status = edit(second);
    return status ? "" : status.error().text();
  }
  Folder folder;
};

/// A disk that takes no file above so many bytes, for everybody, root too.
class LargestFile {
 public:
  explicit LargestFile(rlim_t bytes) : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~LargestFile() {
    setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_);
  }
  LargestFile(const LargestFile&) = delete;
  LargestFile& operator=(const LargestFile&) = delete;

 private:
  void (*signal_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("a number for two stations is in both files, each with the version before it") {
  TwoStations two;
  REQUIRE(two.edit().ok());
  for (const char* name : {"ride", "curl"}) {
    CHECK(two.has(name, 5));
    CHECK(two.folder.read(two.file(name) + ".previous") == two.text(name, 12345));
  }
  REQUIRE(edit_stations(two.folder.path(), {}).ok());
}

TEST_CASE("nothing is saved while one of the files cannot be changed") {
  TwoStations two;
  two.folder.write("stations/broken.toml", "id = \n");
  two.folder.write("stations/other.toml", "id = \"other\"\n[[bind]]\ndriver = \"stick\"\nserial = \"2\"\n");
  CHECK(two.told("missing").starts_with("stations/missing.toml: is missing"));
  CHECK(two.told("broken").starts_with("stations/broken.toml, line 1: is not valid TOML"));
  CHECK(two.told("other").starts_with("stations/other.toml, key bind[1].params.number: this bind has driver"));
  CHECK(two.told("../ride").find("is no id of a station") != std::string::npos);
  CHECK(two.has("ride", 12345));
  CHECK_FALSE(fs::exists(two.folder.path() / "stations/ride.toml.previous"));
}

TEST_CASE("two stations that are links to one file are both changed in it") {
  TwoStations two;
  two.folder.write("stations/ride.toml", two.text("ride", 12345) + "[[bind]]\ndriver = \"stick\"\nparams = { number = 7 }\n");
  fs::create_symlink("ride.toml", two.folder.path() / "stations/again.toml");
  const std::vector<StationEdit> edits = {{"ride", {{0, "number", 5}}}, {"again", {{1, "number", 6}}}};
  REQUIRE(edit_stations(two.folder.path(), edits).ok());
  CHECK(two.folder.read("stations/ride.toml") == two.text("ride", 5) + "[[bind]]\ndriver = \"stick\"\nparams = { number = 6 }\n");
}

TEST_CASE("when the second file cannot be saved the first gets its old text back, and that is told") {
  TwoStations two;
  const fs::path back = make_unsavable(two.folder.path() / "stations/curl.toml");
  for (const bool kept : {true, false}) {
    INFO("the version before is kept: " << kept);
    // Where it cannot be kept beside the file the old text is written anew.
    if (!kept) fs::create_directories(two.folder.path() / "stations/ride.toml.previous/full");
    const std::string text = two.told();
    CHECK(text.find("cannot be made: File name too long") != std::string::npos);
    CHECK(text.find("; stations/ride.toml has its old text again. Check the folder") != std::string::npos);
    CHECK(two.has("ride", 12345));
    CHECK(two.has("curl", 12345));
  }
  fs::rename(back, two.folder.path() / "stations/curl.toml");
  REQUIRE(two.edit().ok());
  CHECK(two.has("ride", 5));
  CHECK(two.has("curl", 5));
}

TEST_CASE("a disk without room for the second file, and none for the old text either") {
  TwoStations two;
  const auto told_with_little_room = [&] {
    const LargestFile limit(two.text("ride", 5).size());
    return two.told();
  };
  // The version kept needs no room to be taken back.
  std::string text = told_with_little_room();
  CHECK(text.find("curl.toml: cannot be written") != std::string::npos);
  CHECK(text.find("; stations/ride.toml has its old text again.") != std::string::npos);
  CHECK(two.has("ride", 12345));
  CHECK(two.has("curl", 12345));

  fs::create_directories(two.folder.path() / "stations/ride.toml.previous/full");
  text = told_with_little_room();
  CHECK(text.find("; stations/ride.toml has the new number and could not be put back (cannot be written") != std::string::npos);
  CHECK(text.find("the same number by hand") != std::string::npos);
  CHECK(two.has("ride", 5));
  CHECK(two.has("curl", 12345));
}
