// The local socket over which `patella status / export / mirror / sessions` ask the running kiosk: one JSON
// line asks, JSON lines answer. Only the user who runs the kiosk may connect.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "runtime/mirror.hpp"

namespace patella::runtime {

/// Nobody who connects holds up anybody else: a connection that does not ask, or does not read its answer, ends.
struct ControlLimits {
  std::size_t connections = 32;  ///< at most; a new one takes the place of the one that was silent for longest
  std::size_t answers = 8;       ///< made at the same time
  int ask_within_ms = 5'000;     ///< from the connection to the whole question
  int read_within_ms = 10'000;   ///< as long may nothing be taken of what waits to be sent
};

class ControlSocket {
 public:
  /// Gets the line that asks, gives the line that answers. On a thread of its own, which may wait for the store; several at a time.
  using Answer = std::function<std::string(const std::string& request)>;
  /// Error: another kiosk runs on this state folder, or the socket cannot be made.
  static Result<std::unique_ptr<ControlSocket>> make(const std::filesystem::path& path, MirrorSlot& mirror, Answer answer,
                                                     Log& log, const ControlLimits& limits = {});
  ~ControlSocket();  ///< waits for the answers that are being made

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Client {
    uint64_t id = 0;
    UniqueFd fd;
    std::string in, out;
    std::size_t sent = 0;                                 ///< of `out`
    bool follows = false, asked = false, closed = false;  ///< closed: it says nothing more
    bool ends = false;                                    ///< when `out` is sent
    std::optional<std::string> next;  ///< the newest screen, for one who follows and still has the last to read
    Time since;                       ///< of the connection until it has asked, then of the last byte that was taken
    bool silent() const { return !asked; }
    bool waits_to_send() const { return sent < out.size(); }
  };
  struct Answered {
    uint64_t client = 0;
    std::string line;
  };

  ControlSocket(std::filesystem::path path, UniqueFd listener, MirrorSlot& mirror, Answer answer, Log& log,
                const ControlLimits& limits);
  void run();
  int wait_ms() const;
  void accept_one();
  void end_overdue();
  void mirror_changed();
  void take_answers();
  void start_answers();
  bool receive(Client& client);
  bool asked(Client& client, std::string request);
  bool send(Client& client, const std::string& line);
  bool flush(Client& client);
  Client* find(uint64_t id);

  std::filesystem::path path_;
  UniqueFd listener_, wake_;
  MirrorSlot& mirror_;
  Answer answer_;
  Log& log_;
  ControlLimits limits_;
  std::vector<Client> clients_;
  uint64_t ids_ = 0;
  std::deque<std::pair<uint64_t, std::string>> questions_;  ///< not begun yet, with the client's id
  std::map<uint64_t, std::jthread> answering_;
  std::mutex mutex_;
  std::vector<Answered> answered_;  ///< under mutex_
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// A text or a yes/no of a JSON object in one line; "" / false when it is missing or of another type.
std::string text_in(const std::string& json, const std::string& key);
bool flag_in(const std::string& json, const std::string& key);

/// Asks a running kiosk. nullopt: none runs. Error: it may not be asked by this user, or does not take questions. `each_line` is called for every line of the answer until it
/// returns false or the kiosk closes.
std::optional<Status> ask_kiosk(const std::filesystem::path& socket, const std::string& request,
                                const std::function<bool(const std::string&)>& each_line);

}  // namespace patella::runtime
