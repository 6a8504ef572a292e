#include "config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/words.hpp"

namespace patella::config {

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

std::string kind_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return "the text " + in_quotes(text->get());
  if (const auto* number = node.as_integer()) return fmt::format("the number {}", number->get());
  if (const auto* number = node.as_floating_point()) return "the number " + number_text(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_array()) return "a list";
  if (node.is_table()) return "a table";
  return "a date or time";
}

namespace {

std::string range_text(double min, double max) { return fmt::format("from {} to {}", number_text(min), number_text(max)); }

/// "10" was probably meant as 10.
std::string number_remedy(const toml::node& node, double min, double max, bool whole) {
  const auto* text = node.as_string();
  const bool digits = text && !text->get().empty() && text->get().size() < 20 &&
                      text->get().find_first_not_of("0123456789.-") == std::string::npos;
  if (digits) return fmt::format("Write {} without quotes", text->get());
  return fmt::format("Write a {} {}", whole ? "whole number" : "number", range_text(min, max));
}

}  // namespace

std::optional<double> read_number(const toml::node& node, const std::string& key, double min, double max, bool whole,
                                  Diagnostics& notes) {
  const int line = line_of(node);
  double value = 0;
  if (const auto* integer = node.as_integer()) {
    value = static_cast<double>(integer->get());
  } else if (const auto* real = node.as_floating_point(); real && !whole) {
    value = real->get();
  } else {
    notes.error(line, key, fmt::format("is {}, not a {}", kind_of(node), whole ? "whole number" : "number"),
                number_remedy(node, min, max, whole));
    return std::nullopt;
  }
  const std::string remedy = fmt::format("Use a number {}", range_text(min, max));
  if (!std::isfinite(value)) {
    notes.error(line, key, "is not a finite number", remedy);
  } else if (value < min) {
    notes.error(line, key, fmt::format("{} is below the smallest value {}", number_text(value), number_text(min)), remedy);
  } else if (value > max) {
    notes.error(line, key, fmt::format("{} is above the largest value {}", number_text(value), number_text(max)), remedy);
  } else {
    return value;
  }
  return std::nullopt;
}

std::optional<std::string> read_text(const toml::node& node, const std::string& key, std::size_t longest, Diagnostics& notes) {
  const auto* text = node.as_string();
  if (!text) {
    notes.error(line_of(node), key, fmt::format("is {}, not a text", kind_of(node)), "Write the text in double quotes");
    return std::nullopt;
  }
  if (has_control_character(text->get())) {
    notes.error(line_of(node), key, "has a control character", "Write one line of plain text");
    return std::nullopt;
  }
  if (const std::size_t count = character_count(text->get()); count > longest) {
    notes.error(line_of(node), key, fmt::format("has {} characters, more than {}", count, longest),
                fmt::format("Shorten it to at most {} characters", longest));
    return std::nullopt;
  }
  return text->get();
}

const toml::node* Reader::find(const char* key, Need need) {
  asked_.emplace_back(key);
  const toml::node* node = table_.get(key);
  if (!node && need == Need::required)
    notes_.error(std::max(1, line()), full_key(key), "is missing", fmt::format("Add {} = …", key));
  return node;
}

int Reader::line(const char* key) const {
  const toml::node* node = table_.get(key);
  return std::max(1, node ? config::line_of(*node) : line());
}

std::string Reader::text(const char* key, Need need, std::size_t longest) {
  const toml::node* node = find(key, need);
  if (!node) return "";
  const auto text = read_text(*node, full_key(key), longest, notes_);
  if (text && text->empty() && need == Need::required)
    notes_.error(config::line_of(*node), full_key(key), "is empty", "Write the text");
  return text.value_or("");
}

std::string Reader::id(const char* key, Need need) {
  std::string name = text(key, need, 1000);
  if (name.empty() || is_id(name)) return name;
  notes_.error(line(key), full_key(key), in_quotes(name) + " is not a name that can be used",
               "Use up to 48 of a-z, 0-9 and _, a letter first");
  return "";
}

