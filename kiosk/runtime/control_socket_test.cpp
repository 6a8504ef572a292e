// The control socket with real connections: those that are silent, slow or many hold up nobody.
#include "runtime/control_socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <future>

#include "base/json_text.hpp"
#include "runtime/base64.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::runtime;

namespace {
struct Rig {
  std::filesystem::path folder;
  MirrorSlot mirror;
  Log log{LogLevel::error};
  std::unique_ptr<ControlSocket> control;

  explicit Rig(ControlSocket::Answer answer, ControlLimits limits = {}) {
    char name[] = "/tmp/patella-control-XXXXXX";
    folder = mkdtemp(name);
    auto made = ControlSocket::make(socket(), mirror, std::move(answer), log, limits);
    REQUIRE(made.ok());
    control = std::move(*made);
  }
  ~Rig() {
    control.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path socket() const { return folder / "control.sock"; }

  UniqueFd connect() const {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, socket().c_str());
    REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
  }
  std::string ask(const std::string& what) const {
    std::string answer;
    const auto asked = ask_kiosk(socket(), json_text({{"ask", what}}), [&](const std::string& line) {
      answer = line;
      return true;
    });
    REQUIRE(asked);
    REQUIRE(asked->ok());
    return answer;
  }
};

std::string echo(const std::string& request) { return json_text({{"ok", true}, {"asked", text_in(request, "ask")}}); }

/// Waits for the end of the stream; what came before it.
std::string read_all(int fd) {
  std::string all;
  char block[65536];
  for (ssize_t got; (got = ::recv(fd, block, sizeof block, 0)) > 0;) all.append(block, static_cast<std::size_t>(got));
  return all;
}

void say_to(int fd, const std::string& text) {
  REQUIRE(::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
}
}  // namespace

TEST_CASE("silent connections lock nobody out, and end by themselves") {
  const Rig rig(echo, {4, 8, 300, 10'000});
  std::vector<UniqueFd> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(rig.connect());
  for (int i = 0; i < 20; ++i) CHECK(rig.ask("status") == R"({"asked":"status","ok":true})");
  for (const UniqueFd& fd : silent) CHECK(read_all(fd.get()).empty());  // each is closed: nobody waits for ever
}

TEST_CASE("with the kiosk's own limits 64 silent connections lock nobody out") {
  const Rig rig(echo);
  std::vector<UniqueFd> silent;
  for (int i = 0; i < 64; ++i) {
    silent.push_back(rig.connect());
    if (i % 2) say_to(silent.back().get(), "{\"ask\":");  // half of a question is none
  }
  CHECK(rig.ask("status") == R"({"asked":"status","ok":true})");
}

TEST_CASE("an answer that takes long holds up no other one, and one that fails is told") {
  std::promise<void> goes_on;
  const std::shared_future<void> gate = goes_on.get_future().share();
  const Rig rig([gate](const std::string& request) -> std::string {
    if (text_in(request, "ask") == "export") gate.wait();
    if (text_in(request, "ask") == "fails") throw std::runtime_error("no reason");
    return echo(request);
  });
  auto slow = std::async(std::launch::async, [&] { return rig.ask("export"); });
  CHECK(rig.ask("status") == R"({"asked":"status","ok":true})");
  CHECK(rig.ask("fails").find("no reason") != std::string::npos);
  goes_on.set_value();
  CHECK(slow.get() == R"({"asked":"export","ok":true})");
}

TEST_CASE("who does not read what is long holds up nobody, and is cut off") {
  const std::string large(8u << 20, 'x');
  const Rig rig(
      [&](const std::string& request) {
        return text_in(request, "ask") == "large" ? json_text({{"text", large}}) : echo(request);
      },
      {32, 8, 5'000, 300});
  const UniqueFd lazy = rig.connect();
  say_to(lazy.get(), "{\"ask\":\"large\"}\n");
  pollfd readable{lazy.get(), POLLIN, 0};
  REQUIRE(::poll(&readable, 1, 60'000) == 1);  // the answer has begun
  CHECK(rig.ask("status") == R"({"asked":"status","ok":true})");
  CHECK(rig.ask("large").size() > large.size());  // who reads gets all of it
  pollfd gone{lazy.get(), 0, 0};
  REQUIRE(::poll(&gone, 1, 60'000) == 1);
  CHECK((gone.revents & POLLHUP) != 0);
  CHECK(read_all(lazy.get()).size() < large.size());
}

TEST_CASE("who follows the screen and reads late gets the newest one") {
  Rig rig(echo);
  const UniqueFd follower = rig.connect();
  say_to(follower.get(), "{\"ask\":\"mirror\",\"follow\":true}\n");
  pollfd readable{follower.get(), POLLIN, 0};
  REQUIRE(::poll(&readable, 1, 60'000) == 1);
  const std::string filling(1u << 20, 'f');
  for (int i = 0; i < 40; ++i) {
    rig.mirror.put("\"" + std::to_string(i) + filling + "\"");
    CHECK(rig.ask("status") == R"({"asked":"status","ok":true})");
  }
  rig.mirror.put("\"last\"");
  std::string seen;
  char block[65536];
  while (!seen.ends_with("\"last\"\n")) {
    const ssize_t got = ::recv(follower.get(), block, sizeof block, 0);
    REQUIRE(got > 0);
    seen.append(block, static_cast<std::size_t>(got));
  }
  CHECK(seen.size() < 40 * filling.size());
}

TEST_CASE("the socket is its owner's alone and takes the place of a dead one only") {
  std::filesystem::path path;
  {
    const Rig rig(echo);
    path = rig.socket();
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777u) == 0600);
    MirrorSlot mirror;
    Log log(LogLevel::error);
    CHECK_FALSE(ControlSocket::make(path, mirror, echo, log).ok());  // that kiosk runs
    const auto file = rig.folder / "file";
    UniqueFd made(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK_FALSE(ControlSocket::make(file, mirror, echo, log).ok());
    CHECK(std::filesystem::is_regular_file(file));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("bytes go over the socket as text and come back") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (std::size_t size : {0u, 1u, 2u, 3u, 255u, 256u})
    CHECK(bytes_of_base64(base64_of(all.substr(0, size))) == all.substr(0, size));
  CHECK_FALSE(bytes_of_base64("?"));
}
