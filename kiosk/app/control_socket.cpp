#include "app/control_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

namespace patella::app {

namespace {
constexpr std::size_t kLongestRequest = 65536;
constexpr std::size_t kMostClients = 16;

bool address_of(const std::filesystem::path& path, sockaddr_un& address) {
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return false;
  address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, text.c_str(), text.size());
  return true;
}

UniqueFd connect_to(const std::filesystem::path& path) {
  sockaddr_un address{};
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || !address_of(path, address)) return {};
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return fd;
}

// A client that does not read is cut off rather than waited for.
bool send_line(int fd, const std::string& line) {
  const std::string whole = line + "\n";
  std::size_t sent = 0;
  while (sent < whole.size()) {
    const ssize_t n = ::send(fd, whole.data() + sent, whole.size() - sent, MSG_NOSIGNAL);
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    pollfd writable{fd, POLLOUT, 0};
    if (n < 0 && errno == EAGAIN && ::poll(&writable, 1, 1000) == 1) continue;
    return false;
  }
  return true;
}
}  // namespace

Result<std::unique_ptr<ControlSocket>> ControlSocket::make(const std::filesystem::path& path,
                                                           MirrorSlot& mirror, Answer answer, Log& log) {
  sockaddr_un address{};
  if (!address_of(path, address))
    return Error{"the path of the control socket is too long", path.string(),
                 "Use a state folder with a shorter path"};
  if (connect_to(path))
    return Error{"a kiosk is running already", path.string(), "Use that one, or another --state folder"};
  ::unlink(path.c_str());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t before = ::umask(0177);
  const bool bound = fd &&
                     ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::listen(fd.get(), 8) == 0;
  ::umask(before);
  if (!bound)
    return Error{fmt::format("the control socket cannot be made: {}", std::strerror(errno)), path.string(),
                 "Check the state folder"};
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(path, std::move(fd), mirror, std::move(answer), log));
}

ControlSocket::ControlSocket(std::filesystem::path path, UniqueFd listener, MirrorSlot& mirror, Answer answer,
                             Log& log)
    : path_(std::move(path)),
      listener_(std::move(listener)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      mirror_(mirror),
      answer_(std::move(answer)),
      log_(log),
      thread_([this] { run(); }) {}

ControlSocket::~ControlSocket() {
  stop_ = true;
  eventfd_write(wake_.get(), 1);
  thread_.join();
  ::unlink(path_.c_str());
}

void ControlSocket::run() {
  while (!stop_) {
    std::vector<pollfd> fds{
        {wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}, {mirror_.changed_fd(), POLLIN, 0}};
    for (const Client& client : clients_) fds.push_back({client.fd.get(), POLLIN, 0});
    ::poll(fds.data(), fds.size(), -1);
    if (fds[2].revents) {
      eventfd_t ignored = 0;
      eventfd_read(mirror_.changed_fd(), &ignored);
      const std::string line = mirror_.get();
      for (Client& client : clients_)
        if (client.follows && !send_line(client.fd.get(), line)) client.fd.reset();
    }
    for (std::size_t i = 0; i < clients_.size(); ++i)
      if (fds[3 + i].revents && clients_[i].fd && !serve(clients_[i])) clients_[i].fd.reset();
    std::erase_if(clients_, [](const Client& client) { return !client.fd; });
    if (!fds[1].revents) continue;
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd && clients_.size() < kMostClients) clients_.push_back({std::move(fd), {}, false});
  }
}

bool ControlSocket::serve(Client& client) {
  char block[4096];
  const ssize_t got = ::recv(client.fd.get(), block, sizeof block, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  client.in.append(block, static_cast<std::size_t>(got));
  if (client.in.size() > kLongestRequest) return false;
  const std::size_t end = client.in.find('\n');
  if (end == std::string::npos) return true;
  const std::string request = client.in.substr(0, end);
  client.in.erase(0, end + 1);
  if (text_in(request, "ask") == "mirror") {
    client.follows = flag_in(request, "follow");
    return send_line(client.fd.get(), mirror_.get()) && client.follows;
  }
  send_line(client.fd.get(), answer_(request));
  return false;  // one question a connection: the end of the answer is the end of the stream
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
  if (!fd) return std::nullopt;
  if (!send_line(fd.get(), request))
    return Status(Error{"the kiosk closed the connection", socket.string(), "Try again"});
  std::string in;
  char block[65536];
  for (;;) {
    const ssize_t got = ::recv(fd.get(), block, sizeof block, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status{};
    in.append(block, static_cast<std::size_t>(got));
    for (std::size_t end; (end = in.find('\n')) != std::string::npos; in.erase(0, end + 1))
      if (!each_line(in.substr(0, end))) return Status{};
  }
}

}  // namespace patella::app
