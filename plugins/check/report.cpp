#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace patella::check {
namespace {

const char* word(Verdict verdict) { return verdict == Verdict::ok ? "ok" : verdict == Verdict::warn ? "warn" : "FAIL"; }

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

}  // namespace

void Report::add(const char* name, const Outcome& outcome) {
  lines_.push_back({name, outcome});
  if (json_) return;
  fmt::print("{:<4} {}{}{}\n", word(outcome.verdict), name, outcome.detail.empty() ? "" : " – ", outcome.detail);
  std::fflush(stdout);
}

int Report::finish() {
  const auto count = [&](Verdict v) {
    return std::count_if(lines_.begin(), lines_.end(), [v](const Line& line) { return line.outcome.verdict == v; });
  };
  const auto failed = count(Verdict::fail), warned = count(Verdict::warn), passed = count(Verdict::ok) + warned;
  if (json_) {
    fmt::print("{{\"file\":{},\"checks\":[", quoted(file_));
    for (std::size_t i = 0; i < lines_.size(); ++i)
      fmt::print("{}\n{{\"name\":{},\"result\":\"{}\",\"detail\":{}}}", i ? "," : "", quoted(lines_[i].name),
                 word(lines_[i].outcome.verdict), quoted(lines_[i].outcome.detail));
    fmt::print("\n],\"passed\":{},\"failed\":{},\"warned\":{}}}\n", passed, failed, warned);
  } else {
    fmt::print("{} passed, {} failed\n", passed, failed);
  }
  std::fflush(stdout);
  return failed == 0 && !lines_.empty() ? 0 : 1;
}

}  // namespace patella::check
