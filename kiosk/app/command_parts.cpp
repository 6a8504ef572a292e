#include "app/command_parts.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <cstdio>

#include "app/commands.hpp"
#include "app/control_socket.hpp"
#include "config/words.hpp"

namespace patella::app {

int failed(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
  return 1;
}

std::optional<Result<nlohmann::json>> ask_running(const Paths& paths, const std::string& request) {
  std::string line;
  const auto asked = ask_kiosk(control_file(paths), request, [&](const std::string& answer) {
    line = answer;
    return false;
  });
  if (!asked) return std::nullopt;
  nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  if (!answer.is_object()) return Error{"the kiosk did not answer", "", "Try again"};
  if (!answer.value("ok", true)) return Error{answer.value("error", "the kiosk did not say why not"), "", ""};
  return answer;
}

std::optional<Result<nlohmann::json>> ask_running_for(const Paths& paths, const std::string& what) {
  return ask_running(paths, nlohmann::json{{"ask", what}}.dump());
}

UniqueFd ending_signals() {
  sigset_t mask;
  sigemptyset(&mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  return UniqueFd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

Result<std::unique_ptr<store::Store>> open_log(const Paths& paths) {
  auto opened = store::Store::open(database_file(paths));
  if (!opened) return opened.error();
  if (!opened->notice.empty()) fmt::print(stderr, "{}\n", opened->notice);
  return std::move(opened->store);
}

Result<std::unique_ptr<store::Store>> own_log(const Paths& paths) {
  if (ask_running_for(paths, "status"))
    return Error{"the kiosk runs on " + paths.state.string() + " and has the log and the devices", "",
                 "End it first; what is stored now is in force when it starts again"};
  return open_log(paths);
}

void tell_notices(store::Store& log) {
  for (const std::string& notice : log.take_notices()) fmt::print(stderr, "{}\n", notice);
}

std::string wrong_with_name(const std::string& name, std::size_t most) {
  if (config::first_bad_utf8(name))
    return "it is not UTF-8 text: write it in plain letters, or set the terminal to UTF-8";
  if (config::has_control_character(name)) return "it has a control character in it";
  if (name.empty() || config::character_count(name) > most) return fmt::format("give 1 to {} letters", most);
  return "";
}

int print_rows(const Paths& paths, bool json, const char* what, Result<std::string> (*read)(store::Store&),
               std::string (*table)(const std::string&)) {
  std::string text = "[]";
  if (const auto answer = ask_running_for(paths, what)) {
    if (!*answer) return failed(answer->error().text());
    text = (*answer)->value("rows", nlohmann::json::array()).dump(2);
  } else if (std::filesystem::exists(database_file(paths))) {
    const auto log = open_log(paths);
    if (!log) return failed(log.error().text());
    const auto rows = read(**log);
    tell_notices(**log);
    if (!rows) return failed(rows.error().text());
    text = *rows;
  }
  fmt::print("{}", json ? text + "\n" : table(text));
  return 0;
}

}  // namespace patella::app
