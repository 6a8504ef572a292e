// kill -9 of a recording process, again and again, on a real file.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.hpp"
#include "store/store.hpp"
#include "support/catch.hpp"
#include "workload.hpp"

using namespace patella;
using namespace patella::test;
using store::Store;

namespace {
constexpr std::size_t kCommits = 300;

struct Promise {
  uint32_t records = 0, events = 0, ended = 0;
};

/// The child: records for as long as it lives, and says what was acknowledged.
[[noreturn]] void record(const std::filesystem::path& path, const Script& script, int out) {
  Result<Store::Opened> opened = Store::open(path);
  if (!opened) _exit(2);
  Store& store = *opened->store;
  if (!store.begin_session(head(script.id)).ok()) _exit(3);
  std::size_t events = 0;
  for (std::size_t i = 0; i < kCommits; ++i) {
    const std::size_t more = i % 3 == 0 ? 1 : 0;
    if (!store.append(script.id, std::span(script.records).subspan(i * 12, 12), std::span(script.events).subspan(events, more))
             .ok())
      _exit(4);
    events += more;
    const bool last = i + 1 == kCommits;
    if (last ? !store.end_session(script.id, {"completed", 1}).ok() : !store.commit().ok()) _exit(5);
    const Promise promise{static_cast<uint32_t>((i + 1) * 12), static_cast<uint32_t>(events), last};
    if (::write(out, &promise, sizeof promise) != sizeof promise) _exit(6);
  }
  _exit(0);
}

/// Reads until `wanted` promises came or the child is gone, kills it, and takes what was still in the pipe.
Promise kill_after(pid_t child, int in, int wanted) {
  Promise last, next;
  int read = 0;
  while (read < wanted && ::read(in, &next, sizeof next) == sizeof next) {
    last = next;
    ++read;
  }
  kill(child, SIGKILL);
  while (::read(in, &next, sizeof next) == sizeof next) last = next;
  waitpid(child, nullptr, 0);
  return last;
}
}  // namespace

TEST_CASE("kill -9 of the writer loses nothing that was acknowledged", "[kills]") {
  const int rounds = count_from_environment("PATELLA_KILLS", 200);
  const Folder folder;
  const auto path = folder.path / "log.db";
  std::mt19937_64 random(41);
  std::vector<std::pair<Script, Promise>> earlier;
  for (int round = 0; round < rounds; ++round) {
    const Script script = make_script("round-" + std::to_string(round), kCommits, 100 + static_cast<uint64_t>(round));
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    const UniqueFd in(ends[0]);
    UniqueFd out(ends[1]);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) record(path, script, out.get());
    out.reset();
    // Some are killed while opening, some while the session is packed.
    const int wanted = static_cast<int>(random() % 10 == 0 ? kCommits : random() % 60);
    const Promise promise = kill_after(child, in.get(), wanted);

    Result<Store::Opened> opened = Store::open(path);
    REQUIRE(opened.ok());
    REQUIRE(opened->notice.empty());
    REQUIRE(check(*opened->store, script, {promise.records, promise.events, promise.ended != 0}) == "");
    earlier.emplace_back(script, promise);
  }
  Result<Store::Opened> opened = Store::open(path);
  REQUIRE(opened.ok());
  for (const auto& [script, promise] : earlier)
    CHECK(check(*opened->store, script, {promise.records, promise.events, promise.ended != 0}) == "");
}
