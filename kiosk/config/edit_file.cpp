#include "config/edit_file.hpp"

#include <fmt/format.h>
#include <patella/plugin.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "config/entries.hpp"
#include "config/reader.hpp"
#include "config/words.hpp"
#include "params/json.hpp"

namespace patella::config {

namespace {

using nlohmann::json;

constexpr std::string_view kEnd = "# End of the edits";
constexpr std::size_t kMaxEntries = 500, kMaxOver = 100'000;

// ---- times

toml::date_time toml_time(const WallTime& at) {
  using namespace std::chrono;
  const sys_seconds local{seconds(at.utc_us / 1'000'000 + int64_t{at.zone_offset_min} * 60)};
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  toml::date_time result{};  // value-initialised: it has no constructor that would
  result.date.year = static_cast<uint16_t>(int{date.year()});
  result.date.month = static_cast<uint8_t>(unsigned{date.month()});
  result.date.day = static_cast<uint8_t>(unsigned{date.day()});
  result.time.hour = static_cast<uint8_t>(time.hours().count());
  result.time.minute = static_cast<uint8_t>(time.minutes().count());
  result.time.second = static_cast<uint8_t>(time.seconds().count());
  toml::time_offset offset;
  offset.minutes = static_cast<int16_t>(at.zone_offset_min);
  result.offset = offset;
  return result;
}

WallTime wall_time(const toml::date_time& time) {
  using namespace std::chrono;
  const sys_days day = year(time.date.year) / month(time.date.month) / std::chrono::day(time.date.day);
  const int64_t local_s =
      day.time_since_epoch().count() * int64_t{86'400} + time.time.hour * 3600 + time.time.minute * 60 + time.time.second;
  return {(local_s - int64_t{time.offset->minutes} * 60) * 1'000'000, time.offset->minutes};
}

WallTime read_time(Reader& reader, const char* key) {
  const toml::node* at = reader.value(key, Need::required);
  const toml::date_time* time = at && at->is_date_time() ? &at->as_date_time()->get() : nullptr;
  if (time && time->offset) return wall_time(*time);
  if (at)
    reader.notes().error(line_of(*at), reader.full_key(key), fmt::format("is {}, not a time with its zone", kind_of(*at)),
                         "Write it as 2026-11-20T11:00:00+01:00, without quotes");
  return {};
}

Editor read_editor(Reader& reader) {
  Editor by;
  by.id = reader.text("by", Need::required, 200);
  by.name = reader.text("by_name", Need::required, 200);
  by.at = read_time(reader, "at");
  return by;
}

void put_editor(toml::table& table, const Editor& by) {
  table.insert_or_assign("by", by.id);
  table.insert_or_assign("by_name", by.name);
  table.insert_or_assign("at", toml_time(by.at));
}

// ---- values

/// What it cannot be is written as the number it is, for the check to say so.
template <class Put>
void put_scalar(const params::Spec& spec, const params::Value& value, Put&& put) {
  const double number = value.number;
  const bool whole = std::floor(number) == number && std::abs(number) < 9e15;
  if (spec.type == PATELLA_PARAM_TEXT) return put(value.text.value_or(""));
  if (spec.type == PATELLA_PARAM_BOOL && (number == 0 || number == 1)) return put(number == 1);
  if (spec.type == PATELLA_PARAM_CHOICE && whole && number >= 0 && number < static_cast<double>(spec.choices.size()))
    return put(spec.choices[static_cast<std::size_t>(number)]);
  if (whole) return put(static_cast<int64_t>(number));
  put(number);
}

void put_value(toml::table& into, const params::Spec& spec, const params::Values& values) {
  if (spec.type != PATELLA_PARAM_ROWS) {
    for (const params::Value& value : values) put_scalar(spec, value, [&](auto&& v) { into.insert_or_assign("value", v); });
    return;
  }
  toml::array rows;
  for (const params::Value& value : values) {
    const auto row = static_cast<std::size_t>(std::clamp(value.row, 0, 1000));
    while (rows.size() <= row) rows.push_back(toml::table());
    for (const params::Spec& column : spec.columns)
      if (value.key == spec.key + '.' + column.key)
        put_scalar(column, value, [&](auto&& v) { rows.get_as<toml::table>(row)->insert_or_assign(column.key, v); });
  }
  into.insert_or_assign("value", std::move(rows));
}

json json_of(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [key, child] : *table) object[std::string(key.str())] = json_of(child);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const toml::node& child : *array) list.push_back(json_of(child));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return params::number_json(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get();
  return "a date or time";
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

bool equal(const toml::node& a, const toml::node& b) { return toml::node_view(a) == toml::node_view(b); }

EditEntry read_entry(Reader& reader) {
  EditEntry entry;
  entry.channel = reader.id("channel", Need::optional);
  entry.driver = reader.id("driver", entry.channel.empty() ? Need::optional : Need::required);
  entry.key = reader.id("key", Need::required);
  entry.value = reader.value("value", Need::required);
  entry.over = reader.text("over", Need::optional, kMaxOver);
  entry.secret = reader.flag("secret", false);
  entry.by = read_editor(reader);
  return entry;
}

constexpr const char* kDriversAt = "drivers_at";

/// Files of earlier versions do not say it; there it is when the newest edit of that driver was made.
void read_drivers_at(Reader& reader, EditFile& file) {
  if (const toml::table* table = reader.table(kDriversAt)) {
    Reader times(*table, kDriversAt, reader.notes());
    for (const auto& [key, node] : *table) {
      const std::string channel(key.str());
      file.drivers_at[channel] = read_time(times, channel.c_str());
    }
  }
  for (const EditEntry& entry : file.entries) {
    if (entry.channel.empty()) continue;
    WallTime& at = file.drivers_at[entry.channel];
    if (at.utc_us < entry.by.at.utc_us) at = entry.by.at;
  }
}

/// These changes of drivers, now.
void put_drivers_at(toml::table& table, const std::vector<std::string>& channels, const WallTime& now) {
  if (channels.empty()) return;
  toml::table times;
  if (const toml::table* before = table.get_as<toml::table>(kDriversAt)) times = *before;
  for (const std::string& channel : channels) times.insert_or_assign(channel, toml_time(now));
  table.insert_or_assign(kDriversAt, std::move(times));
}

}  // namespace

std::string where_of(const std::string& channel, const std::string& key) {
  return channel.empty() ? "params." + key : fmt::format("bind[{}].params.{}", channel, key);
}

bool same_place(const EditEntry& a, const EditEntry& b) {
  return a.channel == b.channel && a.driver == b.driver && a.key == b.key;
}

std::shared_ptr<EditFile> read_edit_file(toml::table table, const std::string& station, Diagnostics& notes) {
  const int errors = notes.errors();
  auto file = std::make_shared<EditFile>();
  file->table = std::move(table);
  file->name = notes.file();
  Reader reader(file->table, "", notes);
  check_id(reader.id("station", Need::required), station, reader.line("station"), notes);
  file->revision = reader.whole("revision", Need::required, 0, 1, kMaxRevision);
  file->undo_of = reader.whole("undo_of", Need::optional, -1, 0, kMaxRevision);
  file->by = read_editor(reader);
  reader.tables("edit", Need::optional, kMaxEntries, [&](Reader& one) {
    EditEntry entry = read_entry(one);
    if (entry.channel.empty() && !entry.driver.empty())
      notes.error(one.line("driver"), one.full_key("channel"), "is missing", "Add the channel that the driver is bound to");
    const auto again = [&](const EditEntry& other) { return same_place(entry, other); };
    if (std::any_of(file->entries.begin(), file->entries.end(), again))
      notes.error(one.line(), one.full_key("key"), where_of(entry) + " is given twice", "Keep one of the two");
    file->entries.push_back(std::move(entry));
  });
  read_drivers_at(reader, *file);
  reader.finish();
  if (notes.errors() != errors) return nullptr;
  std::size_t number = 0;
  for (EditEntry& entry : file->entries) entry.table = file->table.get_as<toml::array>("edit")->get_as<toml::table>(number++);
  return file;
}

toml::table entry_table(const std::string& channel, const std::string& driver, const params::Spec& spec,
                        const params::Values& values, const std::string& over, const Editor& by) {
  toml::table entry;
  if (!channel.empty()) {
    entry.insert_or_assign("channel", channel);
    entry.insert_or_assign("driver", driver);
  }
  entry.insert_or_assign("key", spec.key);
  put_value(entry, spec, values);
  if (!over.empty()) entry.insert_or_assign("over", over);
  if (is_hidden(spec)) entry.insert_or_assign("secret", true);
  put_editor(entry, by);
  return entry;
}

std::optional<toml::table> next_revision(const EditFile* before, const std::string& station, int revision, int undo_of,
                                         const std::vector<EntryChange>& changes, const Editor& by, bool anyway) {
  std::vector<toml::table> entries;
  bool changed = anyway;
  const auto change_of = [&](const EditEntry& entry) {
    return std::find_if(changes.begin(), changes.end(), [&](const EntryChange& change) {
      return change.channel == entry.channel && change.driver == entry.driver && change.key == entry.key;
    });
  };
  std::vector<bool> there(changes.size(), false);
  std::vector<std::string> channels;  // whose drivers are set otherwise
  if (before)
    for (const EditEntry& entry : before->entries) {
      const auto change = change_of(entry);
      if (change == changes.end()) {
        entries.push_back(*entry.table);
        continue;
      }
      there[static_cast<std::size_t>(change - changes.begin())] = true;
      const bool same = change->entry && equal(*change->entry->get("value"), *entry.value);
      if (same)
        entries.push_back(*entry.table);  // whoever set it first has set it
      else if (change->entry)
        entries.push_back(*change->entry);
      if (same) continue;
      changed = true;
      if (!change->channel.empty()) channels.push_back(change->channel);
    }
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (!there[i] && changes[i].entry) {
      entries.push_back(*changes[i].entry);
      changed = true;
      if (!changes[i].channel.empty()) channels.push_back(changes[i].channel);
    }
  if (!changed) return std::nullopt;

  toml::table next = before ? before->table : toml::table();
  next.insert_or_assign("station", station);
  next.insert_or_assign("revision", revision);
  put_editor(next, by);
  put_drivers_at(next, channels, by.at);
  next.erase("undo_of");
  if (undo_of >= 0) next.insert_or_assign("undo_of", undo_of);
  toml::array list;
  for (toml::table& entry : entries) list.push_back(std::move(entry));
  if (list.empty())
    next.erase("edit");
  else
    next.insert_or_assign("edit", std::move(list));
  return next;
}

std::vector<EntryChange> changes_between(const EditFile* from, const EditFile* to, const Editor& by) {
  static const std::vector<EditEntry> kNone;
  const std::vector<EditEntry>&old_ones = from ? from->entries : kNone, &new_ones = to ? to->entries : kNone;
  const auto find = [](const std::vector<EditEntry>& entries, const EditEntry& place) {
    return std::find_if(entries.begin(), entries.end(), [&](const EditEntry& one) { return same_place(one, place); });
  };
  std::vector<EntryChange> changes;
  for (const EditEntry& entry : new_ones) {
    const auto old = find(old_ones, entry);
    if (old != old_ones.end() && equal(*old->value, *entry.value)) continue;
    EntryChange change{entry.channel, entry.driver, entry.key, *entry.table};
    put_editor(*change.entry, by);
    changes.push_back(std::move(change));
  }
  for (const EditEntry& entry : old_ones)
    if (find(new_ones, entry) == new_ones.end()) changes.push_back({entry.channel, entry.driver, entry.key, std::nullopt});
  return changes;
}

std::string edit_file_text(const toml::table& table, const std::string& station) {
  std::ostringstream text;
  text << "# Written by Patella: what was changed at the kiosk over the administrator's stations/" << station
       << ".toml. It is written\n"
       << "# whole each time. `patella edits " << station
       << "` lists the revisions, with --undo-to N one of them is in force again.\n"
       << toml::toml_formatter(table) << '\n'
       << kEnd << '\n';
  return text.str();
}

bool is_whole(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last != std::string_view::npos && text.substr(0, last + 1).ends_with(kEnd);
}

bool is_hidden(const params::Spec& spec) {
  return spec.type == PATELLA_PARAM_TEXT && params::to_named_json({spec}, {{spec.key, -1, 0, "x"}})[spec.key] != "x";
}

std::string value_text(const EditEntry& entry) { return entry.secret ? "\"(set)\"" : dumped(json_of(*entry.value)); }

std::string value_text(const params::Spec& spec, const params::Values& values) {
  return dumped(params::to_named_json({spec}, values)[spec.key]);
}

}  // namespace patella::config
