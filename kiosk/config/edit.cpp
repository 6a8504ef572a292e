#include "config/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/files.hpp"
#include "base/toml_depth.hpp"
#include "config/toml_file.hpp"
#include "config/words.hpp"

namespace patella::config {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF", kBlank = " \t\r\n";

/// `length` bytes at `at` become `words`.
struct Change {
  std::size_t at = 0, length = 0;
  std::string words;
};

std::string key_of(const ParamEdit& edit) { return fmt::format("key bind[{}].params.{}", edit.bind + 1, edit.param); }

// ---- Where something stands -----------------------------------------------------------------------------

/// Byte of a place that the parser names: its lines and columns count from 1, the columns code points, and a byte
/// order mark is none.
std::optional<std::size_t> offset_of(std::string_view text, const toml::source_position& place) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (auto line = place.line; line > 1; --line) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return std::nullopt;
    ++at;
  }
  const auto continues = [&] { return at < text.size() && continues_character(text[at]); };
  for (auto column = place.column; column > 1 && at < text.size(); --column) {
    ++at;
    while (continues()) ++at;
  }
  return at < text.size() ? std::optional(at) : std::nullopt;
}

std::optional<std::size_t> offset_of(std::string_view text, const toml::node& node) {
  return offset_of(text, node.source().begin);
}

/// Behind the string that begins at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool long_one = text.substr(at, 3) == three;
  for (std::size_t i = at + (long_one ? 3 : 1); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote && !long_one) {
      return i + 1;
    } else if (long_one && text.substr(i, 3) == three) {
      for (i += 3; i < text.size() && text[i] == quote;) ++i;  // two quotes may stand before the three
      return i;
    }
  }
  return text.size();
}

/// Behind the character, string or comment at `at`; counts open brackets.
std::size_t step(std::string_view text, std::size_t at, int& depth) {
  const char c = text[at];
  if (c == '"' || c == '\'') return behind_string(text, at);
  if (c == '#') return std::min(text.find('\n', at), text.size());
  if (c == '[' || c == '{') ++depth;
  if (c == ']' || c == '}') --depth;
  return at + 1;
}

/// The line's end of what begins at `at`, a key or a header; the text's size when no line follows.
std::size_t line_end(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size() && (text[at] != '\n' || depth > 0)) at = step(text, at, depth);
  return at;
}

/// The bracket that closes the one at `at`.
std::optional<std::size_t> closing(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const std::size_t next = step(text, at, depth);
    if (depth == 0) return at;
    at = next;
  }
  return std::nullopt;
}

/// The last key below the header at `header`; the header itself when there is none.
std::size_t last_key(std::string_view text, std::size_t header) {
  std::size_t last = header, at = header;
  for (;;) {
    at = text.find_first_not_of(kBlank, line_end(text, at));
    if (at == std::string_view::npos || text[at] == '[') return last;
    if (text[at] != '#') last = at;
  }
}

// ---- What is written there ------------------------------------------------------------------------------

Change number_at(std::string_view text, std::size_t at, int64_t value) {
  const std::size_t end = text.find_first_not_of("+-_0123456789abcdefABCDEFxo", at);
  return {at, std::min(end, text.size()) - at, std::to_string(value)};
}

/// As the last entry of the inline table at `open`.
std::optional<Change> entry_in(std::string_view text, std::size_t open, const std::string& words) {
  const auto close = closing(text, open);
  if (!close) return std::nullopt;
  const std::size_t last = text.find_last_not_of(kBlank, *close - 1);
  if (last != open) return Change{last + 1, 0, ", " + words};
  return Change{open + 1, 0, ' ' + words + (*close == open + 1 ? " " : "")};
}

/// As a line of its own below the last key of the header at `header`, indented and ended as that one.
Change line_below(std::string_view text, std::size_t header, const std::string& words) {
  const std::size_t key = last_key(text, header), end = line_end(text, key);
  std::size_t begin = key;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  const std::string line = std::string(text.substr(begin, key - begin)) + words;
  const bool last = end == text.size();
  const bool with_return = last ? text.find("\r\n") != std::string_view::npos : end > 0 && text[end - 1] == '\r';
  const std::string ending = with_return ? "\r\n" : "\n";
  return last ? Change{end, 0, ending + line} : Change{end + 1, 0, line + ending};
}

