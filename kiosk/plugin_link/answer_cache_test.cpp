// What plugins said is not asked again while nothing has changed, and asked again whenever something might have.
#include "plugin_link/answer_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "plugin_link/plugin_info.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::plugin_link;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

int64_t changed_ns(const fs::path& file) {
  struct stat found {};
  REQUIRE(stat(file.c_str(), &found) == 0);
  return static_cast<int64_t>(found.st_ctim.tv_sec) * 1'000'000'000 + found.st_ctim.tv_nsec;
}

constexpr const char* kTables =
    R"({"kind":"exercise","id":"org.example.sit","name":"Sit","version":"1.0.0","abi_major":1,"abi_minor":1,"describes_dose":true,
        "channels":[{"key":"force","label":"Force","unit":"N"}],"params":[],"metrics":[],"reasons":[]})";

/// A plugin that is never loaded, and a host program that prints what lies in a file and counts how often it was asked.
struct Folder {
  fs::path root = fs::temp_directory_path() / ("patella_answers_" + std::to_string(getpid()));
  fs::path file = root / "known", host = root / "host", library = root / "plugins/sit/sit.so";

  Folder() {
    fs::remove_all(root);
    fs::create_directories(library.parent_path());
    fs::permissions(root, fs::perms::owner_all);
    std::ofstream(library) << "library";
    std::ofstream(library.parent_path() / "plugin.toml")
        << "[plugin]\nid = \"org.example.sit\"\nname = \"Sit\"\nversion = \"1.0.0\"\nkind = \"exercise\"\nabi = \"1.1\"\nlibrary "
           "= \"sit.so\"\n";
    std::ofstream(host) << "#!/bin/sh\necho asked >> " << (root / "asked").string() << "\nexec /bin/cat "
                        << (root / "printed").string() << "\n";
    fs::permissions(host, fs::perms::owner_all);
    print(kTables);
  }
  ~Folder() { fs::remove_all(root); }

  void print(const std::string& text) const { std::ofstream(root / "printed") << text; }
  std::size_t asked() const {
    const std::string lines = content_of(root / "asked");
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  }
  AnswerCache cache() const { return {file, host, 0}; }
  Manifest manifest() const {
    const FoundPlugins found = find_plugins({root / "plugins"});
    REQUIRE(found.plugins.size() == 1);
    return found.plugins.front();
  }
  /// As a start of the kiosk does it: from the file, and back into it.
  Result<PluginInfo> describe_once() const {
    AnswerCache cache(file, host, 0);
    Result<PluginInfo> info = describe(host, manifest(), &cache);
    REQUIRE(cache.save());
    return info;
  }
  /// The library written again with the same length, under the same number, with the times of before.
  void rewrite_library_unseen() const {
    struct stat before {};
    REQUIRE(stat(library.c_str(), &before) == 0);
    const int64_t changed = changed_ns(library);
    do {  // until the kernel's clock has moved on
      const int fd = open(library.c_str(), O_WRONLY);
      REQUIRE(write(fd, "LIBRARY", 7) == 7);
      const timespec times[2] = {before.st_atim, before.st_mtim};
      REQUIRE(futimens(fd, times) == 0);
      close(fd);
    } while (changed_ns(library) == changed);
  }
};

}  // namespace

TEST_CASE("a plugin that is unchanged is asked once, however often the kiosk starts") {
  const Folder folder;
  for (int start = 0; start < 3; ++start) {
    const auto info = folder.describe_once();
    REQUIRE(info.ok());
    CHECK(info->name == "Sit");
    CHECK(info->channels.size() == 1);
    CHECK(folder.asked() == 1);
  }
  AnswerCache cache = folder.cache();
  const auto info = describe(folder.host, folder.manifest(), &cache);
  folder.print(R"(["10 times"])");
  for (int i = 0; i < 2; ++i) {
    const auto doses = describe_doses(folder.host, *info, {params::Values{}}, &cache);
    REQUIRE(doses.ok());
    CHECK(*doses == std::vector<std::vector<std::string>>{{"10 times"}});
  }
  CHECK(folder.asked() == 2);
  folder.print(R"(["12 times"])");
  CHECK(describe_doses(folder.host, *info, {params::Values{{"reps", -1, 12, {}}}}, &cache)->front().front() == "12 times");
  CHECK(folder.asked() == 3);  // other values are another question
}

TEST_CASE("whatever could make a plugin say something else makes it asked again") {
  const Folder folder;
  REQUIRE(folder.describe_once().ok());
  SECTION("the library, though its length and its time are as before") { folder.rewrite_library_unseen(); }
  SECTION("another library in its place") {
    std::ofstream(folder.root / "new") << "library";
    fs::rename(folder.root / "new", folder.library);
  }
  SECTION("a file beside it") { std::ofstream(folder.library.parent_path() / "libhelp.so") << "help"; }
  SECTION("a file below it") {
    fs::create_directories(folder.library.parent_path() / "data");
    std::ofstream(folder.library.parent_path() / "data/table") << "help";
  }
  SECTION("the host program") { std::ofstream(folder.host, std::ios::app) << "# of another version\n"; }
  CHECK(folder.describe_once().ok());
  CHECK(folder.asked() == 2);
  CHECK(folder.describe_once().ok());
  CHECK(folder.asked() == 2);
}

