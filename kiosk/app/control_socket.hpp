// The local socket over which `patella status / export / mirror / sessions` ask the running kiosk: one JSON
// line asks, JSON lines answer. Only the user who runs the kiosk may connect.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/mirror.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace patella::app {

class ControlSocket {
 public:
  /// Gets the line that asks, gives the line that answers. On the socket's own thread, which may wait for the
  /// store.
  using Answer = std::function<std::string(const std::string& request)>;
  /// Error: another kiosk runs on this state folder, or the socket cannot be made.
  static Result<std::unique_ptr<ControlSocket>> make(const std::filesystem::path& path, MirrorSlot& mirror,
                                                     Answer answer, Log& log);
  ~ControlSocket();

 private:
  ControlSocket(std::filesystem::path path, UniqueFd listener, MirrorSlot& mirror, Answer answer, Log& log);
  struct Client {
    UniqueFd fd;
    std::string in;
    bool follows = false;
  };
  void run();
  bool serve(Client& client);
  std::filesystem::path path_;
  UniqueFd listener_, wake_;
  MirrorSlot& mirror_;
  Answer answer_;
  Log& log_;
  std::vector<Client> clients_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// A text or a yes/no of a JSON object in one line; "" / false when it is missing or of another type.
std::string text_in(const std::string& json, const std::string& key);
bool flag_in(const std::string& json, const std::string& key);

/// Asks a running kiosk. nullopt: none runs. `each_line` is called for every line of the answer until it
/// returns false or the kiosk closes.
std::optional<Status> ask_kiosk(const std::filesystem::path& socket, const std::string& request,
                                const std::function<bool(const std::string&)>& each_line);

}  // namespace patella::app
