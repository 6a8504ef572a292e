// The tree keeps its laws; and a tree that breaks one is found out.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "include_law.hpp"
#include "snippets.hpp"
#include "support/catch.hpp"
#include "tree.hpp"
#include "wording.hpp"

namespace fs = std::filesystem;
using namespace patella::boundaries;

namespace {

std::string lines(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& line : list) text += line + "\n";
  return text;
}

/// A small tree of its own for one test.
struct TempTree {
  fs::path root = fs::temp_directory_path() / ("patella_boundaries_" + std::to_string(getpid()));
  TempTree() { fs::create_directories(root); }
  ~TempTree() { fs::remove_all(root); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  }
};

}  // namespace

TEST_CASE("every include of the tree keeps the law") {
  const auto broken = broken_includes(PATELLA_SOURCE_DIR);
  INFO(lines(broken));
  CHECK(broken.empty());
  CHECK(judged_includes(PATELLA_SOURCE_DIR) > 500);
}

TEST_CASE("no user reads a word that Patella does not say") {
  const auto found = forbidden_words(PATELLA_SOURCE_DIR);
  INFO(lines(found) << "If the word means something else there, add an exception with its reason to wording.cpp.");
  CHECK(found.empty());
}

TEST_CASE("text from outside is made JSON without an exception: no dump() without what replaces bytes that are no UTF-8") {
  std::vector<std::string> strict;
  std::size_t seen = 0;
  for (const SourceFile& file : read_tree(PATELLA_SOURCE_DIR, {"kiosk", "plugins/host"}, {".cpp", ".hpp"})) {
    if (file.path.ends_with("_test.cpp")) continue;
    for (std::size_t at = 0; (at = file.text.find("dump(", at)) != std::string::npos; ++at) {
      const char before = at > 0 ? file.text[at - 1] : ' ';
      if (before != '.' && before != '>') continue;
      ++seen;
      if (file.text.substr(at, file.text.find(';', at) - at).find("error_handler_t::replace") == std::string::npos)
        strict.push_back(file.path + ":" + std::to_string(line_of(file.text, at)));
    }
  }
  INFO(lines(strict));
  CHECK(strict.empty());
  CHECK(seen >= 5);
}

TEST_CASE("a wrong include is found, and a right one is not") {
  struct Row {
    const char* path;
    const char* include;
    bool broken;
  };
  const Row rows[] = {
      {"kiosk/ui/a.cpp", "\"session/snapshot.hpp\"", false},
      {"kiosk/ui/a.cpp", "\"store/store.hpp\"", true},
      {"kiosk/ui/a.cpp", "<imgui.h>", false},
      {"kiosk/session/a.cpp", "<imgui.h>", true},
      {"kiosk/session/a.cpp", "<thread>", true},
      {"kiosk/session/a.cpp", "<chrono>", true},
      {"kiosk/session/a.cpp", "<unistd.h>", true},
      {"kiosk/session/a.cpp", "<vector>", false},
      {"kiosk/session/a.cpp", "\"base/result.hpp\"", false},
      {"kiosk/session/a.cpp", "\"plugin_link/links.hpp\"", true},
      {"kiosk/ui/a.cpp", "<GLFW/glfw3.h>", true},
      {"kiosk/runtime/a.cpp", "<sqlite3.h>", true},
      {"kiosk/runtime/a.cpp", "\"ui/ui.hpp\"", true},
      {"kiosk/runtime/a.cpp", "\"window/window.hpp\"", true},
      {"kiosk/runtime/a.cpp", "\"cli/commands.hpp\"", true},
      {"kiosk/runtime/a.cpp", "<imgui.h>", true},
      {"kiosk/window/a.cpp", "<GLFW/glfw3.h>", false},
      {"kiosk/window/a.cpp", "\"runtime/engine.hpp\"", true},
      {"kiosk/window/a.cpp", "\"store/store.hpp\"", true},
      {"kiosk/cli/a.cpp", "\"runtime/engine.hpp\"", false},
      {"kiosk/cli/a.cpp", "\"window/window.hpp\"", true},
      {"kiosk/run_kiosk.cpp", "\"window/window.hpp\"", false},
      {"kiosk/main.cpp", "\"window/window.hpp\"", true},
      {"kiosk/other.cpp", "<vector>", true},
      {"kiosk/store/a.cpp", "<sqlite3.h>", false},
      {"kiosk/store/a.cpp", "<spdlog/spdlog.h>", true},
      {"kiosk/base/a.cpp", "<spdlog/spdlog.h>", false},
      {"kiosk/base/a.cpp", "\"session/session.hpp\"", true},
      {"kiosk/export/a.cpp", "<toml++/toml.h>", true},
      {"kiosk/runtime/a.cpp", "<boost/asio.hpp>", true},
      {"devices/transport/a.cpp", "<libusb.h>", false},
      {"devices/some_sensor/a.cpp", "<libusb.h>", true},
      {"devices/some_sensor/a.cpp", "<patella/sdk.hpp>", false},
      {"devices/some_sensor/a.cpp", "\"base/result.hpp\"", true},
      {"devices/some_sensor/a.cpp", "\"some_sensor/frame.hpp\"", false},
      {"devices/some_sensor/a.cpp", "\"other_sensor/frame.hpp\"", true},
      {"devices/some_sensor/a.cpp", "<fstream>", true},
      {"devices/emulator/some_model.cpp", "<mutex>", true},
      {"devices/emulator/runner.cpp", "<mutex>", false},
      {"plugins/some_exercise/a.cpp", "\"module_kit/time.hpp\"", false},
      {"plugins/some_exercise/a.cpp", "<random>", true},
      {"plugins/sdk/include/patella/a.hpp", "\"base/result.hpp\"", true},
      {"plugins/host/a.cpp", "\"transport/transport.hpp\"", false},
      {"plugins/host/a.cpp", "\"session/session.hpp\"", true},
      {"kiosk/config/a.cpp", "\"../base/result.hpp\"", true},
      {"kiosk/somewhere/a.cpp", "<vector>", true},
  };
  for (const Row& row : rows) {
    const TempTree tree;
    tree.write(row.path, std::string("// #include <not/this.hpp>\n  #  include ") + row.include + "\n");
    const auto broken = broken_includes(tree.root);
    INFO(row.path << " includes " << row.include << "\n" << lines(broken));
    CHECK(broken.size() == (row.broken ? 1 : 0));
    if (row.broken) CHECK(broken[0].starts_with(std::string(row.path) + ":2: "));
  }
}