TEST_CASE("of what has just changed nothing is kept: it could change again unseen") {
  const Folder folder;
  AnswerCache cache(folder.file, folder.host);
  CHECK(cache.mark_of(folder.library).empty());
  CHECK_FALSE(folder.cache().mark_of(folder.library).empty());
  cache.keep({"--describe", folder.library, ""}, "", kTables);
  REQUIRE(cache.save());
  CHECK_FALSE(fs::exists(folder.file));
}

TEST_CASE("a folder with more files than a plugin has is asked each time") {
  const Folder folder;
  for (int i = 0; i < 600; ++i) std::ofstream(folder.library.parent_path() / std::to_string(i)) << "";
  CHECK(folder.cache().mark_of(folder.library).empty());
}

TEST_CASE("what is kept is judged as what a child prints, and made again when it is wrong") {
  const Folder folder;
  const AnswerCache::Question question{"--describe", folder.library, ""};
  for (const char* wrong : {"", "[", "[]", "null", "{}", R"({"kind":"driver","id":"org.example.sit"})",
                            R"({"kind":"exercise","id":"org.example.sit","version":"1.0.0","abi_major":1,"abi_minor":1,
                                "params":[{"type":77,"key":"reps"}]})"}) {
    AnswerCache forged = folder.cache();
    forged.keep(question, forged.mark_of(folder.library), wrong);
    REQUIRE(forged.save());
    const std::size_t before = folder.asked();
    const auto info = folder.describe_once();
    INFO(wrong);
    REQUIRE(info.ok());
    CHECK(info->name == "Sit");
    CHECK(folder.asked() == before + 1);
    CHECK(folder.describe_once().ok());
    CHECK(folder.asked() == before + 1);
  }
}

TEST_CASE("what is found wrong is not kept, nor what ends with an error") {
  const Folder folder;
  folder.print("no tables");
  CHECK_FALSE(folder.describe_once().ok());
  CHECK_FALSE(folder.describe_once().ok());
  CHECK(folder.asked() == 2);
  folder.print(kTables);
  CHECK(folder.describe_once().ok());
}

TEST_CASE("a plugin that others could change is not used, whatever is known of it") {
  const Folder folder;
  REQUIRE(folder.describe_once().ok());
  REQUIRE(chmod(folder.library.c_str(), 0666) == 0);
  const FoundPlugins found = find_plugins({folder.root / "plugins"});
  CHECK(found.plugins.empty());
  CHECK(found.problems.size() == 1);
}

TEST_CASE("a file that is cut off or damaged anywhere, or is not the kiosk's alone, counts as empty") {
  const Folder folder;
  REQUIRE(folder.describe_once().ok());
  const AnswerCache::Question question{"--describe", folder.library, ""};
  const std::string whole = content_of(folder.file);
  const auto known = [&] {
    AnswerCache cache = folder.cache();
    return cache.find(question, cache.mark_of(folder.library));
  };
  const auto put = [&](const std::string& text) { std::ofstream(folder.file, std::ios::binary | std::ios::trunc) << text; };
  REQUIRE(known() == kTables);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(whole.substr(0, length));
    CHECK_FALSE(known());
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    put(damaged);
    CHECK_FALSE(known());
  }
  put(whole);
  CHECK(known() == kTables);
  REQUIRE(chmod(folder.file.c_str(), 0620) == 0);
  CHECK_FALSE(known());
  REQUIRE(chmod(folder.file.c_str(), 0600) == 0);
  fs::rename(folder.file, folder.root / "elsewhere");
  fs::create_symlink(folder.root / "elsewhere", folder.file);
  CHECK_FALSE(known());
  fs::remove(folder.file);
  REQUIRE(mkfifo(folder.file.c_str(), 0600) == 0);
  CHECK_FALSE(known());  // and does not wait for anybody
}

TEST_CASE("what no plugin is asked any more is forgotten") {
  const Folder folder;
  AnswerCache first = folder.cache();
  const std::string mark = first.mark_of(folder.library);
  first.keep({"--describe", folder.library, ""}, mark, "one");
  first.keep({"--dose", folder.library, "[]"}, mark, "two");
  REQUIRE(first.save());
  AnswerCache second = folder.cache();
  CHECK(second.find({"--dose", folder.library, "[]"}, mark) == "two");
  REQUIRE(second.save());
  AnswerCache third = folder.cache();
  CHECK_FALSE(third.find({"--describe", folder.library, ""}, mark));
  CHECK(third.find({"--dose", folder.library, "[]"}, mark) == "two");
}
