// The commands that ask: export, status, mirror, devices, check. Those that need the store ask the running
// kiosk, or open the file themselves when none runs.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/new_file.hpp"
#include "base/utf8.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "runtime/base64.hpp"
#include "runtime/control_socket.hpp"
#include "runtime/edits_report.hpp"
#include "runtime/export_job.hpp"
#include "runtime/notice_report.hpp"

namespace patella::cli {

namespace {

int exec_helper(const Paths& paths, const std::string& program, std::vector<std::string> arguments) {
  const std::string path = (paths.libexec / program).string();
  std::vector<char*> argv{const_cast<char*>(path.c_str())};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(path.c_str(), argv.data());
  return failed(
      fmt::format("{} cannot be started: it should lie in {}. Install or build Patella again", program, paths.libexec.string()));
}

}  // namespace

int session_command(const Paths& paths, const SessionOptions& options) {
  if (!make_state_folder(paths)) return 1;
  Log log(LogLevel::warning, paths.state / "session.log");
  SystemClock clock;
  const plugin_link::HostOptions host = host_options(paths);
  Assembly assembly = assemble(paths, host, nullptr, options.station.empty() ? options.exercise : "");
  for (const auto& diagnostic : assembly.config.diagnostics) log.warning("{}", diagnostic.text());
  for (const auto& problem : assembly.problems) log.warning("{}", problem);
  for (const auto& remark : assembly.remarks) log.info("{}", remark);
  auto store = StoreThread::make(database_file(paths), clock, log);
  if (!store) return failed(store.error().text());
  if (!(*store)->notice().empty()) fmt::print(stderr, "{}\n", english((*store)->notice()));
  return run_terminal({options.station, options.exercise, options.client, options.script, options.headless, options.resume},
                      std::move(assembly), host, **store, clock, log);
}

int export_command(const Paths& paths, const ExportOptions& options) {
  // Other commands take such bytes: a damaged log can have names of them. Here they would become another folder, or another session.
  for (const auto& [name, text] : {std::pair{"--out", &options.out}, {"--session", &options.session}})
    if (first_bad_utf8(*text))
      return failed(
          fmt::format("{}: {} is not UTF-8 text. Write it in plain letters, or set the terminal to UTF-8", name, *text));
  if (options.decimal == "comma" && options.profile != "excel")
    return failed("--decimal comma is for spreadsheets: give --profile excel too");
  const bool comma =
      options.profile == "excel" && (options.decimal.empty() ? locale_has_decimal_comma() : options.decimal == "comma");
  const ExportJob job{std::filesystem::absolute(options.out).string(),
                      options.session,
                      options.from,
                      options.to,
                      options.profile,
                      comma ? "comma" : "point"};
  if (first_bad_utf8(job.out))
    return failed("the folder of the export has a name that is not UTF-8 text. Give another one with --out");
  if (Status fine = check_times(job); !fine) return failed(fine.error().text());
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error)
    return failed(fmt::format("{}: the folder cannot be made: {}. Give another one with --out", options.out, error.message()));
  if (const auto answer = ask_running(paths, job.to_json())) {
    if (!*answer) return failed(answer->error().text());
    fmt::print("{}\n", (*answer)->value("text", ""));
    return 0;
  }
  if (!std::filesystem::exists(database_file(paths)))
    return failed(fmt::format("{}: no sessions are stored here. Give the state folder with --state", paths.state.string()));
  auto log = open_log(paths);
  if (!log) return failed(log.error().text());
  auto text = run_export(**log, job);
  tell_notices(**log);
  if (!text) return failed(text.error().text());
  fmt::print("{}\n", *text);
  return 0;
}

int status_command(const Paths& paths, bool json) {
  const auto asked = ask_running_for(paths, "status");
  if (asked && !*asked) return failed(asked->error().text());
  if (!asked) {
    if (json)
      fmt::print("{{\"running\":false}}\n");
    else
      fmt::print("no kiosk runs on {}\n", paths.state.string());
    return 1;
  }
  const nlohmann::json& answer = **asked;
  if (json) {
    fmt::print("{}\n", json_text(answer));
    return 0;
  }
  std::string text = fmt::format("the kiosk runs (process {}){}{}\n", answer.value("pid", 0),
                                 answer.value("starting", false) ? ", it is starting" : "",
                                 answer.value("exercise", false) ? ", an exercise is open" : "");
  for (const auto& banner : answer["banners"]) text += fmt::format("{}\n", banner.get<std::string>());
  for (const auto& notice : answer["notices"]) text += fmt::format("notice: {}\n", notice_line(notice));
  for (const auto& station : answer["stations"]) {
    text += fmt::format("{:<20} {}\n", station.value("id", ""),
                        station.value("usable", false) ? station.value("title", "") : station.value("why_not", ""));
    for (const auto& device : station["devices"])
      text +=
          fmt::format("  {:<14} {}: {}\n", device.value("channel", ""), device.value("device", ""), device.value("state", ""));
  }
  say(stdout, text);
  return 0;
}

int mirror_command(const Paths& paths, bool follow, const std::string& png) {
  const std::string none = fmt::format("no kiosk runs on {}", paths.state.string());
  if (!png.empty()) {
    const auto answer = ask_running_for(paths, "screenshot");
    if (!answer) return failed(none);
    if (!*answer) return failed(answer->error().text());
    const auto picture = bytes_of_base64((*answer)->value("png", ""));
    if (!picture || picture->empty()) return failed("the kiosk sent no picture. Try again");
    const Status written = write_new_file(png, *picture);
    return written ? 0 : failed(written.error().text());
  }
  const auto asked = ask_kiosk(control_file(paths), follow ? R"({"ask":"mirror","follow":true})" : R"({"ask":"mirror"})",
                               [](const std::string& line) { return std::puts(line.c_str()) >= 0 && std::fflush(stdout) == 0; });
  if (!asked) return failed(none);
  return asked->ok() ? 0 : failed(asked->error().text());
}

int check_config_command(const Paths& paths) {
  const Assembly assembly = assemble(paths, host_options(paths));
  bool error = false;
  for (const auto& diagnostic : assembly.config.diagnostics) {
    say(stdout,
        fmt::format("{}: {}\n", diagnostic.level == config::Diagnostic::Level::error ? "error" : "warning", diagnostic.text()));
    error |= diagnostic.level == config::Diagnostic::Level::error;
  }
  for (const auto& problem : assembly.problems) say(stdout, fmt::format("error: {}\n", problem));
  for (const auto& remark : assembly.remarks) say(stdout, fmt::format("note: {}\n", remark));
  say(stdout, edits_in_force_text(assembly.config));
  error |= !assembly.problems.empty();
  std::set<std::string> places;
  for (const auto& station : assembly.config.stations) places.insert(station.id);
  fmt::print("{} stations, {} exercises, {} figures, {} clients in {}: {}\n", places.size(), assembly.config.exercises.size(),
             assembly.config.figures.size(), assembly.config.clients.size(), paths.config.string(),
             error ? "faults found" : "in order");
  return error ? 1 : 0;
}

int check_plugin_command(const Paths& paths, const CheckPluginOptions& options) {
  std::vector<std::string> arguments{std::filesystem::absolute(options.file).string()};
  if (options.json) arguments.push_back("--json");
  if (!options.only.empty()) arguments.insert(arguments.end(), {"--only", options.only});
  if (!options.device.empty())
    arguments.insert(arguments.end(), {"--device", std::filesystem::absolute(options.device).string()});
  return exec_helper(paths, "patella-plugin-check", std::move(arguments));
}

}  // namespace patella::cli