/// Below the header or inside the braces of the table at `at`.
std::optional<Change> added_to(std::string_view text, std::optional<std::size_t> at, const std::string& words) {
  if (!at) return std::nullopt;
  return text[*at] == '{' ? entry_in(text, *at, words) : line_below(text, *at, words);
}

std::optional<Change> change_of(std::string_view text, const toml::table& bind, const ParamEdit& edit) {
  const toml::table* params = bind.get_as<toml::table>("params");
  const std::string entry = fmt::format("{} = {}", edit.param, edit.value);
  if (!params) return added_to(text, offset_of(text, bind), fmt::format("params = {{ {} }}", entry));
  if (const toml::node* old = params->get(edit.param)) {
    const auto at = offset_of(text, *old);
    return at ? std::optional(number_at(text, *at, edit.value)) : std::nullopt;
  }
  const auto at = offset_of(text, *params);
  const bool dotted = at && text[*at] != '{' && text[*at] != '[';  // params.a = 1: no table of its own in the text
  return dotted ? added_to(text, offset_of(text, bind), "params." + entry) : added_to(text, at, entry);
}

// ---- Whether it may be, and was -------------------------------------------------------------------------

Result<toml::table> parsed(std::string_view text) {
  if (const auto deep = toml_too_deep(text)) return Error{deep->what, fmt::format("line {}", deep->line), deep->remedy};
  try {
    return toml::table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    return Error{fmt::format("is not valid TOML: {}", error.description()),
                 fmt::format("line {}", error.source().begin.line), "Correct the line first"};
  } catch (const std::exception& error) {
    return Error{std::string("cannot be read: ") + error.what(), "", "Check that it is the right file"};
  }
}

BindMark mark_of(const toml::table& bind) {
  const auto text = [&](const char* key) { return bind[key].value_or(std::string()); };
  return {text("driver"), text("serial"), text("port")};
}

/// `driver "ant_plus", serial "117"`
std::string words_of(const BindMark& mark) {
  std::string words = "driver " + in_quotes(mark.driver);
  if (!mark.serial.empty()) words += ", serial " + in_quotes(mark.serial);
  if (!mark.port.empty()) words += ", port " + in_quotes(mark.port);
  return words;
}

/// The bind that is meant, if it can take the number.
Result<toml::table*> bind_of(toml::table& root, const ParamEdit& edit) {
  constexpr const char* kOldKnowledge = "Start the kiosk again, so that it knows the file as it is now";
  const toml::array* list = root.get_as<toml::array>("bind");
  const std::size_t count = list ? list->size() : 0;
  if (edit.bind >= count)
    return Error{fmt::format("there is no bind number {}; the file has {}", edit.bind + 1, count), key_of(edit),
                 kOldKnowledge};
  toml::table* bind = root.get_as<toml::array>("bind")->get_as<toml::table>(edit.bind);
  if (!bind) return Error{"this bind is no table", key_of(edit), "Write it as [[bind]]"};
  if (const BindMark mark = mark_of(*bind); edit.of && mark != *edit.of)
    return Error{fmt::format("this bind has {}, not {}", words_of(mark), words_of(*edit.of)), key_of(edit),
                 kOldKnowledge};
  if (!is_id(edit.param))
    return Error{fmt::format("{} is no name of a parameter", in_quotes(edit.param)), key_of(edit),
                 "Use a–z, 0–9 and _"};
  const toml::node* params = bind->get("params");
  if (params && !params->is_table()) return Error{"params is no table", key_of(edit), "Write params = { … }"};
  const toml::node* old = params ? params->as_table()->get(edit.param) : nullptr;
  if (old && !old->is_integer())
    return Error{"has no whole number in the file", key_of(edit), "Correct it by hand"};
  return bind;
}

void put(toml::table& bind, const ParamEdit& edit) {
  if (!bind.contains("params")) bind.insert("params", toml::table());
  bind.get_as<toml::table>("params")->insert_or_assign(edit.param, edit.value);
}

