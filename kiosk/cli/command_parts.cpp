#include "cli/command_parts.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <cstdio>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "cli/commands.hpp"
#include "config/words.hpp"
#include "runtime/control_socket.hpp"

namespace patella::cli {

int failed(const std::string& text) {
  say(stderr, text + '\n');
  return 1;
}

void say(std::FILE* to, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    fmt::print(to, "{}{}", shown_text(lines.substr(0, end)), end == std::string_view::npos ? "" : "\n");
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

std::optional<Result<nlohmann::json>> ask_running(const Paths& paths, const std::string& request) {
  std::string line;
  const auto asked = ask_kiosk(control_file(paths), request, [&](const std::string& answer) {
    line = answer;
    return false;
  });
  if (!asked) return std::nullopt;
  if (!*asked) return asked->error();
  nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  if (!answer.is_object()) return Error{"the kiosk did not answer", "", "Try again"};
  if (!answer.value("ok", true)) return Error{answer.value("error", "the kiosk did not say why not"), "", ""};
  return answer;
}

std::optional<Result<nlohmann::json>> ask_running_for(const Paths& paths, const std::string& what) {
  return ask_running(paths, json_text({{"ask", what}}));
}

UniqueFd ending_signals() {
  sigset_t mask;
  sigemptyset(&mask);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  return UniqueFd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

Result<std::unique_ptr<store::Store>> open_log(const Paths& paths) {
  if (Status writable = may_write(paths); !writable) return writable.error();
  for (const std::string& line : keep_to_owner(paths.state)) fmt::print(stderr, "{}\n", line);
  auto opened = store::Store::open(database_file(paths));
  if (!opened) return opened.error();
  if (!opened->notice.empty()) say(stderr, english(opened->notice) + '\n');
  return std::move(opened->store);
}

Result<std::unique_ptr<store::Store>> own_log(const Paths& paths) {
  if (ask_running_for(paths, "status"))
    return Error{"the kiosk runs on " + paths.state.string() + " and has the log and the devices", "",
                 "End it first; what is stored now is in force when it starts again"};
  return open_log(paths);
}

void tell_notices(store::Store& log) {
  for (const Message& notice : log.take_notices()) say(stderr, english(notice) + '\n');
}

std::string wrong_with_name(const std::string& name, std::size_t most) {
  if (config::first_bad_utf8(name)) return "it is not UTF-8 text: write it in plain letters, or set the terminal to UTF-8";
  if (config::has_control_character(name)) return "it has a control character in it";
  if (name.empty() || config::character_count(name) > most) return fmt::format("give 1 to {} letters", most);
  return "";
}

int print_rows(const Paths& paths, bool json, const char* what, Result<std::string> (*read)(store::Store&),
               std::string (*table)(const std::string&)) {
  std::string text = "[]";
  if (const auto answer = ask_running_for(paths, what)) {
    if (!*answer) return failed(answer->error().text());
    text = json_text((*answer)->value("rows", nlohmann::json::array()), 2);
  } else if (std::filesystem::exists(database_file(paths))) {
    const auto log = open_log(paths);
    if (!log) return failed(log.error().text());
    const auto rows = read(**log);
    tell_notices(**log);
    if (!rows) return failed(rows.error().text());
    text = *rows;
  }
  say(stdout, json ? text + "\n" : table(text));
  return 0;
}

}  // namespace patella::cli