double Reader::number(const char* key, Need need, double preset, double min, double max) {
  const toml::node* node = find(key, need);
  return node ? read_number(*node, full_key(key), min, max, false, notes_).value_or(preset) : preset;
}

int Reader::whole(const char* key, Need need, int preset, int min, int max) {
  const toml::node* node = find(key, need);
  return node ? static_cast<int>(read_number(*node, full_key(key), min, max, true, notes_).value_or(preset)) : preset;
}

bool Reader::flag(const char* key, bool preset) {
  const toml::node* node = find(key, Need::optional);
  if (!node) return preset;
  if (const auto* flag = node->as_boolean()) return flag->get();
  notes_.error(config::line_of(*node), full_key(key), fmt::format("is {}, not true or false", kind_of(*node)),
               "Write true or false, without quotes");
  return preset;
}

std::string Reader::choice(const char* key, const std::string& preset, const std::vector<std::string>& choices) {
  const std::string word = text(key, Need::optional, 1000);
  if (!table_.contains(key)) return preset;
  if (std::find(choices.begin(), choices.end(), word) != choices.end()) return word;
  // A value that is no text at all has been told already.
  if (table_.get(key)->is_string())
    notes_.error(line(key), full_key(key), in_quotes(word) + " is not one of the choices", did_you_mean(word, choices));
  return preset;
}

std::vector<std::string> Reader::texts(const char* key, Need need, std::size_t most, std::size_t longest) {
  std::vector<std::string> list;
  const toml::array* items = array(key, need);
  if (!items) return list;
  if (items->size() > most)
    notes_.error(line(key), full_key(key), fmt::format("has {} entries, more than {}", items->size(), most),
                 fmt::format("Keep at most {}", most));
  for (const toml::node& item : *items) {
    if (list.size() == most) break;
    auto text = read_text(item, full_key(key), longest, notes_);
    if (text && text->empty()) notes_.error(config::line_of(item), full_key(key), "has an empty entry", "Remove it");
    if (text && !text->empty()) list.push_back(std::move(*text));
  }
  return list;
}

const toml::table* Reader::table(const char* key) {
  const toml::node* node = find(key, Need::optional);
  if (!node) return nullptr;
  if (const toml::table* table = node->as_table()) return table;
  notes_.error(config::line_of(*node), full_key(key), fmt::format("is {}, not a table", kind_of(*node)),
               fmt::format("Write [{}] with single brackets and the keys below it", full_key(key)));
  return nullptr;
}

const toml::array* Reader::array(const char* key, Need need) {
  const toml::node* node = find(key, need);
  if (!node) return nullptr;
  if (const toml::array* list = node->as_array()) return list;
  notes_.error(
      config::line_of(*node), full_key(key), fmt::format("is {}, not a list", kind_of(*node)),
      node->is_table() ? fmt::format("Write [[{}]] with double brackets", full_key(key)) : fmt::format("Write {} = [ … ]", key));
  return nullptr;
}

void Reader::tables(const char* key, Need need, std::size_t most, const std::function<void(Reader&)>& each) {
  const toml::array* items = array(key, need);
  if (!items) return;
  std::size_t number = 0;
  for (const toml::node& item : *items) {
    const std::string path = fmt::format("{}[{}]", full_key(key), ++number);
    if (number > most) {
      notes_.error(config::line_of(item), path, fmt::format("is one more than the {} that are possible", most),
                   "Remove what is too much");
      return;
    }
    const toml::table* table = item.as_table();
    if (!table) {
      notes_.error(config::line_of(item), path, fmt::format("is {}, not a table", kind_of(item)),
                   fmt::format("Write it as [[{}]] with keys below it", full_key(key)));
      continue;
    }
    Reader entry(*table, path, notes_);
    each(entry);
    entry.finish();
  }
}

void Reader::finish() {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    notes_.warning(static_cast<int>(key.source().begin.line), full_key(name),
                   "is not a key that is known here; it is kept and not used", did_you_mean(name, asked_));
  }
}

}  // namespace patella::config
