#include "export/event_columns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "session/logged.hpp"

namespace patella::exporting {

namespace {
// As the modules call them, and as the column is called: units in headers are written as they are spoken.
constexpr std::pair<const char*, const char*> kColumns[] = {{"pedalling_s", "pedalling_s"},
                                                            {"time_in_zone_s", "time_in_zone_s"},
                                                            {"revolutions", "revolutions"},
                                                            {"mean_cadence_rpm", "mean_cadence_rpm"},
                                                            {"best_cadence_rpm", "best_cadence_rpm"},
                                                            {"work_kj", "work_kJ"},
                                                            {"mean_power_w", "mean_power_W"},
                                                            {"mean_heart_rate_bpm", "mean_heart_rate_bpm"},
                                                            {"distance_m", "distance_m"},
                                                            {"held_s", "held_s"},
                                                            {"best_peak_n", "best_peak_N"},
                                                            {"mean_peak_n", "mean_peak_N"},
                                                            {"impulse_ns", "impulse_Ns"}};

}  // namespace

std::vector<Metric> metrics_of(const store::StoredSession& session) {
  std::vector<Metric> metrics;
  for (const session::LogEvent& event : session.events) {
    const auto told = session::logged::as<session::logged::Metric>(event);
    if (!told) continue;
    Metric metric{told->key, told->unit, told->value};
    const auto known = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& other) { return other.key == metric.key; });
    if (known == metrics.end())
      metrics.push_back(std::move(metric));
    else
      *known = std::move(metric);
  }
  return metrics;
}

std::string metric_columns() {
  std::string names;
  for (const auto& [key, column] : kColumns) names += std::string(",") + column;
  return names;
}

void put_metric_columns(CsvLine& line, const std::vector<Metric>& metrics) {
  for (const auto& [key, column] : kColumns) {
    const auto found =
        std::find_if(metrics.begin(), metrics.end(), [key = key](const Metric& metric) { return metric.key == key; });
    found == metrics.end() ? line.empty() : line.number(found->value);
  }
}

void put_hold(CsvLine& line, const std::string& session, const session::logged::Hold& hold, int64_t t_us) {
  line.text(session);
  hold.set > 0 ? line.number(int64_t{hold.set}) : line.empty();
  line.text(hold.side).text(hold.counted ? "yes" : "no").text(hold.reason);
  line.number(static_cast<double>(t_us) / 1e6);
  for (const char* key : {"hold_s", "mean_n", "min_n", "peak_n"})
    line.number(hold.figure(key, std::nan("")));  // missing: an empty cell
}

}  // namespace patella::exporting
