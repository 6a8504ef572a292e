// kiosk.toml and clients.toml.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace {

void read_questions(Reader& file, Kiosk& kiosk) {
  file.tables("question", Need::optional, 8, [&](Reader& entry) {
    const int errors = entry.notes().errors();
    std::string id = entry.id("id", Need::required);
    std::string text = entry.text("text", Need::required, 120);
    if (entry.notes().errors() != errors) return;
    const OnYes on_yes = read_on_yes(entry, "on_yes", OnYes::notice);
    const bool taken = std::any_of(kiosk.questions.begin(), kiosk.questions.end(), [&](const Question& q) { return q.id == id; });
    if (taken) {
      entry.notes().error(entry.line("id"), entry.full_key("id"), in_quotes(id) + " is used by an earlier question",
                          "Give each question an id of its own");
      return;
    }
    kiosk.questions.push_back({std::move(id), std::move(text), on_yes});
  });
}

/// The question has to fit into the idle time.
void check_countdown(Reader& file, Kiosk& kiosk) {
  const double longest_s = kiosk.idle_home_s / 2;
  if (kiosk.presence_countdown_s <= longest_s) return;
  if (file.line("presence_countdown_s") > 0)
    file.notes().warning(
        file.line("presence_countdown_s"), "presence_countdown_s",
        fmt::format("{:g} s is more than half of idle_home_s; {:g} s are used", kiosk.presence_countdown_s, longest_s),
        fmt::format("Use at most {:g}, or a longer idle_home_s", longest_s));
  kiosk.presence_countdown_s = longest_s;
}

/// Checked here, so that a typing error is told at once and not when staff are needed.
void read_notify(Reader& file, Kiosk& kiosk) {
  kiosk.notify_command = file.texts("notify_command", Need::optional, 16, 512);
  kiosk.notify_timeout_s = file.number("notify_timeout_s", Need::optional, kiosk.notify_timeout_s, 1, 300);
  if (kiosk.notify_command.empty()) return;
  const std::string& program = kiosk.notify_command.front();
  const int line = file.line("notify_command");
  if (program.empty() || program.front() != '/') {
    file.notes().error(line, "notify_command", in_quotes(program) + " is not the whole path of a program",
                       "Give its full path, beginning with /, and each argument as a string of its own");
    return kiosk.notify_command.clear();
  }
  std::error_code none;
  if (!std::filesystem::is_regular_file(program, none) || ::access(program.c_str(), X_OK) != 0)
    file.notes().warning(line, "notify_command", in_quotes(program) + " is no program that may be run here",
                         "Install it, or make it executable: until then notices to staff are on this screen alone");
}

/// A driver that is not installed keeps its settings: they are told and left alone.
SiteParams read_driver_params(const toml::table* table, const params::PluginSpecs& drivers, Diagnostics& notes) {
  SiteParams all;
  if (!table) return all;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str()), path = "drivers." + name;
    const params::PluginSpec* driver = params::find(drivers, name);
    if (!driver)
      notes.warning(line_of(node), path, "is no driver that is installed; it is kept and not used",
                    did_you_mean(name, params::folders(drivers)));
    else if (const toml::table* given = node.as_table())
      all[name] = read_params(given, path, driver->params, notes);
    else
      notes.error(line_of(node), path, "is " + kind_of(node) + ", not a table",
                  "Write [" + path + "] with single brackets and the keys below it");
  }
  return all;
}

}  // namespace

const char* id_of(OnYes on_yes) {
  switch (on_yes) {
    case OnYes::nothing:
      return "nothing";
    case OnYes::notice:
      return "notice";
    case OnYes::staff_start:
      return "staff_start";
  }
  return "";
}

OnYes read_on_yes(Reader& entry, const char* key, OnYes preset) {
  const std::string given = entry.choice(key, id_of(preset), {"nothing", "notice", "staff_start"});
  for (const OnYes one : {OnYes::nothing, OnYes::notice, OnYes::staff_start})
    if (given == id_of(one)) return one;
  return preset;
}

KioskFile read_kiosk(const toml::table& table, const params::PluginSpecs& drivers, Diagnostics& notes) {
  KioskFile result;
  Kiosk& kiosk = result.kiosk;
  Reader file(table, "", notes);
  if (std::string name = file.text("site_name", Need::optional, 60); !name.empty()) kiosk.site_name = std::move(name);
  kiosk.language = file.choice("language", kiosk.language, {"en", "de"});
  kiosk.fullscreen = file.flag("fullscreen", kiosk.fullscreen);
  kiosk.idle_home_s = file.number("idle_home_s", Need::optional, kiosk.idle_home_s, 10, 3600);
  kiosk.staff_wait_s = file.number("staff_wait_s", Need::optional, kiosk.staff_wait_s, 60, 7200);
  kiosk.presence_ask_s = file.number("presence_ask_s", Need::optional, kiosk.presence_ask_s, 10, 3600);
  kiosk.presence_countdown_s = file.number("presence_countdown_s", Need::optional, kiosk.presence_countdown_s, 5, 300);
  check_countdown(file, kiosk);
  kiosk.resume_hours = file.number("resume_hours", Need::optional, kiosk.resume_hours, 0, 168);
  kiosk.calibration_remind_days = file.whole("calibration_remind_days", Need::optional, 0, 0, 3650);
  kiosk.band_change_percent = file.number("band_change_percent", Need::optional, 0, 0, 100);
  kiosk.pain_places = file.texts("pain_places", Need::optional, 12, 24);
  result.station_order = file.texts("stations", Need::optional, 64, 48);
  result.order_line = file.line("stations");
  read_questions(file, kiosk);
  read_notify(file, kiosk);
  result.driver_params = read_driver_params(file.table("drivers"), drivers, notes);
  file.finish();
  return result;
}

std::vector<Client> read_clients(const toml::table& table, Diagnostics& notes) {
  std::vector<Client> clients;
  Reader file(table, "", notes);
  file.tables("client", Need::optional, 5000, [&](Reader& entry) {
    const int errors = entry.notes().errors();
    Client client{entry.text("ref", Need::required, 24), entry.text("name", Need::required, 40)};
    if (entry.notes().errors() != errors) return;
    const bool taken = std::any_of(clients.begin(), clients.end(), [&](const Client& c) { return c.ref == client.ref; });
    if (taken) {
      entry.notes().error(entry.line("ref"), entry.full_key("ref"), in_quotes(client.ref) + " is used by an earlier client",
                          "Give each client a pseudonym of their own");
      return;
    }
    const auto namesake = std::find_if(clients.begin(), clients.end(), [&](const Client& c) { return c.name == client.name; });
    if (namesake != clients.end())
      entry.notes().warning(
          entry.line("name"), entry.full_key("name"),
          "is " + in_quotes(client.name) + " for both " + in_quotes(namesake->ref) + " and " + in_quotes(client.ref),
          "Write both names so that each client knows which is theirs");
    clients.push_back(std::move(client));
  });
  file.finish();
  return clients;
}

}  // namespace patella::config
