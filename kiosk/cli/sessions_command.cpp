// `patella sessions`: the stored sessions, a page at a time, from the running kiosk or from the file.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "cli/command_parts.hpp"
#include "cli/commands.hpp"
#include "runtime/session_report.hpp"

namespace patella::cli {

namespace {
struct Page {
  nlohmann::json rows;
  std::optional<store::SessionPlace> next;
};
using Ask = std::function<Result<Page>(const store::PageRequest&)>;

/// nullopt: no kiosk runs. Then the file may be opened.
std::optional<Result<Page>> ask_kiosk_for(const Paths& paths, const store::PageRequest& request) {
  const auto answer = ask_running(paths, sessions_question(request));
  if (!answer) return std::nullopt;
  if (!*answer) return Result<Page>(answer->error());
  return Result<Page>(Page{(*answer)->value("sessions", nlohmann::json::array()), next_of(**answer)});
}

/// Printed as they come: one after the other, as a table or as one JSON array.
class Printer {
 public:
  explicit Printer(bool json) : json_(json) { say(stdout, json ? "[" : sessions_heading()); }
  void print(const nlohmann::json& rows) {
    if (!json_) {
      say(stdout, sessions_lines(rows));
      return;
    }
    for (const auto& row : rows) say(stdout, std::exchange(before_, ",\n") + json_text(row, 2));
  }
  void end() const {
    if (json_) say(stdout, before_ == "\n" ? "]\n" : "\n]\n");
  }

 private:
  bool json_;
  std::string before_ = "\n";
};

Status print_all(const Ask& ask, Printer& printer) {
  store::PageRequest request{kMaxAsked, false, std::nullopt};
  for (;;) {
    const Result<Page> page = ask(request);
    if (!page) return page.error();
    printer.print(page->rows);
    if (!page->next) return {};
    request.after = page->next;
  }
}

/// The newest ones, the very newest last, as in the whole list.
Status print_last(const Ask& ask, int count, Printer& printer) {
  nlohmann::json rows = nlohmann::json::array();
  store::PageRequest request{std::min(count, kMaxAsked), true, std::nullopt};
  while (static_cast<int>(rows.size()) < count) {
    request.most = std::min(count - static_cast<int>(rows.size()), kMaxAsked);
    const Result<Page> page = ask(request);
    if (!page) return page.error();
    rows.insert(rows.end(), page->rows.begin(), page->rows.end());
    if (!page->next) break;
    request.after = page->next;
  }
  std::reverse(rows.begin(), rows.end());
  printer.print(rows);
  return {};
}

int print_sessions(const Ask& ask, const SessionsOptions& options) {
  Printer printer(options.json);
  const Status done = options.last > 0 ? print_last(ask, options.last, printer) : print_all(ask, printer);
  printer.end();
  return done ? 0 : failed(done.error().text());
}
}  // namespace

int sessions_command(const Paths& paths, const SessionsOptions& options) {
  const auto none = [&] {
    fmt::print("{}\n", options.json ? "[]" : "no sessions are stored in " + paths.state.string());
    return 0;
  };
  const auto probe = ask_kiosk_for(paths, {1, true, std::nullopt});
  if (probe && !*probe) return failed(probe->error().text());
  if (probe && (*probe)->rows.empty()) return none();
  if (probe) {
    const Ask ask = [&](const store::PageRequest& request) {
      auto page = ask_kiosk_for(paths, request);
      return page ? std::move(*page) : Error{"the kiosk stopped meanwhile: the list is incomplete", "", "Try again"};
    };
    return print_sessions(ask, options);
  }
  if (!std::filesystem::exists(database_file(paths))) return none();
  auto log = open_log(paths);
  if (!log) return failed(log.error().text());
  if (const auto first = (*log)->session_page({}, {1, true, std::nullopt}); first && first->rows.empty()) {
    tell_notices(**log);
    return none();
  }
  const Ask ask = [&](const store::PageRequest& request) -> Result<Page> {
    const auto page = (*log)->session_page({}, request);
    tell_notices(**log);
    if (!page) return page.error();
    return Page{sessions_json(page->rows), page->next};
  };
  return print_sessions(ask, options);
}

}  // namespace patella::cli
