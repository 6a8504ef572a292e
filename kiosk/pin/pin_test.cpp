#include "pin/pin.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "support/catch.hpp"

using namespace patella;
using namespace patella::pin;
namespace fs = std::filesystem;

namespace {
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "patella-pin-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path path;
};

/// A variable of the environment, as it was before at the end.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_.empty() ? nullptr : before_.c_str()); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const char* value) { value ? setenv(name_, value, 1) : unsetenv(name_); }
  const char* name_;
  std::string before_;
};

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& text, mode_t mode = 0600) {
  std::ofstream(file, std::ios::binary) << text;
  REQUIRE(chmod(file.c_str(), mode) == 0);
}

mode_t mode(const fs::path& file) {
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  return status.st_mode & 07777u;
}

Pepper pepper(const fs::path& folder) {
  auto made = Pepper::load_or_make(folder);
  if (!made) FAIL(made.error().text());
  return std::move(*made);
}

const std::string kDigits = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
}  // namespace

TEST_CASE("a PIN has 6 to 12 digits and is not the first that anybody tries") {
  for (const char* fine : {"135790", "112233", "123457", "987650", "102030405060", "123456788", "000001"})
    CHECK(acceptable(fine).ok());
  for (const char* wrong : {"", "1", "13579", "1357924680135", "13579o", "１３５７９０", "1357 9", "-13579", "13579\n", "000000",
                            "111111111111", "123456", "345678", "0123456789", "987654", "543210", "789012", "210987"}) {
    const Status status = acceptable(wrong);
    CHECK_FALSE(status.ok());
    if (!status) {
      CHECK(status.error().text().find("PIN") != std::string::npos);
      const std::string typed = wrong;  // what was typed is never said again
      if (typed.size() > 2) CHECK(status.error().text().find(typed) == std::string::npos);
    }
  }
}

TEST_CASE("a PIN matches its hash under its pepper, and nothing else does") {
  const Variable none("CREDENTIALS_DIRECTORY", nullptr);
  const Folder here, elsewhere;
  const Pepper mine = pepper(here.path), other = pepper(elsewhere.path);
  const auto stored = hash("135790", mine);
  REQUIRE(stored.ok());
  CHECK(stored->find("$argon2id$v=19$m=65536,t=3,p=1$") == 16);
  CHECK(matches(*stored, "135790", mine));
  CHECK_FALSE(matches(*stored, "135791", mine));
  CHECK_FALSE(matches(*stored, "", mine));
  CHECK_FALSE(matches(*stored, "135790", other));
  CHECK(made_with(*stored, mine));
  CHECK_FALSE(made_with(*stored, other));

  const auto again = hash("135790", mine);
  REQUIRE(again.ok());
  CHECK(*again != *stored);  // each has its own salt: equal PINs do not show
  CHECK_FALSE(matches(hash("135790", other)->replace(0, 16, *stored, 0, 16), "135790", mine));
  for (const std::string& broken :
       {std::string(), stored->substr(16), stored->substr(0, 16), stored->substr(0, 60), std::string("x")})
    CHECK_FALSE(matches(broken, "135790", mine));
}

TEST_CASE("the pepper is made once, for its owner alone, and is the same at the next start") {
  const Variable none("CREDENTIALS_DIRECTORY", nullptr);
  const Folder folder;
  const auto file = folder.path / "pepper";
  const auto missing = Pepper::load(folder.path);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().text().find("patella staff add") != std::string::npos);
  CHECK_FALSE(fs::exists(file));

  write(folder.path / "pepper.new", "what somebody put there", 0644);
  const mode_t before = umask(0);
  Pepper first = pepper(folder.path);
  umask(before);
  CHECK(mode(file) == 0600);
  CHECK(content(file).size() == 65);
  CHECK(content(folder.path / "pepper.new") == "what somebody put there");  // the new file has a name that nobody can guess
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
  const std::string text = content(file);
  const Pepper second = pepper(folder.path);
  CHECK(content(file) == text);
  CHECK(first.mac("a") == second.mac("a"));
  CHECK(first.mac("a") != second.mac("b"));

  const Pepper moved = std::move(first);
  CHECK(moved.mac("a") == second.mac("a"));
  CHECK(first.mac("a") != second.mac("a"));  // nothing of it stays behind

  const Folder elsewhere;
  CHECK(pepper(elsewhere.path).mac("a") != second.mac("a"));
}

TEST_CASE("a pepper that is not whole or that others may read is refused and left alone") {
  const Variable none("CREDENTIALS_DIRECTORY", nullptr);
  const Folder folder;
  const auto file = folder.path / "pepper";
  for (const std::string& wrong :
       {std::string(), kDigits.substr(1), kDigits + "0", kDigits + "\n\n", kDigits.substr(1) + "x", kDigits.substr(2) + "\n"}) {
    write(file, wrong);
    for (const auto& refused : {Pepper::load(folder.path).ok(), Pepper::load_or_make(folder.path).ok()}) CHECK_FALSE(refused);
    CHECK(content(file) == wrong);
  }
  for (const mode_t open : {0640, 0604, 0620, 0610, 0601}) {
    write(file, kDigits, open);
    const auto refused = Pepper::load_or_make(folder.path);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().text().find("chmod 600") != std::string::npos);
    CHECK(refused.error().text().find(kDigits) == std::string::npos);
  }
  write(file, kDigits + "\n", 0400);
  CHECK(Pepper::load(folder.path).ok());
  fs::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK_FALSE(Pepper::load(folder.path).ok());
  fs::remove(file);
  fs::create_directory(file);
  CHECK_FALSE(Pepper::load_or_make(folder.path).ok());
  CHECK_FALSE(Pepper::load_or_make(folder.path / "no such folder").ok());
}

TEST_CASE("what systemd hands over goes before the file, and nothing is made beside it") {
  const Folder state, credentials;
  const auto given = credentials.path / "patella-pepper";
  Pepper own = [&] {
    const Variable none("CREDENTIALS_DIRECTORY", nullptr);
    return pepper(state.path);
  }();
  const Variable set("CREDENTIALS_DIRECTORY", credentials.path.c_str());
  CHECK(Pepper::load(state.path)->mac("a") == own.mac("a"));  // the folder has credentials for something else only
  write(given, kDigits, 0440);
  CHECK(Pepper::load(state.path)->mac("a") != own.mac("a"));
  fs::remove(state.path / "pepper");
  CHECK(Pepper::load_or_make(state.path).ok());
  CHECK(fs::is_empty(state.path));
  write(given, kDigits, 0444);
  CHECK_FALSE(Pepper::load(state.path).ok());
  write(given, "short", 0400);
  CHECK_FALSE(Pepper::load_or_make(state.path).ok());
  CHECK(fs::is_empty(state.path));
}
