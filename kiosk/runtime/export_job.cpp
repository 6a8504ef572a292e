#include "runtime/export_job.hpp"

#include <fmt/format.h>

#include <langinfo.h>
#include <locale.h>

#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "export/csv.hpp"

namespace patella::runtime {

ExportJob ExportJob::from_json(const std::string& json) {
  const nlohmann::json read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object()) return {};
  const auto text = [&](const char* key) {
    const auto found = read.find(key);
    return found != read.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return {text("out"), text("session"), text("from"), text("to"), text("profile"), text("decimal")};
}

std::string ExportJob::to_json() const {
  return json_text({{"ask", "export"},
                    {"out", out},
                    {"session", session},
                    {"from", from},
                    {"to", to},
                    {"profile", profile},
                    {"decimal", decimal}});
}

bool locale_has_decimal_comma() {
  const locale_t locale = ::newlocale(LC_NUMERIC_MASK, "", nullptr);
  if (!locale) return false;
  const std::string sign = ::nl_langinfo_l(RADIXCHAR, locale);
  ::freelocale(locale);
  return sign == ",";
}

Result<int64_t> parse_utc(const std::string& text) {
  std::tm parts{};
  int used = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &used);
  const std::size_t date = static_cast<std::size_t>(used);
  const int clock = fields == 3 && date < text.size()
                        ? std::sscanf(text.c_str() + date, "T%2d:%2d:%2dZ%n", &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used)
                        : 0;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  std::tm normal = parts;
  const time_t seconds = timegm(&normal);
  const int64_t utc_us = static_cast<int64_t>(seconds) * 1'000'000;
  // Printed again it must be the same text: so "2026-02-30" and a tail after the Z are refused.
  const std::string again = utc_text(utc_us);
  if (fields == 3 && (date == text.size() ? again.substr(0, 10) == text : clock == 3 && again == text)) return utc_us;
  return Error{fmt::format("\"{}\" is no time", text), "", "Write 2026-11-20 or 2026-11-20T10:00:00Z (UTC)"};
}

namespace {
Result<store::SessionFilter> filter_of(const ExportJob& job) {
  store::SessionFilter filter;
  if (!job.session.empty()) filter.id = job.session;
  for (const auto& [text, bound] : {std::pair{&job.from, &filter.from_utc_us}, {&job.to, &filter.to_utc_us}}) {
    if (text->empty()) continue;
    const Result<int64_t> time = parse_utc(*text);
    if (!time) return time.error();
    *bound = *time;
  }
  if (filter.from_utc_us && filter.to_utc_us && *filter.from_utc_us >= *filter.to_utc_us)
    return Error{fmt::format("--from {} is not before --to {}", job.from, job.to), "",
                 "Give the earlier one as --from; --to is not part of it"};
  return filter;
}
}  // namespace

Status check_times(const ExportJob& job) {
  const Result<store::SessionFilter> filter = filter_of(job);
  return filter ? Status() : Status(filter.error());
}

Result<std::string> run_export(store::Store& store, const ExportJob& job) {
  exporting::CsvRequest request;
  request.folder = job.out;
  request.profile = job.profile == "excel" ? exporting::CsvProfile::excel : exporting::CsvProfile::programs;
  request.decimal_comma = job.decimal == "comma";
  request.made_utc_us = SystemClock().wall().utc_us;
  Result<store::SessionFilter> filter = filter_of(job);
  if (!filter) return filter.error();
  request.filter = *filter;
  const Result<exporting::CsvReport> report = exporting::write_csv(store, request);
  if (!report) return report.error();
  std::string text = fmt::format("{}: {} sessions\n", job.out, report->sessions);
  for (const exporting::CsvFile& file : report->tables) text += fmt::format("  {} ({} rows)\n", file.name, file.rows);
  if (report->samples.files > 0)
    text += fmt::format("  samples_<session>.csv: {} files ({} rows)\n", report->samples.files, report->samples.rows);
  for (const std::string& notice : report->notices) text += notice + "\n";
  text += "  export.json";
  return text;
}

}  // namespace patella::runtime
