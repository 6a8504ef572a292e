// Files that the program makes: new ones, through no link, its owner's alone.
#include "base/new_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "base/files.hpp"
#include "base/log.hpp"
#include "support/catch.hpp"

using namespace patella;
namespace fs = std::filesystem;

namespace {
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "patella-files-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path operator/(const char* name) const { return path / name; }
  /// A file of somebody else, which nothing here may touch.
  fs::path precious() const {
    std::ofstream(path / "precious") << "keep me";
    return path / "precious";
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::string content_of(const fs::path& path) {
  const Result<std::string> content = read_file(path);
  REQUIRE(content.ok());
  return *content;
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777u;
}
}  // namespace

TEST_CASE("a new file is its owner's alone, whatever the mask allows, and nothing else is left") {
  Folder folder;
  const mode_t before = ::umask(0);
  const Status written = write_new_file(folder / "a.png", "picture");
  const Status saved = save_atomically(folder / "state", "one");
  ::umask(before);
  REQUIRE(written.ok());
  REQUIRE(saved.ok());
  CHECK(content_of(folder / "a.png") == "picture");
  for (const char* name : {"a.png", "state"}) CHECK(mode_of(folder / name) == 0600);
  CHECK(folder.entries() == 2);
}

TEST_CASE("a new file never takes the place of anything that is there") {
  Folder folder;
  const fs::path precious = folder.precious();
  fs::create_symlink(precious, folder / "link");
  fs::create_symlink(folder / "nowhere", folder / "dangling");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_directory(folder / "folder");
  const std::size_t before = folder.entries();
  for (const char* name : {"precious", "link", "dangling", "pipe", "folder"}) {
    INFO(name);
    const Status written = write_new_file(folder / name, "gone");
    REQUIRE_FALSE(written.ok());
    CHECK(written.error().text().find("exists already") != std::string::npos);
    CHECK(written.error().text().find(name) != std::string::npos);
  }
  CHECK(content_of(precious) == "keep me");
  CHECK_FALSE(fs::exists(folder / "nowhere"));
  CHECK(folder.entries() == before);
}

TEST_CASE("a name that is taken while the file is written is not overwritten") {
  Folder folder;
  {
    Result<NewFile> file = NewFile::make(folder / "a.csv");
    REQUIRE(file.ok());
    REQUIRE(file->write("mine"));
    std::ofstream(folder / "a.csv") << "theirs";
    CHECK_FALSE(file->finish(Existing::refuse).ok());
  }
  CHECK(content_of(folder / "a.csv") == "theirs");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is saved goes through no planted link and cuts no file") {
  Folder folder;
  const fs::path precious = folder.precious(), file = folder / "tke.toml";
  REQUIRE(save_atomically(file, "old").ok());
  fs::create_symlink(precious, file.string() + ".new");
  REQUIRE(save_atomically(file, "newer").ok());
  CHECK(content_of(precious) == "keep me");
  CHECK(content_of(file) == "newer");
  CHECK_FALSE(fs::is_symlink(file));
  fs::create_symlink(precious, folder / "own");
  REQUIRE(save_atomically(folder / "own", "own").ok());
  CHECK(content_of(precious) == "keep me");
  CHECK(content_of(folder / "own") == "own");
}

TEST_CASE("a pipe or a folder in place of a file is told, and not waited for") {
  Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto piped = read_file(folder / "pipe"), listed = read_file(folder.path);
  REQUIRE_FALSE(piped.ok());
  CHECK(piped.error().text().find("not a plain file") != std::string::npos);
  REQUIRE_FALSE(listed.ok());
  CHECK(listed.error().text().find("folder") != std::string::npos);
}

TEST_CASE("the log's files are their owner's alone and no link is followed") {
  Folder folder;
  const fs::path precious = folder.precious();
  fs::create_symlink(precious, folder / "linked.log");
  REQUIRE(::mkfifo((folder / "pipe.log").c_str(), 0600) == 0);
  const mode_t before = ::umask(0);
  for (const char* name : {"kiosk.log", "linked.log", "pipe.log"}) {
    Log log(LogLevel::error, folder / name);
    log.error("a line");
  }
  ::umask(before);
  CHECK(mode_of(folder / "kiosk.log") == 0600);
  CHECK(content_of(folder / "kiosk.log").find("a line") != std::string::npos);
  CHECK(content_of(precious) == "keep me");
}