TEST_CASE("tests may include what they need") {
  const TempTree tree;
  tree.write("kiosk/session/a_test.cpp", "#include <thread>\n#include \"store/store.hpp\"\n");
  CHECK(broken_includes(tree.root).empty());
}

TEST_CASE("a forbidden word is found in texts, not in comments or inside other words") {
  const TempTree tree;
  tree.write(
      "kiosk/ui/a.cpp",
      "// an alarm in a comment\n/* risk */ const char* a = \"Tell staff\"; // \"risk\"\nconst char q = '\"'; int risk = 1'000;\n"
      "const char* b = \"brisk \\\"Risk\\\" of asterisk\";\nconst char* c = R\"x(no\nDiagnosis)x\";\n");
  tree.write("config/a.toml", "# treatment\nname = \"heart monitor\"\n");
  tree.write("docs/a.md", "The safe limit.\n");
  const auto found = forbidden_words(tree.root);
  INFO(lines(found));
  CHECK(found == std::vector<std::string>{"config/a.toml:1: treatment", "docs/a.md:1: safe limit", "kiosk/ui/a.cpp:4: risk",
                                          "kiosk/ui/a.cpp:6: diagnosis"});
}

TEST_CASE("an exception that is not needed any more is told") {
  const TempTree tree;
  tree.write("plugins/check/forbidden.cpp", "const char* names[] = {\"sleep\"};\n");
  CHECK(forbidden_words(tree.root).size() == 1);
  tree.write("plugins/check/forbidden.cpp", "const char* names[] = {\"alarm\"};\n");
  CHECK(forbidden_words(tree.root).empty());
}

TEST_CASE("the code in the documents is the code in the files") {
  const Snippets here = compare_snippets(PATELLA_SOURCE_DIR);
  INFO(lines(here.wrong));
  CHECK(here.wrong.empty());
  CHECK(here.compared >= 8);

  const TempTree tree;
  tree.write("a/b.hpp", "int one = 1;\nint two = 2;\n");
  tree.write("docs/a.md",
             "```cpp a/b.hpp\nint two = 2;\n```\n```sh\nls\n```\n```cpp a/b.hpp\nint three = 3;\n```\n```cpp a/c.hpp\nint one = "
             "1;\n```\n");
  const Snippets there = compare_snippets(tree.root);
  CHECK(there.compared == 3);
  CHECK(there.wrong == std::vector<std::string>{"docs/a.md:7: this is not what stands in a/b.hpp",
                                                "docs/a.md:10: this is not what stands in a/c.hpp"});
}
