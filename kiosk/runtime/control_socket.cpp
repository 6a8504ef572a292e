#include "runtime/control_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"

namespace patella::runtime {

namespace {
constexpr std::size_t kMaxRequest = 65536;
constexpr int kConnectWithinS = 5;

bool address_of(const std::filesystem::path& path, sockaddr_un& address) {
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return false;
  address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, text.c_str(), text.size());
  return true;
}

/// Empty with errno. A kiosk that takes no connection is not waited for without end.
UniqueFd connect_to(const std::filesystem::path& path) {
  sockaddr_un address{};
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return {};
  if (!address_of(path, address)) {
    errno = ENAMETOOLONG;
    return {};
  }
  const timeval patience{kConnectWithinS, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  const int why = errno;
  fd.reset();
  errno = why;
  return {};
}

/// After a failed connect_to(): nobody listens there.
bool nobody_listens() {
  return errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR || errno == ENAMETOOLONG || errno == ENOTSOCK;
}

/// What an earlier kiosk left behind when it was killed; anything else that has the name stays.
void remove_socket(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
}

std::string refusal(const std::string& why) { return json_text({{"ok", false}, {"error", why}}); }

/// An answer that cannot be made is said to be so, and ends nothing.
std::string answer_safely(const ControlSocket::Answer& answer, const std::string& request) {
  try {
    return answer(request);
  } catch (const std::exception& error) {
    return refusal(std::string("the kiosk could not answer: ") + error.what());
  }
}
}  // namespace

Result<std::unique_ptr<ControlSocket>> ControlSocket::make(const std::filesystem::path& path, MirrorSlot& mirror, Answer answer,
                                                           Log& log, const ControlLimits& limits) {
  sockaddr_un address{};
  if (!address_of(path, address))
    return Error{"the path of the control socket is too long", path.string(), "Use a state folder with a shorter path"};
  if (connect_to(path) || !nobody_listens())
    return Error{"a kiosk is running already", path.string(), "Use that one, or another --state folder"};
  remove_socket(path);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The mode of the socket is that of the file which bind() makes.
  const bool bound = fd && ::fchmod(fd.get(), 0600) == 0 &&
                     ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::listen(fd.get(), static_cast<int>(limits.connections)) == 0;
  if (!bound)
    return Error{fmt::format("the control socket cannot be made: {}", std::strerror(errno)), path.string(),
                 "Check the state folder"};
  return std::unique_ptr<ControlSocket>(new ControlSocket(path, std::move(fd), mirror, std::move(answer), log, limits));
}

ControlSocket::ControlSocket(std::filesystem::path path, UniqueFd listener, MirrorSlot& mirror, Answer answer, Log& log,
                             const ControlLimits& limits)
    : path_(std::move(path)),
      listener_(std::move(listener)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      mirror_(mirror),
      answer_(std::move(answer)),
      log_(log),
      limits_(limits),
      thread_([this] { run(); }) {}

ControlSocket::~ControlSocket() {
  stop_ = true;
  eventfd_write(wake_.get(), 1);
  thread_.join();
  answering_.clear();
  remove_socket(path_);
}

void ControlSocket::run() {
  while (!stop_) {
    std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}, {mirror_.changed_fd(), POLLIN, 0}};
    for (const Client& client : clients_)
      fds.push_back(
          {client.fd.get(), static_cast<short>((client.closed ? 0 : POLLIN) | (client.waits_to_send() ? POLLOUT : 0)), 0});
    ::poll(fds.data(), fds.size(), wait_ms());
    eventfd_t ignored = 0;
    if (fds[0].revents) eventfd_read(wake_.get(), &ignored);
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      Client& client = clients_[i];
      const short happened = fds[3 + i].revents;
      const bool goes_on = (happened & (POLLHUP | POLLERR)) == 0 && ((happened & POLLIN) == 0 || receive(client)) &&
                           ((happened & POLLOUT) == 0 || flush(client));
      if (!goes_on) client.fd.reset();
    }
    if (fds[2].revents) {
      eventfd_read(mirror_.changed_fd(), &ignored);
      mirror_changed();
    }
    take_answers();
    end_overdue();
    std::erase_if(clients_, [](const Client& client) { return !client.fd; });
    if (fds[1].revents) accept_one();
    start_answers();
  }
}

int ControlSocket::wait_ms() const {
  const Time now = std::chrono::steady_clock::now();
  int wait = -1;
  for (const Client& client : clients_) {
    if (!client.silent() && !client.waits_to_send()) continue;
    const auto until = client.since + std::chrono::milliseconds(client.silent() ? limits_.ask_within_ms : limits_.read_within_ms);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    const int bounded = static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
    wait = wait < 0 ? bounded : std::min(wait, bounded);
  }
  return wait;
}

void ControlSocket::end_overdue() {
  const Time now = std::chrono::steady_clock::now();
  for (Client& client : clients_) {
    const int limit_ms = client.silent() ? limits_.ask_within_ms : limits_.read_within_ms;
    if ((client.silent() || client.waits_to_send()) && now - client.since >= std::chrono::milliseconds(limit_ms))
      client.fd.reset();
  }
}

