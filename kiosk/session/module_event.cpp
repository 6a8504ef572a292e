#include "session/module_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "session/logged.hpp"

namespace patella::session {

namespace {
template <std::size_t N>
std::string field_text(const char (&field)[N]) {
  return {field, strnlen(field, N)};
}

const char* kind_text(uint32_t kind) {
  switch (kind) {
    case PATELLA_EVENT_SET_START:
      return "set_start";
    case PATELLA_EVENT_SET_END:
      return "set_end";
    case PATELLA_EVENT_REP:
      return "rep";
    case PATELLA_EVENT_HOLD:
      return "hold";
    case PATELLA_EVENT_PHASE:
      return "phase";
    case PATELLA_EVENT_PAUSED:
      return "paused";
    case PATELLA_EVENT_RESUMED:
      return "resumed";
    case PATELLA_EVENT_DONE:
      return "done";
    default:
      return "note";
  }
}

std::string value_text(const LogEvent::Value& value) {
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{:.6g}", *number);
  const std::string& text = std::get<std::string>(value);
  if (text.find_first_of(" \"=\n") == std::string::npos && !text.empty()) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? ' ' : c;
  }
  return quoted + '"';
}
}  // namespace

std::string side_text(uint32_t side) { return side == PATELLA_SIDE_LEFT ? "left" : side == PATELLA_SIDE_RIGHT ? "right" : ""; }

uint32_t side_from_text(const std::string& text) {
  return text == "left" ? PATELLA_SIDE_LEFT : text == "right" ? PATELLA_SIDE_RIGHT : PATELLA_SIDE_NONE;
}

LogEvent to_log(const patella_event& event, uint32_t ordinal, uint64_t after_seq) {
  LogEvent out;
  out.after_seq = after_seq;
  out.ordinal = ordinal;
  out.t_us = event.t_us;
  out.origin = Origin::module;
  out.kind = kind_text(event.kind);
  const bool judged = event.kind == PATELLA_EVENT_REP || event.kind == PATELLA_EVENT_HOLD;
  if (event.set > 0) out.fields.emplace_back("set", static_cast<double>(event.set));
  if (event.kind == PATELLA_EVENT_REP || event.kind == PATELLA_EVENT_SET_END)
    out.fields.emplace_back("n", static_cast<double>(event.n));
  if (judged) out.fields.emplace_back("counted", std::string(event.counted ? "yes" : "no"));
  if (const std::string side = side_text(event.side); !side.empty()) out.fields.emplace_back("side", side);
  if (const std::string reason = field_text(event.reason); !reason.empty()) out.fields.emplace_back("reason", reason);
  if (const std::string label = field_text(event.label); !label.empty()) out.fields.emplace_back("label", label);
  const uint32_t count = event.field_count < PATELLA_EVENT_FIELDS ? event.field_count : PATELLA_EVENT_FIELDS;
  for (uint32_t i = 0; i < count; ++i)
    if (std::isfinite(event.fields[i].value)) out.fields.emplace_back(field_text(event.fields[i].key), event.fields[i].value);
  return out;
}

std::string to_line(const LogEvent& event) {
  std::string line = event.kind;
  for (const auto& [name, value] : event.fields) line += " " + name + "=" + value_text(value);
  return line;
}

bool same_module_event(const LogEvent& a, const LogEvent& b) {
  const auto same_field = [](const auto& one, const auto& other) {
    if (one == other) return true;
    const auto *text = std::get_if<std::string>(&one.second), *other_text = std::get_if<std::string>(&other.second);
    return one.first == "reason" && other.first == "reason" && text && other_text &&
           logged::reason_id(*text) == logged::reason_id(*other_text);
  };
  return a.kind == b.kind && a.t_us == b.t_us && a.ordinal == b.ordinal && a.after_seq == b.after_seq &&
         std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(), same_field);
}

}  // namespace patella::session
