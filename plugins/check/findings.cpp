#include "findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace patella::check {
namespace {
constexpr std::size_t kKept = 4;  // enough to start repairing; the rest is only counted

std::string joined(const std::vector<std::string>& list, std::size_t count) {
  std::string line;
  for (const std::string& text : list) line += (line.empty() ? "" : "; ") + text;
  if (count > list.size()) line += fmt::format("; and {} more", count - list.size());
  return line;
}
}  // namespace

void Findings::add(std::vector<std::string>& list, std::size_t& count, std::string text) {
  if (std::find(list.begin(), list.end(), text) != list.end()) return;
  ++count;
  if (list.size() < kKept) list.push_back(std::move(text));
}

void Findings::note(std::string_view text) {
  if (!note_.empty()) note_ += ", ";
  note_ += text;
}

Verdict Findings::verdict() const {
  if (!faults_.empty()) return Verdict::fail;
  return hints_.empty() ? Verdict::ok : Verdict::warn;
}

std::string Findings::text() const {
  if (!faults_.empty()) return joined(faults_, fault_count_);
  if (hints_.empty()) return note_;
  const std::string hints = joined(hints_, hint_count_);
  return note_.empty() ? hints : hints + " (" + note_ + ")";
}

}  // namespace patella::check