void ControlSocket::accept_one() {
  UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) return;
  if (clients_.size() >= limits_.connections) {
    const auto oldest = std::find_if(clients_.begin(), clients_.end(), [](const Client& client) { return client.silent(); });
    if (oldest == clients_.end()) {
      const std::string line = refusal("too many commands ask the kiosk at the same time. Try again") + "\n";
      (void)::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      return;
    }
    clients_.erase(oldest);
  }
  Client client;
  client.id = ++ids_;
  client.fd = std::move(fd);
  client.since = std::chrono::steady_clock::now();
  clients_.push_back(std::move(client));
}

bool ControlSocket::receive(Client& client) {
  char block[4096];
  const ssize_t got = ::recv(client.fd.get(), block, sizeof block, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got < 0) return false;
  if (got == 0) {  // it may have asked and closed its half
    client.closed = true;
    return client.asked;
  }
  if (client.asked) return true;  // one question a connection; what more it says is not kept
  client.in.append(block, static_cast<std::size_t>(got));
  if (client.in.size() > kMaxRequest) return false;
  const std::size_t end = client.in.find('\n');
  if (end == std::string::npos) return true;
  return asked(client, std::exchange(client.in, {}).substr(0, end));
}

bool ControlSocket::asked(Client& client, std::string request) {
  client.asked = true;
  client.since = std::chrono::steady_clock::now();
  if (text_in(request, "ask") == "mirror") {
    client.follows = flag_in(request, "follow");
    client.ends = !client.follows;
    return send(client, mirror_.get());
  }
  questions_.emplace_back(client.id, std::move(request));
  return true;
}

void ControlSocket::start_answers() {
  while (!questions_.empty() && answering_.size() < limits_.answers) {
    auto [id, request] = std::move(questions_.front());
    questions_.pop_front();
    if (!find(id)) continue;  // gone meanwhile
    answering_.emplace(id, std::jthread([this, id = id, request = std::move(request)] {
                         std::string line = answer_safely(answer_, request);
                         {
                           std::lock_guard lock(mutex_);
                           answered_.push_back({id, std::move(line)});
                         }
                         eventfd_write(wake_.get(), 1);
                       }));
  }
}

void ControlSocket::take_answers() {
  std::vector<Answered> all;
  {
    std::lock_guard lock(mutex_);
    all.swap(answered_);
  }
  for (const Answered& answered : all) {
    answering_.erase(answered.client);
    Client* client = find(answered.client);
    if (!client) continue;
    client->ends = true;  // one question a connection: the end of the answer is the end of the stream
    client->since = std::chrono::steady_clock::now();
    if (!send(*client, answered.line)) client->fd.reset();
  }
}

void ControlSocket::mirror_changed() {
  const std::string line = mirror_.get();
  for (Client& client : clients_) {
    if (!client.fd || !client.follows) continue;
    // Who reads slowly misses screens in between, never the newest.
    if (client.waits_to_send())
      client.next = line;
    else if (!send(client, line))
      client.fd.reset();
  }
}

bool ControlSocket::send(Client& client, const std::string& line) {
  client.out = line + "\n";
  client.sent = 0;
  client.since = std::chrono::steady_clock::now();
  return flush(client);
}

bool ControlSocket::flush(Client& client) {
  while (client.waits_to_send()) {
    const ssize_t n = ::send(client.fd.get(), client.out.data() + client.sent, client.out.size() - client.sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    client.sent += static_cast<std::size_t>(n);
    client.since = std::chrono::steady_clock::now();
    if (client.waits_to_send() || !client.next) continue;
    client.out = *std::exchange(client.next, std::nullopt) + "\n";
    client.sent = 0;
  }
  return !client.ends;
}

ControlSocket::Client* ControlSocket::find(uint64_t id) {
  const auto found =
      std::find_if(clients_.begin(), clients_.end(), [&](const Client& client) { return client.id == id && client.fd; });
  return found == clients_.end() ? nullptr : &*found;
}

std::string text_in(const std::string& json, const std::string& key) {
  const nlohmann::json read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object()) return {};
  const auto found = read.find(key);
  return found != read.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_in(const std::string& json, const std::string& key) {
  const nlohmann::json read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object()) return false;
  const auto found = read.find(key);
  return found != read.end() && found->is_boolean() && found->get<bool>();
}

std::optional<Status> ask_kiosk(const std::filesystem::path& socket, const std::string& request,
                                const std::function<bool(const std::string&)>& each_line) {
  UniqueFd fd = connect_to(socket);
  if (!fd && nobody_listens()) return std::nullopt;
  if (!fd && errno == EACCES)
    return Status(Error{"this user may not ask the kiosk", socket.string(), "Run this as the user that runs the kiosk"});
  if (!fd)
    return Status(Error{"the kiosk takes no questions", socket.string(), "Try again. If that does not help, restart the kiosk"});
  const std::string line = request + "\n";
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t n = ::send(fd.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Status(Error{"the kiosk closed the connection", socket.string(), "Try again"});
    sent += static_cast<std::size_t>(n);
  }
  std::string in;
  char block[65536];
  for (;;) {
    const ssize_t got = ::recv(fd.get(), block, sizeof block, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status{};
    const std::size_t seen = in.size();
    in.append(block, static_cast<std::size_t>(got));
    if (in.find('\n', seen) == std::string::npos) continue;
    for (std::size_t end; (end = in.find('\n')) != std::string::npos; in.erase(0, end + 1))
      if (!each_line(in.substr(0, end))) return Status{};
  }
}

}  // namespace patella::runtime
