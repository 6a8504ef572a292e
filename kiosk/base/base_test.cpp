// Clock labels, ids, files, errors, file descriptors, log.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/new_file.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "support/catch.hpp"

using namespace patella;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "patella-base-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string content_of(const fs::path& path) {
  const auto content = read_file(path);
  REQUIRE(content.ok());
  return *content;
}

}  // namespace

TEST_CASE("UTC labels are those of the calendar, also before 1970 and at its ends") {
  CHECK(utc_text(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_text(1'795'168'800'000'000) == "2026-11-20T10:00:00Z");
  CHECK(utc_text(1'795'168'800'999'999) == "2026-11-20T10:00:00Z");
  CHECK(utc_text(951'782'400'000'000) == "2000-02-29T00:00:00Z");
  CHECK(utc_text(-1) == "1969-12-31T23:59:59Z");
  CHECK(utc_text(-1'000'000) == "1969-12-31T23:59:59Z");
}

TEST_CASE("a local label is UTC and the offset of its zone, over midnight too") {
  CHECK(local_text({1'795'168'800'000'000, 60}) == "2026-11-20 11:00:00");
  CHECK(local_text({1'795'168'800'000'000, -660}) == "2026-11-19 23:00:00");
  CHECK(local_text({1'795'168'800'000'000, 345}) == "2026-11-20 15:45:00");
}

TEST_CASE("the system's clock does not run backwards and its label is of this century") {
  const SystemClock clock;
  int64_t last = clock.now_us();
  for (int i = 0; i < 1000; ++i) {
    const int64_t now = clock.now_us();
    CHECK(now >= last);
    last = now;
  }
  CHECK(utc_text(clock.wall().utc_us).substr(0, 2) == "20");
  CHECK(std::abs(clock.wall().zone_offset_min) <= 14 * 60);
}

TEST_CASE("the zone is that of the moment: summer time, and a zone that was set while the program runs") {
  const char* before = std::getenv("TZ");
  const std::string old = before ? before : "";
  ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  const int64_t summer_us = 1'792'886'400'000'000;  // 2026-10-25T00:00:00Z, an hour before summer time ends
  const int64_t winter_us = summer_us + 3'600'000'000;
  CHECK(zone_offset_min_at(summer_us) == 120);
  CHECK(zone_offset_min_at(winter_us) == 60);
  CHECK(zone_offset_min_near({summer_us, 120}, winter_us) == 60);
  CHECK(local_text({winter_us, zone_offset_min_near({summer_us, 120}, winter_us)}) == "2026-10-25 02:00:00");
  CHECK(zone_offset_min_near({summer_us, -300}, winter_us) == -300);  // recorded elsewhere
  CHECK(std::abs(SystemClock().wall().zone_offset_min - 90) == 30);

  ::setenv("TZ", "UTC-9", 1);
  CHECK(SystemClock().wall().zone_offset_min == 540);
  before ? ::setenv("TZ", old.c_str(), 1) : ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("a UUIDv7 has the form, version and variant of RFC 9562 and begins with its milliseconds") {
  const std::string id = make_uuid7(0x0123'4567'89AB * int64_t{1000} + 999);
  REQUIRE(id.size() == 36);
  CHECK(id.substr(0, 13) == "01234567-89ab");
  CHECK(id[14] == '7');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    CHECK((id[i] == '-') == dash);
    if (!dash) CHECK(std::string("0123456789abcdef").find(id[i]) != std::string::npos);
  }
}

TEST_CASE("ids of one moment differ, and a later one sorts behind") {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(make_uuid7(1'795'168'800'000'000));
  CHECK(ids.size() == 10'000);
  CHECK(*ids.rbegin() < make_uuid7(1'795'168'800'001'000));
  std::set<uint64_t> seeds;
  for (int i = 0; i < 1000; ++i) seeds.insert(random_seed());
  CHECK(seeds.size() == 1000);
}

TEST_CASE("what is saved is read back, byte for byte") {
  Folder folder;
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  REQUIRE(save_atomically(folder / "a.bin", every_byte).ok());
  CHECK(content_of(folder / "a.bin") == every_byte);
  REQUIRE(save_atomically(folder / "empty", "").ok());
  CHECK(content_of(folder / "empty").empty());
}

TEST_CASE("a save that fails leaves the old file as it was and says where") {
  Folder folder;
  const fs::path path = folder / (std::string(245, 'a') + ".toml").c_str();
  std::ofstream(path) << "old";  // so long a name that the new file beside it cannot be made
  const Status status = save_atomically(path, "new");
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().where.find("a.toml") != std::string::npos);
  CHECK_FALSE(status.error().remedy.empty());
  CHECK(content_of(path) == "old");
}

TEST_CASE("a disk that takes no more is an error, and the old file stays") {
  Folder folder;
  const fs::path path = folder / "a.toml";
  REQUIRE(save_atomically(path, "old").ok());
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit none{1, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
  const Status status = save_atomically(path, "new");
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().what.find("cannot be written") != std::string::npos);
  CHECK(content_of(path) == "old");
}

TEST_CASE("files that cannot be read are told apart") {
  Folder folder;
  const auto missing = read_file(folder / "none");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().where == (folder / "none").string());
  CHECK(missing.error().what.find("opened") != std::string::npos);
  const auto a_folder = read_file(folder / ".");
  REQUIRE_FALSE(a_folder.ok());
  CHECK(a_folder.error().what.find("folder") != std::string::npos);
  REQUIRE(save_atomically(folder / "big", std::string(1000, 'x')).ok());
  CHECK(read_file(folder / "big", 1000).ok());
  const auto large = read_file(folder / "big", 999);
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().what.find("999") != std::string::npos);
}

TEST_CASE("an error reads as one line") {
  CHECK(Error{"is missing", "kiosk.toml", "Put it there"}.text() == "kiosk.toml: is missing. Put it there");
  CHECK(Error{"is missing", "", ""}.text() == "is missing");
  const Result<int> good = 7;
  const Result<int> bad = Error{"x", "", ""};
  CHECK(good.ok());
  CHECK(*good == 7);
  CHECK_FALSE(bad.ok());
  CHECK(bad.error().what == "x");
}

TEST_CASE("a descriptor is closed once, by its last owner") {
  UniqueFd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  REQUIRE(first);
  const int fd = first.get();
  UniqueFd second(std::move(first));
  CHECK_FALSE(first);
  CHECK(second.get() == fd);
  UniqueFd& same = second;
  second = std::move(same);
  CHECK(::fcntl(fd, F_GETFD) >= 0);
  second.reset();
  CHECK(::fcntl(fd, F_GETFD) == -1);
  UniqueFd third(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int released = third.release();
  CHECK_FALSE(third);
  CHECK(::close(released) == 0);
}

TEST_CASE("the log writes lines of its level and above into its file, from any thread") {
  Folder folder;
  const fs::path path = folder / "patella.log";
  {
    Log log(LogLevel::warning, path);
    log.info("not this one");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&log, i] {
        for (int n = 0; n < 10; ++n) log.warning("thread {} line {}", i, n);
      });
    for (std::thread& thread : threads) thread.join();
  }
  const std::string text = content_of(path);
  CHECK(text.find("not this one") == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 40);
  CHECK(text.find("warning thread 3 line 9") != std::string::npos);
}

TEST_CASE("a log without a possible file goes on without one") {
  Folder folder;
  REQUIRE(save_atomically(folder / "file", "x").ok());
  Log log(LogLevel::error, folder / "file/patella.log");
  log.error("still written to stderr");
  SUCCEED();
}