Result<std::string> with_param(const std::string& text, const ParamEdit& edit) {
  Result<toml::table> table = parsed(text);
  if (!table) return table.error();
  const Result<toml::table*> bind = bind_of(*table, edit);
  if (!bind) return bind.error();
  if ((**bind)["params"][edit.param].value<int64_t>() == edit.value) return text;
  const Error by_hand{"could not be changed safely", key_of(edit), "Edit it by hand"};
  const std::optional<Change> change = change_of(text, **bind, edit);
  if (!change) return by_hand;
  std::string changed = text;
  changed.replace(change->at, change->length, change->words);
  put(**bind, edit);
  const Result<toml::table> again = parsed(changed);
  if (!again || *again != *table) return by_hand;
  return changed;
}

// ---- Several files, all or none ---------------------------------------------------------------------------

/// A station's file with what it is to become.
struct Draft {
  std::string name;  ///< as it is told
  fs::path file;
  std::string before, after;
};

Result<Draft> read_draft(const fs::path& config_folder, const std::string& station_id) {
  Draft draft{"stations/" + station_id + ".toml", {}, {}, {}};
  if (!is_id(station_id))
    return Error{fmt::format("{} is no id of a station", in_quotes(station_id)), "", "Use a–z, 0–9 and _"};
  std::error_code failure;
  // Of a link the file itself is replaced, and the link stays.
  draft.file = fs::canonical(config_folder / draft.name, failure);
  if (failure || !fs::is_regular_file(draft.file, failure))
    return Error{"is missing or no plain file", draft.name, "Put the station's file there"};
  Result<std::string> text = read_file(draft.file, kLargestFile);
  if (!text) return text.error();
  draft.before = draft.after = std::move(*text);
  return draft;
}

/// Two stations may be links to one file: it has one draft.
Status add_draft(const fs::path& config_folder, const StationEdit& edit, std::vector<Draft>& drafts) {
  Result<Draft> read = read_draft(config_folder, edit.station);
  if (!read) return read.error();
  auto draft = std::find_if(drafts.begin(), drafts.end(), [&](const Draft& other) { return other.file == read->file; });
  if (draft == drafts.end()) draft = drafts.insert(draft, *read);
  Result<std::string> changed = with_bind_params(draft->after, edit.edits);
  if (!changed) {
    Error error = changed.error();
    error.where = error.where.empty() ? read->name : read->name + ", " + error.where;
    return error;
  }
  draft->after = std::move(*changed);
  return {};
}

bool has_text(const fs::path& file, const std::string& text) {
  const Result<std::string> found = read_file(file, kLargestFile);
  return found && *found == text;
}

/// The version kept is the old text as a rule, and taking it back needs no room on a disk that may just be full.
Status put_back(const Draft& draft) {
  if (has_text(previous_of(draft.file), draft.before) && restore_previous(draft.file)) return {};
  return save_file(draft.file, draft.before);
}

/// `error` with what became of these files.
Error put_back(Error error, std::span<const Draft> drafts) {
  for (const Draft& draft : drafts) {
    if (has_text(draft.file, draft.before)) continue;
    if (const Status done = put_back(draft)) {
      error.what += fmt::format("; {} has its old text again", draft.name);
    } else {
      error.what += fmt::format("; {} has the new number and could not be put back ({})", draft.name, done.error().what);
      error.remedy = "Check the disk, then give all these stations the same number by hand";
    }
  }
  return error;
}

}  // namespace

Result<std::string> with_bind_params(std::string_view text, std::span<const ParamEdit> edits) {
  // One after the other, each on the text of the one before: no place that was found is ever out of date.
  Result<std::string> changed = std::string(text);
  for (const ParamEdit& edit : edits)
    if (changed = with_param(*changed, edit); !changed) break;
  return changed;
}

Status edit_stations(const fs::path& config_folder, std::span<const StationEdit> edits) {
  std::vector<Draft> drafts;
  for (const StationEdit& edit : edits)
    if (Status done = add_draft(config_folder, edit, drafts); !done) return done;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].after == drafts[i].before) continue;
    // Also the one that failed: its new text can be in place, and the folder not synced.
    if (const Status saved = save_file(drafts[i].file, drafts[i].after); !saved)
      return put_back(saved.error(), std::span(drafts).first(i + 1));
  }
  return {};
}

}  // namespace patella::config
